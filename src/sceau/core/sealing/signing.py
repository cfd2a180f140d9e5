"""Ed25519 over typed statements: envelopes, receipts, acknowledgements, key lists. Never over bytes that have no label."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sceau.core.sealing.errors import Flaw, SealingError

SIGNATURE_LENGTH = 64


def signer(seed: bytes) -> Ed25519PrivateKey:
    """The signing key of a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_bytes(seed: bytes) -> bytes:
    return signer(seed).public_key().public_bytes_raw()


def key_digest(public: bytes) -> str:
    """What pins a public key: its SHA-256, hexadecimal."""
    return hashlib.sha256(public).hexdigest()


def fingerprint(public: bytes) -> str:
    """How a person compares a public key: 16 groups of four hexadecimal digits of its SHA-256."""
    digest = key_digest(public)
    return " ".join(digest[start : start + 4] for start in range(0, 64, 4))


def check(public: bytes, signature: bytes, statement: bytes) -> None:
    """Raises `SealingError` (`bad-signature`) unless `signature` is the key's over `statement`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, statement)
    except (InvalidSignature, ValueError):
        raise SealingError(Flaw.BAD_SIGNATURE) from None


def check_envelope(data: bytes, public: bytes) -> None:
    """Raises `SealingError` unless the envelope carries the pharmacy's signature."""
    if len(data) <= SIGNATURE_LENGTH:
        raise SealingError(Flaw.TRUNCATED)
    check(public, data[-SIGNATURE_LENGTH:], data[:-SIGNATURE_LENGTH])
