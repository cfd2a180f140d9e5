"""Signing in and unlocking at once: there is no session without its keys."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from sceau.core.accounts import unlocking
from sceau.core.accounts.models import User
from sceau.core.accounts.slots import Opened

_BACKEND = "sceau.core.accounts.backends.SlotBackend"


def with_passkey(request: HttpRequest, user: User, opened: Opened) -> None:
    _enter(request, user, opened)
    record_authentication(request, user, "mfa", type="webauthn", reauthenticated=True)


def with_password(request: HttpRequest, user: User, opened: Opened) -> None:
    """The second factor is the caller's to have checked, and to record."""
    _enter(request, user, opened)
    record_authentication(request, user, "password")


def next_page(request: HttpRequest, asked: str) -> str:
    """The page asked for, if it is of this site; else the first one."""
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return str(resolve_url(settings.LOGIN_REDIRECT_URL))


def _enter(request: HttpRequest, user: User, opened: Opened) -> None:
    login(request, user, backend=_BACKEND)
    unlocking.unlock(request, user, opened)
