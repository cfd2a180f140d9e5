"""OAuth 2 client credentials with `private_key_jwt` (RFC 6749 §4.4, RFC 7523; SMART Backend Services): signing in and checking tokens.

An assertion lives five minutes at most and counts once. The keyholder checks who signed it, and signs the token, which lies in no table
(`core/keyholder/access.py`); it lives five minutes. The software's state is asked at each request (`api/callers.py`).
"""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt
from django.db import transaction

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.access_token import LIFETIME, AccessToken
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.software_verbs import AccessKey, Lend, SignIn
from sceau.core.problems import ProblemType
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Assertion, Software

LEEWAY = timedelta(seconds=30)
_CHECKED: Any = {"verify_signature": False} | {f"verify_{name}": True for name in ("aud", "exp", "iat", "iss")}
_CLAIMS = ("aud", "exp", "iat", "iss", "jti", "sub")
_REMEMBERED = 4_096


@transaction.atomic
def issue(assertion: str, *, audience: str, at: datetime) -> str:
    """A token for the software that signed `assertion`; raises `SoftwareRefused`, `KeyholderError`."""
    claims = _claims(assertion, _subject(assertion), audience)
    token = _signed_in(assertion)
    _once(claims, at)
    return token


@transaction.atomic
def lend(software: Software, *, by: str, at: datetime) -> str:
    """A token that opens the door for tables alone, for somebody who speaks for its publisher and is signed in: the log says who, since
    no key signed for it. Raises `KeyholderError`.
    """
    record(Event.TABLE_ALLOWED, by=by, subject=f"software:{software.pk}", at=at)
    token: str = keyholder().ask(Lend(software.pk))
    return token


def read(text: str, *, at: datetime) -> AccessToken:
    """A token that lives; raises `SoftwareRefused`, and `KeyholderError` where nobody has told this process yet how to know one."""
    token = _known(text, _key())
    if token.expires_at <= at:
        raise SoftwareRefused(ProblemType.TOKEN_REFUSED)
    return token


@lru_cache(maxsize=_REMEMBERED)
def _known(text: str, key: bytes) -> AccessToken:
    """A signature is looked at once: it stays true. One that is not is not remembered."""
    token = AccessToken.read(text, key)
    if token is None:
        raise SoftwareRefused(ProblemType.TOKEN_REFUSED)
    return token


@lru_cache(maxsize=1)
def _key() -> bytes:
    """Asked for once; the keyholder's store has it for good."""
    key: bytes = keyholder().ask(AccessKey())
    return key


def _subject(assertion: str) -> UUID:
    """Whom it is about, if they are on the list."""
    try:
        subject = UUID(jwt.decode(assertion, options={"verify_signature": False}).get("sub", ""))
    except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError):
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED) from None
    if not Software.objects.filter(id=subject).exists():
        raise SoftwareRefused(ProblemType.SOFTWARE_UNKNOWN)
    return subject


def _claims(assertion: str, software: UUID, audience: str) -> dict[str, Any]:
    """What it says, the signature not yet looked at."""
    options = _CHECKED | {"require": list(_CLAIMS)}
    try:
        claims: dict[str, Any] = jwt.decode(assertion, audience=audience, issuer=str(software), leeway=LEEWAY, options=options)
    except jwt.InvalidTokenError:
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED) from None
    if claims["exp"] - claims["iat"] > LIFETIME.total_seconds():
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED)
    return claims


def _signed_in(assertion: str) -> str:
    try:
        token: str = keyholder().ask(SignIn(assertion))
    except KeyholderError as error:
        if error.refusal is Refusal.WRONG:
            raise SoftwareRefused(ProblemType.ASSERTION_REFUSED) from None
        raise
    return token


def _once(claims: dict[str, Any], at: datetime) -> None:
    used = hashlib.sha256(f"{claims['sub']} {claims['jti']}".encode()).digest()
    expires = datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY
    Assertion.objects.filter(expires_at__lt=at).delete()
    _, fresh = Assertion.objects.get_or_create(digest=used, defaults={"expires_at": expires})
    if not fresh:
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED)
