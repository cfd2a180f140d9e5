"""No page for a password alone: whoever has no second factor is sent to set one up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve

_ALLOWED = frozenset({"mfa_activate_totp", "account_logout", "account_reauthenticate", "set_language", "account_login"})


def second_factor_required(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and not is_mfa_enabled(request.user) and not _allowed(request):
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware


def _allowed(request: HttpRequest) -> bool:
    return request.path.startswith("/static/") or resolve(request.path_info).url_name in _ALLOWED
