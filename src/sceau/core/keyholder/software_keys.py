"""The keyholder's own book of the public keys that software signs in with (RFC 7517, EC). The database is not asked.

What is in it got there before anything was approved, by a signature of a key that was in it, or by the touch of a member of the
authority. It never has a private key.
"""

import base64
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import msgspec

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.store import Store

ALGORITHMS = {"P-256": "ES256", "P-384": "ES384"}
OVERLAP, LONGEST_OVERLAP = timedelta(days=7), timedelta(days=30)
"""How long the key before stays valid."""
_SIGNATURE_ALONE: Any = {f"verify_{name}": False for name in ("aud", "exp", "iat", "iss", "nbf", "sub", "jti")}
_MEMBERS = ("crv", "kty", "x", "y")


class Held(msgspec.Struct, frozen=True, array_like=True):
    jwk: dict[str, str]
    ends_at: datetime | None = None

    def lives(self, at: datetime) -> bool:
        return self.ends_at is None or self.ends_at > at

    def until(self, at: datetime) -> "Held":
        """Ends then, if it does not end before."""
        return Held(self.jwk, min(self.ends_at or at, at))


Book = dict[str, Held]
"""One product's, by thumbprint; what has ended stays in it, so that no old signature brings it back."""


class SoftwareKeys:
    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, software: UUID) -> Book:
        held = self._store.get(_name(software))
        return msgspec.msgpack.decode(held, type=Book) if held is not None else {}

    def signer(self, software: UUID, signed: str, *, at: datetime) -> tuple[Held, dict[str, Any]]:
        """Which of the product's live keys signed this (JWS, compact), and what; raises `wrong`."""
        for held in self.of(software).values():
            if held.lives(at):
                with suppress(jwt.InvalidTokenError):
                    return held, verified(signed, held.jwk)
        raise KeyholderError(Refusal.WRONG, "signature")

    def add(self, software: UUID, jwk: Mapping[str, str], *, at: datetime, overlap: timedelta | None) -> None:
        """A key that stays; those before end after `overlap`, if it says when."""
        book, name = self.of(software), thumbprint(jwk)
        if overlap is not None:
            book = {one: held.until(at + min(overlap, LONGEST_OVERLAP)) for one, held in book.items()}
        self._write(software, book | {name: Held(dict(jwk))})

    def end(self, software: UUID, name: str, *, at: datetime) -> None:
        book = self.of(software)
        if name in book:
            self._write(software, book | {name: book[name].until(at)})

    def settle(self, software: UUID, stay: Collection[str], taken: Iterable[Mapping[str, str]], *, at: datetime) -> None:
        """Of the keys in the book these stay, each until its end; what is taken beside them follows them."""
        fresh = {thumbprint(jwk): Held(dict(jwk)) for jwk in taken}
        last = at + OVERLAP if fresh else None
        book = {
            one: (held.until(last) if last else held) if one in stay else held.until(at)
            for one, held in self.of(software).items()
        }
        self._write(software, book | fresh)

    def _write(self, software: UUID, book: Book) -> None:
        if book != self.of(software):
            self._store.put(_name(software), msgspec.msgpack.encode(book))


def verified(signed: str, jwk: Mapping[str, str]) -> dict[str, Any]:
    """What that key signed, its claims not looked at; raises `jwt.InvalidTokenError`."""
    algorithm = ALGORITHMS.get(jwk.get("crv", ""), "")
    told: dict[str, Any] = jwt.decode(signed, jwt.PyJWK(dict(jwk)).key, algorithms=[algorithm], options=_SIGNATURE_ALONE)
    return told


def members(told: Mapping[str, Any]) -> dict[str, str]:
    """Those that make the key, and no other."""
    return {name: str(told.get(name, "")) for name in _MEMBERS}


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638, of an EC key."""
    text = json.dumps(members(jwk), sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def _name(software: UUID) -> str:
    return f"software-keys/{software}"
