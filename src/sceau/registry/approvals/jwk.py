"""A publisher's public key as it is uploaded: read, judged, and told by its thumbprint. No database, no request.

RFC 7517 (a JWK, or a set with one) or RFC 7468 (PEM, as OpenSSL writes it), RFC 7518 section 6.2 (EC), RFC 7638 (thumbprint). A
private key is refused, and what its public half would have been is told, so that it is never taken later.
"""

import json
from typing import Any, NamedTuple

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from jwt.algorithms import ECAlgorithm
from jwt.exceptions import InvalidKeyError

from sceau.core.keyholder.software_keys import ALGORITHMS, members, thumbprint
from sceau.registry.approvals.errors import Flaw, KeyRefused

LONGEST = 10_000
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv")


class PublicKey(NamedTuple):
    """`jwk` has the members that make the key (kty, crv, x, y) and no other."""

    jwk: dict[str, str]
    thumbprint: str


def within(text: str) -> str:
    """The key in what another key signed (JWS, compact: `{"sub": …, "jwk": …}`); empty where there is none, as in a bare JWK."""
    try:
        return json.dumps(jwt.decode(text.strip(), options={"verify_signature": False})["jwk"])
    except (jwt.InvalidTokenError, KeyError, TypeError, RecursionError):
        return ""


def read(text: str) -> PublicKey:
    """The key, or `KeyRefused` with why."""
    if "PRIVATE KEY" in text:
        raise KeyRefused(Flaw.PRIVATE, _thumbprint_of_pem(text))
    told = _of_pem(text) if "PUBLIC KEY" in text else _object(text)
    if any(name in told for name in _PRIVATE):
        raise KeyRefused(Flaw.PRIVATE, _thumbprint(told))
    algorithm = ALGORITHMS.get(str(told.get("crv", "")))
    if told.get("kty") != "EC" or algorithm is None or told.get("alg", algorithm) != algorithm:
        raise KeyRefused(Flaw.ALGORITHM)
    if told.get("use", "sig") != "sig" or "verify" not in told.get("key_ops", ["verify"]):
        raise KeyRefused(Flaw.NOT_FOR_SIGNING)
    _on_curve(told)
    return PublicKey(members(told), thumbprint(told))


def _object(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and isinstance(keys := told.get("keys"), list):
        told = keys[0] if len(keys) == 1 else None
    if not isinstance(told, dict):
        raise KeyRefused(Flaw.UNREADABLE)
    return told


def _of_pem(text: str) -> dict[str, Any]:
    """The members of a public key; empty for one that is on no curve of ours."""
    try:
        key = load_pem_public_key(text[:LONGEST].strip().encode())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyRefused(Flaw.UNREADABLE) from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1):
        return {}
    return ECAlgorithm.to_jwk(key, as_dict=True)


def _on_curve(told: dict[str, Any]) -> None:
    try:
        ECAlgorithm.from_jwk(members(told))
    except (InvalidKeyError, ValueError, TypeError, KeyError):
        raise KeyRefused(Flaw.UNREADABLE) from None


def _thumbprint(told: dict[str, Any]) -> str:
    return thumbprint(told) if told.get("kty") == "EC" else ""


def _thumbprint_of_pem(text: str) -> str:
    """Empty for one that is encrypted or cannot be read."""
    try:
        key = load_pem_private_key(text.strip().encode(), None)
    except (ValueError, TypeError):
        return ""
    return _thumbprint(ECAlgorithm.to_jwk(key.public_key(), as_dict=True)) if isinstance(key, ec.EllipticCurvePrivateKey) else ""
