"""Staff's names and work e-mail addresses: sealed by the keyholder, opened for the length of a request, a page's in one question.

An account is found by its address's token, a keyed digest that only the keyholder can make.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from sceau.core.accounts.keyholder import keyholder
from sceau.core.keyholder.secret_verbs import AddressToken, OpenSecrets, SealSecret

_ROOM = 256


class Person(NamedTuple):
    """Both empty for somebody whose row does not open: swapped, or made behind the application's back."""

    name: str = ""
    email: str = ""


class Named(Protocol):
    """A row with something sealed in it, which `label` binds to that row."""

    @property
    def label(self) -> str: ...

    @property
    def sealed_text(self) -> bytes: ...


def token(address: str) -> bytes:
    """32 bytes, the same however the address is written. Raises `KeyholderError`."""
    found: bytes = keyholder().ask(AddressToken(address))
    return found


def label(public_key: bytes) -> str:
    """What a user's name and address are bound to: their public key, which no other row has."""
    return f"staff/{hashlib.sha256(public_key).hexdigest()}"


def seal(label: str, told: Sequence[str]) -> bytes:
    """Padded, so that lengths tell little. Raises `KeyholderError`."""
    text = msgspec.json.encode(tuple(told))
    sealed: bytes = keyholder().ask(SealSecret(label, text.ljust(-(-len(text) // _ROOM) * _ROOM)))
    return sealed


def opened(rows: Sequence[Named]) -> list[tuple[str, ...]]:
    """What each row says, in their order; nothing for one that does not open. One question, however many. Raises `KeyholderError`."""
    asked = OpenSecrets([(row.label, row.sealed_text) for row in rows])
    texts: list[bytes | None] = keyholder().ask(asked) if rows else []
    return [msgspec.json.decode(text, type=tuple[str, ...]) if text else () for text in texts]
