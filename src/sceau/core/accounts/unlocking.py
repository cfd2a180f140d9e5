"""What a session holds unlocked: half of its key lies in a cookie, half in the session's row. Neither opens anything alone.

It ends with the session: at sign-out, after 15 minutes without an act of the person's, 12 hours after signing in, or with a
change of password. A page that follows by itself (`auto=1`) is no act.
"""

import base64
import os
import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from sceau.core.accounts.models import User
from sceau.core.accounts.slots import Opened
from sceau.core.sealing.slots import SlotContent

IDLE, LONGEST = 15 * 60, 12 * 60 * 60
_HALF, _NONCE, _SEEN_EVERY = 32, 12, 60
_ROW, _SEEN = "unlocked", "seen"


class Locked(Exception):
    """The session holds no key: the person signs in again."""


class Halves(NamedTuple):
    """What goes into the session's row, and what into the cookie."""

    row: str
    cookie: str


class _Held(msgspec.Struct, frozen=True, array_like=True):
    user: int
    since: float
    content: bytes
    days: dict[str, bytes]


def divide(user: User, opened: Opened, *, at: float) -> Halves:
    """Seals what was opened under a new key, and divides the key."""
    row, cookie, nonce = os.urandom(_HALF), os.urandom(_HALF), os.urandom(_NONCE)
    held = msgspec.msgpack.encode(_Held(user.pk, at, opened.content.encode(), opened.days))
    sealed = nonce + AESGCM(_key(row, cookie)).encrypt(nonce, held, None)
    return Halves(base64.b64encode(row + sealed).decode(), base64.b64encode(cookie).decode())


def unlock(request: HttpRequest, user: User, opened: Opened) -> None:
    """From now on this session holds what was opened; the middleware sends the cookie."""
    halves = divide(user, opened, at=time.time())
    request.session[_ROW], request.session[_SEEN] = halves.row, time.time()
    request.unlock_cookie = halves.cookie  # type: ignore[attr-defined]


def opened(request: HttpRequest) -> Opened:
    """What this session holds; raises `Locked`."""
    row = base64.b64decode(request.session.get(_ROW, ""))
    held = _open(row, _cookie(request))
    if held.user != request.user.pk or not 0 <= time.time() - held.since < LONGEST:
        raise Locked
    return Opened(SlotContent.decode(held.content), held.days)


def middleware(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Ends idle sessions, and keeps the cookie in step with the session. Whoever comes with a session that is dead already gets no
    word about cookies: the answer may be late, and somebody else signed in at this browser meanwhile.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        request.came_dead = dead = _dead(request)  # type: ignore[attr-defined]
        _age(request)
        response = get_response(request)
        if cookie := getattr(request, "unlock_cookie", None):
            response.set_cookie(
                settings.UNLOCK_COOKIE_NAME, cookie, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict"
            )
        elif settings.UNLOCK_COOKIE_NAME in request.COOKIES and _ROW not in request.session and not dead:
            response.delete_cookie(settings.UNLOCK_COOKIE_NAME, samesite="Strict")
        return response

    return handle


def _dead(request: HttpRequest) -> bool:
    """Whether there is no such session; Django says so by forgetting its key as it looks."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not request.session.keys() and request.session.session_key is None


def _age(request: HttpRequest) -> None:
    seen, now = request.session.get(_SEEN), time.time()
    if seen is None:
        return
    if now - seen >= IDLE:
        request.session.flush()
    elif now - seen >= _SEEN_EVERY and "auto" not in request.GET:
        request.session[_SEEN] = now


def _cookie(request: HttpRequest) -> bytes:
    try:
        return base64.b64decode(request.COOKIES.get(settings.UNLOCK_COOKIE_NAME, ""), validate=True)
    except ValueError:
        return b""


def _open(row: bytes, cookie: bytes) -> _Held:
    sealed = row[_HALF:]
    try:
        plain = AESGCM(_key(row[:_HALF], cookie)).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except (InvalidTag, ValueError):
        raise Locked from None
    return msgspec.msgpack.decode(plain, type=_Held)


def _key(row: bytes, cookie: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"sceau/session/v1").derive(row + cookie)
