"""What a software's key may have signed: that it signs in now (an assertion, RFC 7523 §3), or that another key follows it (a proof).

Both live for a while only, by the keyholder's clock, and neither passes for the other. An assertion counts once: those that were used
are remembered until they have ended, in memory alone, so that a keyholder that starts anew has forgotten them.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import msgspec

from sceau.core.keyholder.errors import KeyholderError, Refusal

ENDPOINT = "/oauth/token"
LEEWAY = timedelta(seconds=30)
LONGEST, LONGEST_PROOF = timedelta(minutes=5), timedelta(days=1)
"""From `iat` to `exp`. A proof is carried from where the private key is to somebody's browser."""
MOST_AT_ONCE = 10_000
"""So many assertions of one product are remembered; one more is `metered`."""
_KEY = "jwk"


class Claims(msgspec.Struct, frozen=True):
    """Those that are looked at; `iat` and `exp` in seconds of the epoch."""

    sub: str
    iat: float
    exp: float
    iss: str = ""
    aud: str | list[str] = ""
    jti: str = ""

    def lives(self, at: datetime, *, longest: timedelta) -> bool:
        """Written so that what is not a number does not live."""
        now, leeway = at.timestamp(), LEEWAY.total_seconds()
        return 0 < self.exp - self.iat <= longest.total_seconds() and self.iat <= now + leeway and now - leeway < self.exp


class Assertions:
    """For the token endpoint of the site at `origin`."""

    def __init__(self, origin: str) -> None:
        self._audience = origin.rstrip("/") + ENDPOINT
        self._used: dict[UUID, dict[bytes, float]] = {}

    def use(self, software: UUID, told: Mapping[str, Any], *, at: datetime) -> None:
        """Raises `wrong` for what is no assertion of that product for here and now, or was used; `metered`."""
        claims, who = _claims(told), str(software)
        named = claims.iss == claims.sub == who and self._audience in _listed(claims.aud) and claims.jti != ""
        if _KEY in told or not named or not claims.lives(at, longest=LONGEST):
            raise KeyholderError(Refusal.WRONG, "assertion")
        self._once(software, claims, at.timestamp() - LEEWAY.total_seconds())

    def _once(self, software: UUID, claims: Claims, ended: float) -> None:
        used = {one: until for one, until in self._used.get(software, {}).items() if until > ended}
        digest = hashlib.sha256(claims.jti.encode()).digest()
        if digest in used:
            raise KeyholderError(Refusal.WRONG, "used")
        if len(used) >= MOST_AT_ONCE:
            raise KeyholderError(Refusal.METERED, "assertions")
        self._used[software] = used | {digest: claims.exp}


def proved(software: UUID, told: Mapping[str, Any], *, at: datetime) -> Mapping[str, Any]:
    """The key (JWK) that a proof is for; raises `wrong` for what is no proof of that product's key, or has ended."""
    claims, jwk = _claims(told), told.get(_KEY)
    if claims.sub != str(software) or not isinstance(jwk, Mapping) or not claims.lives(at, longest=LONGEST_PROOF):
        raise KeyholderError(Refusal.WRONG, "proof")
    return jwk


def subject(assertion: str) -> UUID | None:
    """Whom it says that it is about, its signature not looked at; None where it says nobody."""
    try:
        return UUID(unverified(assertion).get("sub", ""))
    except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError):
        return None


def unverified(assertion: str) -> dict[str, Any]:
    """What it says, its signature not looked at; raises `jwt.InvalidTokenError`."""
    told: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    return told


def _claims(told: Mapping[str, Any]) -> Claims:
    try:
        return msgspec.convert(told, Claims)
    except msgspec.ValidationError:
        raise KeyholderError(Refusal.WRONG, "claims") from None


def _listed(audience: str | list[str]) -> list[str]:
    return [audience] if isinstance(audience, str) else audience
