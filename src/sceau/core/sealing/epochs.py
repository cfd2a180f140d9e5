"""A pharmacy's keys (SPEC.md, "Epochs"): a secret and a signing key, made anew when a member leaves, wrapped to each member.

Pure; unwrapping lies in `unlock`. Statements that the signing key makes about keys are here, each with a label of its own.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Self
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sceau.core.sealing import signing, suite

_LENGTH = 32


class DayShut(Exception):
    """The secret of that day was destroyed, or the keyholder does not have it: what was sealed on it stays shut."""


class Epoch(msgspec.Struct, frozen=True, array_like=True):
    """`secret` and `signing_seed` have 32 bytes each."""

    pharmacy: UUID
    number: int
    secret: bytes
    signing_seed: bytes


def new(pharmacy: UUID, number: int) -> Epoch:
    return Epoch(pharmacy, number, os.urandom(_LENGTH), os.urandom(_LENGTH))


def epoch_info(pharmacy: UUID, number: int, member: bytes) -> bytes:
    """What HPKE binds a wrapped epoch to; `member` is the member's public key."""
    return b"sceau/epoch/v1\0" + pharmacy.bytes + number.to_bytes(4, "big") + suite.key_id(member)


def wrap_to(member: bytes, epoch: Epoch) -> bytes:
    """The epoch's keys, sealed to a member's public key (1,216 bytes)."""
    info = epoch_info(epoch.pharmacy, epoch.number, member)
    return suite.SUITE.encrypt(epoch.secret + epoch.signing_seed, suite.public_key(member), info=info)


def succession(pharmacy: UUID, number: int, public: bytes) -> bytes:
    """What an epoch's key signs about the next epoch's."""
    return b"sceau/succession/v1\0" + pharmacy.bytes + number.to_bytes(4, "big") + public


def membership(pharmacy: UUID, user: int, public: bytes) -> bytes:
    """What the pharmacy signs about a member's public key."""
    return b"sceau/membership/v1\0" + pharmacy.bytes + user.to_bytes(8, "big") + public


def box_statement(pharmacy: UUID, day: date, public: bytes) -> bytes:
    """What the pharmacy signs about the public key of one of its days."""
    return b"sceau/day-box/v1\0" + pharmacy.bytes + day.isoformat().encode() + public


class PharmacyKeys:
    """A pharmacy's keys, unlocked: its epochs, oldest first, and the secrets of its live days by ISO date."""

    def __init__(self, epochs: Sequence[Epoch], days: Mapping[str, bytes]) -> None:
        self.epochs = tuple(epochs)
        self._days = days
        self._derived: dict[date, list[bytes]] = {}

    def renewed(self, epoch: Epoch) -> Self:
        """The same with one epoch more."""
        return type(self)([*self.epochs, epoch], self._days)

    @property
    def pharmacy(self) -> UUID:
        return self.epochs[0].pharmacy

    @property
    def signing_seed(self) -> bytes:
        return self.epochs[-1].signing_seed

    @cached_property
    def signer(self) -> Ed25519PrivateKey:
        return signing.signer(self.signing_seed)

    def opens(self, day: date) -> bool:
        return day.isoformat() in self._days

    def day_key(self, day: date) -> bytes:
        """The key under which that day's copies are sealed; raises `DayShut`."""
        return self.day_keys(day)[0]

    def day_keys(self, day: date) -> list[bytes]:
        """The keys that may have sealed that day's copies, the newest epoch's first; raises `DayShut`."""
        if day not in self._derived:
            if not self.opens(day):
                raise DayShut
            secret = self._days[day.isoformat()]
            self._derived[day] = [_derive(epoch.secret + secret, b"sceau/day/v1") for epoch in reversed(self.epochs)]
        return self._derived[day]

    def boxes(self, day: date) -> list[bytes]:
        """The X-Wing seeds of that day's box, the newest epoch's first; raises `DayShut`."""
        return [_derive(key, b"sceau/day-box/v1") for key in self.day_keys(day)]

    def box_public(self, day: date) -> bytes:
        return suite.public_bytes(self.boxes(day)[0])

    def voucher_key(self, day: date) -> bytes:
        """Under which that day's vouchers are made: the newest epoch's, so that none outlives a member who left; raises `DayShut`."""
        return _derive(self.day_key(day), b"sceau/voucher/v1")

    def import_key(self) -> bytes:
        """The key of the ids given to imported rows: the first epoch's for ever, since ids stay."""
        return _derive(self.epochs[0].secret, b"sceau/import-id/v1")


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _LENGTH, salt=None, info=purpose).derive(secret)
