"""OAuth 2 client credentials with `private_key_jwt` (RFC 6749 §4.4, RFC 7523; SMART Backend Services): signing in and checking tokens.

An assertion lives five minutes at most and counts once; a token lives five minutes and is kept as its SHA-256 only. The software's
state is not asked here but at each request (`policies.check_approved`).
"""

import hashlib
import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.problems import ProblemType
from sceau.registry.approvals import keys
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import AccessToken, Assertion, Key, Software

LIFETIME = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
ALGORITHMS = ("ES256", "ES384")
_SIGNATURE_ALONE: Any = {f"verify_{name}": False for name in ("aud", "exp", "iat", "iss", "nbf", "sub", "jti")}
_CLAIMS = ("aud", "exp", "iat", "iss", "jti", "sub")


@transaction.atomic
def issue(assertion: str, *, audience: str, at: datetime) -> str:
    """A token for the software that signed `assertion`; raises `SoftwareRefused`."""
    software = _signer(assertion)
    key = _key(assertion, software, at)
    claims = _claims(assertion, key, audience)
    _once(claims, at)
    AccessToken.objects.filter(expires_at__lt=at).delete()
    return _made(software, until=min(at + LIFETIME, key.ends_at or at + LIFETIME))


@transaction.atomic
def lend(software: Software, *, by: str, at: datetime) -> str:
    """A token for somebody who speaks for its publisher and is signed in: the log says who, since no key signed for it."""
    record(Event.TABLE_ALLOWED, by=by, subject=f"software:{software.pk}", at=at)
    return _made(software, until=at + LIFETIME)


def _made(software: Software, *, until: datetime) -> str:
    token = secrets.token_urlsafe(32)
    AccessToken.objects.create(digest=digest(token), software=software, expires_at=until)
    return token


def _signer(assertion: str) -> Software:
    try:
        subject = UUID(jwt.decode(assertion, options={"verify_signature": False}).get("sub", ""))
    except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError):
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED) from None
    if (software := Software.objects.filter(id=subject).first()) is None:
        raise SoftwareRefused(ProblemType.SOFTWARE_UNKNOWN)
    return software


def _key(assertion: str, software: Software, at: datetime) -> Key:
    """Which of the product's live keys signed."""
    for key in keys.live(software, at=at):
        with suppress(jwt.InvalidTokenError):
            jwt.decode(assertion, jwt.PyJWK(key.jwk).key, algorithms=list(ALGORITHMS), options=_SIGNATURE_ALONE)
            return key
    raise SoftwareRefused(ProblemType.ASSERTION_REFUSED)


def _claims(assertion: str, key: Key, audience: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            jwt.PyJWK(key.jwk).key,
            algorithms=list(ALGORITHMS),
            audience=audience,
            issuer=str(key.software_id),
            leeway=LEEWAY,
            options={"require": list(_CLAIMS)},
        )
    except jwt.InvalidTokenError:
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED) from None
    if claims["exp"] - claims["iat"] > LIFETIME.total_seconds():
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED)
    return claims


def _once(claims: dict[str, Any], at: datetime) -> None:
    used = digest(f"{claims['sub']} {claims['jti']}")
    expires = datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY
    Assertion.objects.filter(expires_at__lt=at).delete()
    _, fresh = Assertion.objects.get_or_create(digest=used, defaults={"expires_at": expires})
    if not fresh:
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED)


def digest(text: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).digest()
