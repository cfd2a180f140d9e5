"""No page for a password alone: whoever has no second factor is sent to set one up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve

from sceau.core.keyholder.errors import KeyholderError

_ALLOWED = frozenset({"mfa_activate_totp", "account_logout", "account_reauthenticate", "set_language", "account_login"})


def second_factor_required(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and not _has_factor(request.user) and not _allowed(request):
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware


def _has_factor(user: AbstractBaseUser) -> bool:
    """As the question for the user told; whoever came otherwise is asked about."""
    told: bool | None = getattr(user, "second_factor", None)
    return bool(is_mfa_enabled(user)) if told is None else told


def _allowed(request: HttpRequest) -> bool:
    return request.path.startswith("/static/") or resolve(request.path_info).url_name in _ALLOWED


class KeyholderAway:
    """Pages say what to do when the keyholder does not answer; nothing was done by halves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, KeyholderError):
            return None
        return render(request, "sceau/keyholder_away.html", status=503)
