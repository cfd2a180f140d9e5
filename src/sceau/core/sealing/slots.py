"""Slots: a user's private key, wrapped for one credential (SPEC.md, "Slots"). Pure; unwrapping lies in `unlock`.

What goes in is derived from a password, a passkey's PRF output, a recovery code or a workstation's secret; what the keyholder adds
makes the slot worthless without it.
"""

import hashlib
import os
import secrets
import unicodedata
from uuid import UUID

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INPUT_LENGTH = 32
PASSES, KIB = 2, 19_456  # of Argon2id
NONCE_LENGTH = 12
SLOT_LABEL = b"sceau/slot/v1\0"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32
_GROUP, _GROUPS = 4, 7  # 28 digits hold 128 bits and twelve zero bits; each group has a check digit of its own
_CODE_BYTES = 16
_FILL = _GROUP * _GROUPS * 5 - _CODE_BYTES * 8
_MISREAD = str.maketrans("OIL", "011")


class WrongCode(ValueError):
    """A recovery code that was mistyped; `group` (from 1) is where, or None when its length is wrong."""

    def __init__(self, group: int | None) -> None:
        super().__init__("mistyped recovery code")
        self.group = group


class SlotContent(msgspec.Struct, frozen=True, array_like=True):
    """`user_seed`: the user's X-Wing private key (32 bytes). `pharmacies`: SHA-256 (hexadecimal) of the first signing key of each
    pharmacy, by id: what this user trusts.
    """

    user_seed: bytes
    pharmacies: dict[str, str]

    def encode(self) -> bytes:
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> "SlotContent":
        return msgspec.msgpack.decode(data, type=cls)


def password_input(password: str, credential: UUID) -> bytes:
    """Argon2id: 19 MiB (`KIB`), two `PASSES`, one lane; the password in NFKC, the salt from the credential's id."""
    salt = hashlib.sha256(b"sceau/password/v1\0" + credential.bytes).digest()[:16]
    secret = unicodedata.normalize("NFKC", password).encode()
    return hash_secret_raw(secret, salt, PASSES, KIB, 1, INPUT_LENGTH, Type.ID)


def prf_input(prf: bytes) -> bytes:
    """From the 32 bytes that a passkey's PRF extension gives."""
    return _derive(prf, b"sceau/prf/v1")


def code_input(code: bytes) -> bytes:
    """From the 16 bytes of a recovery code."""
    return _derive(code, b"sceau/recovery/v1")


def workstation_input(secret: bytes) -> bytes:
    """From the 32 random bytes of a workstation's credential."""
    return _derive(secret, b"sceau/workstation/v1")


def slot_key(given: bytes, hardening: bytes) -> bytes:
    """The key of a slot, from its input and what the keyholder added."""
    return _derive(given + hardening, b"sceau/slot/v1")


def wrap(key: bytes, content: bytes, credential: UUID) -> bytes:
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, content, SLOT_LABEL + credential.bytes)


def new_code() -> str:
    """A recovery code of 128 bits: seven groups, each of four digits and their check digit."""
    number = int.from_bytes(secrets.token_bytes(_CODE_BYTES), "big") << _FILL
    digits = "".join(_ALPHABET[number >> place & 31] for place in range((_GROUP * _GROUPS - 1) * 5, -1, -5))
    groups = [digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP)]
    return "-".join(group + _check(group, nth) for nth, group in enumerate(groups))


def read_code(text: str) -> bytes:
    """The 16 bytes of a code as people type it; raises `WrongCode`."""
    typed = "".join(letter for letter in text.upper().translate(_MISREAD) if letter.isalnum())
    width = _GROUP + 1
    if len(typed) != width * _GROUPS:
        raise WrongCode(None)
    groups = [typed[start : start + width] for start in range(0, len(typed), width)]
    for nth, group in enumerate(groups):
        if not set(group) <= set(_ALPHABET) or group[-1] != _check(group[:-1], nth):
            raise WrongCode(nth + 1)
    number = sum(_ALPHABET.index(digit) << 5 * nth for nth, digit in enumerate(reversed("".join(one[:-1] for one in groups))))
    if number % (1 << _FILL):
        raise WrongCode(_GROUPS)
    return (number >> _FILL).to_bytes(_CODE_BYTES, "big")


def _check(group: str, nth: int) -> str:
    """Tells every wrong digit (odd weights are invertible modulo 32), swapped groups and nearly every pair of swapped digits."""
    total = sum((2 * place + 3) * _ALPHABET.index(digit) for place, digit in enumerate(group))
    return _ALPHABET[(total + 5 * nth) % 32]


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), INPUT_LENGTH, salt=None, info=purpose).derive(secret)
