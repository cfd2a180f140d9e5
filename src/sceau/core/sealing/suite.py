"""The one suite: HPKE (RFC 9180) with X-Wing, HKDF-SHA256 and AES-256-GCM. No negotiation: another suite is another version.

X-Wing: draft-connolly-cfrg-xwing-kem; a private key is its 32-byte seed, expanded by SHAKE-256 into the ML-KEM-768 seed
(64 bytes) and the X25519 key (32 bytes); a public key is 1,184 + 32 bytes.
"""

import hashlib

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SEED_LENGTH = 32
MLKEM_LENGTH = 1184
PUBLIC_LENGTH = MLKEM_LENGTH + 32
ENCAPSULATION_LENGTH = 1120
TAG_LENGTH = 16

PrivateKey = MLKEM768X25519PrivateKey
PublicKey = MLKEM768X25519PublicKey


def private_key(seed: bytes) -> PrivateKey:
    """The private key of a 32-byte seed."""
    if len(seed) != SEED_LENGTH:
        raise ValueError("an X-Wing seed has 32 bytes")
    expanded = hashlib.shake_256(seed).digest(96)
    return PrivateKey(MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:]))


def public_bytes(seed: bytes) -> bytes:
    """The public key (1,216 bytes) of a 32-byte seed."""
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key().public_bytes_raw()
    return mlkem + X25519PrivateKey.from_private_bytes(expanded[64:]).public_key().public_bytes_raw()


def public_key(data: bytes) -> PublicKey:
    """The public key of its 1,216 bytes."""
    if len(data) != PUBLIC_LENGTH:
        raise ValueError("an X-Wing public key has 1,216 bytes")
    mlkem, x25519 = data[:MLKEM_LENGTH], data[MLKEM_LENGTH:]
    return PublicKey(MLKEM768PublicKey.from_public_bytes(mlkem), X25519PublicKey.from_public_bytes(x25519))


def key_id(public: bytes) -> bytes:
    """Sixteen bytes that name a public key: the first half of its SHA-256."""
    return hashlib.sha256(public).digest()[:16]
