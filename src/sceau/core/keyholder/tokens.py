"""Blind tokens: keyed digests by which one person is found again, never over one field alone. A closed list of six kinds. Pure.

A token is AES-256, under the index key of a month, of the first 16 bytes of SHA-256 over its kind and fields, cut to 64 bits: with
another key, another token, and equal ones tell that the fields are equal. A block cipher rather than HMAC, since a batch of tokens is
then one call. Two that are equal by chance cost one comparison more. Which six, and what they find: ADR 0017.
"""

import struct
from collections.abc import Iterable, Mapping
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from sceau.core.keyholder.identity_verbs import BlindTokens
from sceau.core.keyholder.traits import Traits, sound

_BLOCK = 16
_NOTHING = bytes(_BLOCK)
_KINDS = struct.Struct(">" + "q8x" * 7)
"""The first half of each block, of the seven columns of `BlindTokens`."""


class Blinder:
    """Tokens under the index keys (32 bytes each) of `months`, by `YYYY-MM`."""

    def __init__(self, months: Mapping[str, bytes]) -> None:
        # Each block is a digest of its own: that equal ones look equal is what tokens are for.
        self._ciphers = {month: Cipher(AES256(key), ECB()).encryptor() for month, key in months.items()}  # noqa: S305

    def tokens(self, who: Traits) -> tuple[BlindTokens, ...]:
        """One set for each month, in the order given."""
        digests = [sha256("\0".join(told).encode()).digest()[:_BLOCK] if all(told) else _NOTHING for told in _fields(who)]
        blocks = b"".join(digests)
        return tuple(_cut(month, cipher.update(blocks), digests) for month, cipher in self._ciphers.items())


def _fields(who: Traits) -> Iterable[tuple[str, ...]]:
    """In the order of `BlindTokens`. Either name with the birth date has one kind, so that swapped names meet."""
    born, family, given = _born(who.born), sound(who.family), sound(who.given)
    return (
        ("ins", who.ins),
        ("name-born", given, born),
        ("name-born", family, born),
        ("born-department", born, who.sex or "-", who.department),
        ("names-department", *sorted((family, given)), who.department),
        ("home", *sorted((who.family[:1], who.given[:1])), who.postal, who.number),
        ("phone", who.phone, family),
    )


def _born(born: str) -> str:
    """Day and month in one order, whichever was typed first."""
    return born[:4] + "".join(sorted((born[4:6], born[6:])))


def _cut(month: str, enciphered: bytes, digests: list[bytes]) -> BlindTokens:
    cut = zip(_KINDS.unpack(enciphered), digests, strict=True)
    return BlindTokens(month, *[None if digest is _NOTHING else token for token, digest in cut])
