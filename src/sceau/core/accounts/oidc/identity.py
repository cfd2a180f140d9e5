"""Whom an ID token names, once all holds that OpenID Connect Core 1.0, section 3.1.3.7, asks for. Pure; keeps nothing of it.

Two algorithms: the one that every provider has to offer, and its elliptic sibling. `none` and the symmetric ones are not among them, so
that no published key can be used as a secret.
"""

import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jwt
from jwt import PyJWK

from sceau.core.accounts.oidc.errors import ProviderRefused

ALGORITHMS = {"RS256": "RSA", "ES256": "EC"}
"""And the type of their keys."""
LEEWAY = 30
"""Seconds by which clocks may differ."""
OLDEST = 10 * 60
_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]

KeyOf = Callable[[str | None, str], PyJWK]
"""The provider's key with that id (or its only one) for that algorithm; raises `ProviderRefused`, `ProviderAway`."""


class Expected(NamedTuple):
    issuer: str
    client: str
    nonce: str
    acr: str


def subject(token: str, *, key_of: KeyOf, expected: Expected) -> str:
    """The subject. Raises `ProviderRefused`, and what `key_of` raises."""
    try:
        claims = _claims(token, key_of, expected)
    except jwt.PyJWTError:
        raise ProviderRefused from None
    if not (_ours(claims, expected) and _ours_alone(claims, expected) and _recent(claims)):
        raise ProviderRefused
    return str(claims["sub"])


def _claims(token: str, key_of: KeyOf, expected: Expected) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    algorithm = header.get("alg", "")
    if algorithm not in ALGORITHMS:
        raise ProviderRefused
    claims: dict[str, Any] = jwt.decode(
        token,
        key_of(header.get("kid"), algorithm),
        algorithms=[algorithm],
        issuer=expected.issuer,
        audience=expected.client,
        leeway=LEEWAY,
        options={"require": _CLAIMS, "enforce_minimum_key_length": True},
    )
    return claims


def _ours(claims: Mapping[str, Any], expected: Expected) -> bool:
    """It answers this very question, at the level that was asked for, about somebody."""
    right = hmac.compare_digest(str(claims["nonce"]).encode(), expected.nonce.encode())
    return right and bool(claims["sub"]) and (not expected.acr or claims.get("acr") in expected.acr.split())


def _ours_alone(claims: Mapping[str, Any], expected: Expected) -> bool:
    """An audience of several is for somebody else as well, whom nobody here trusts."""
    return claims["aud"] in (expected.client, [expected.client]) and claims.get("azp", expected.client) == expected.client


def _recent(claims: Mapping[str, Any]) -> bool:
    return time.time() - float(claims["iat"]) < OLDEST
