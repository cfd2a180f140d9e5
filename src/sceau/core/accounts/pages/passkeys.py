"""Adding a passkey, touching it at the door, ending one that was lost. The browser's part is `passkey.js`."""

from typing import Any

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sceau.core.accounts import entering, limits, passkeys, slots
from sceau.core.accounts.backends import explain
from sceau.core.accounts.models import Passkey, User
from sceau.core.accounts.pages import limited
from sceau.core.accounts.passkeys import Asked, PasskeyRefused, Site
from sceau.core.accounts.slots import Vouched
from sceau.core.keyholder.errors import KeyholderError

_STATE = "passkey"
_NAME = 40


class _Wrong(Exception):
    """What to tell the person."""


@require_POST
@never_cache
def options(request: HttpRequest) -> HttpResponse:
    """What to make a passkey with, for whoever types the password."""
    try:
        _vouched(request)
    except _Wrong as error:
        return _told(str(error), 400)
    return _asked(request, passkeys.ask_new(_site(request), _user(request)))


@require_POST
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "").strip()[:_NAME] or _("Passkey")
    try:
        vouched = _vouched(request)
        passkeys.add(_site(request), _user(request), _answer(request), state=_state(request), name=name, vouched=vouched)
    except (_Wrong, PasskeyRefused) as error:
        return _told(str(error) or _("This passkey cannot open your keys, or took too long. Try again, or use another one."), 400)
    messages.success(request, _("The passkey was added: one touch signs you in from now on."))
    return JsonResponse({"next": resolve_url("mfa_index")})


@require_POST
def remove(request: HttpRequest, slot: str) -> HttpResponse:
    try:
        passkeys.remove(_user(request), slot)
    except Passkey.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The passkey was removed: it opens nothing any more."))
    return redirect("mfa_index")


@require_POST
@never_cache
@login_not_required
def touch(request: HttpRequest) -> HttpResponse:
    """The challenge of a sign-in."""
    if not consume(request, action=limits.PASSKEY):
        return limited.told(request)
    return _asked(request, passkeys.ask_touch(_site(request)))


@require_POST
@never_cache
@login_not_required
def enter(request: HttpRequest) -> HttpResponse:
    """Signs in and unlocks."""
    return entered(request) if consume(request, action=limits.PASSKEY) else limited.told(request)


def entered(request: HttpRequest, *, only: int | None = None) -> HttpResponse:
    """Signs in whoever touched, or `only` that user."""
    try:
        user, opened = passkeys.enter(_site(request), _answer(request), state=_state(request), only=only)
    except PasskeyRefused:
        return _told(_("This passkey opens no account here. Use another one, or your password."), 403)
    except KeyholderError as error:
        return _told(explain(error), 503)
    entering.with_passkey(request, user, opened)
    return JsonResponse({"next": entering.next_page(request, request.POST.get("next", ""))})


def _vouched(request: HttpRequest) -> Vouched:
    try:
        vouched = slots.vouch(_user(request), request.POST.get("password", ""))
    except KeyholderError as error:
        raise _Wrong(explain(error)) from None
    if vouched is None:
        raise _Wrong(_("This is not your present password."))
    return vouched


def _site(request: HttpRequest) -> Site:
    """This one: Django has checked the host against the allowed ones."""
    return Site(f"{request.scheme}://{request.get_host()}")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _asked(request: HttpRequest, asked: Asked) -> HttpResponse:
    request.session[_STATE] = asked.state
    return JsonResponse(asked.options)


def _state(request: HttpRequest) -> dict[str, Any]:
    """Once."""
    state: dict[str, Any] = request.session.pop(_STATE, {})
    return state


def _answer(request: HttpRequest) -> str:
    return request.POST.get("answer", "")


def _told(why: str, status: int) -> HttpResponse:
    return JsonResponse({"why": why}, status=status)
