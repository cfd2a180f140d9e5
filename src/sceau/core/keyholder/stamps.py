"""The stamp of the door that took an envelope in, behind its bytes: month and HMAC-SHA256 under a key that the keyholder gives to that
door's process, which keeps it in memory. What anybody else writes into the inbox has none, and is not opened.

A stamp says by which door an envelope came, not who sent it: for that it has the pharmacy's signature, or the sender's approval.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sceau.core.keyholder.envelope_verbs import StampKey
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.store import Store

KEPT = timedelta(days=62)
"""How long what lies in the inbox has its stamp known, at least."""
_STEP = 28
_LABEL = b"sceau/stamp/v1\0"
_MONTH, _MAC = len("2026-11"), 32
LENGTH = _MONTH + _MAC
_DOORS = {True: "doors", False: "web"}
"""Whose process stamps: what came plain, and what came sealed."""


class Stamp(NamedTuple):
    """A door's key (32 bytes) of a month (`2026-11`)."""

    month: str
    key: bytes

    def on(self, data: bytes) -> bytes:
        """What is put behind the envelope: `LENGTH` bytes."""
        return self.month.encode() + self._mac(data)

    def holds(self, data: bytes, mac: bytes) -> bool:
        return hmac.compare_digest(self._mac(data), mac)

    def _mac(self, data: bytes) -> bytes:
        return hmac.digest(self.key, _LABEL + hashlib.sha256(data).digest(), "sha256")


class Stamps:
    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._stamps: dict[tuple[str, bool], Stamp] = {}

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {StampKey: self.key}

    def key(self, asked: StampKey, principal: str) -> tuple[str, bytes]:
        """This month's, for the process that keeps that door; raises `not-allowed` for another's."""
        if principal not in (_DOORS[asked.plain], "operator"):
            raise KeyholderError(Refusal.NOT_ALLOWED, "door")
        stamp = self._stamp(f"{self._clock():%Y-%m}", plain=asked.plain)
        return stamp.month, stamp.key

    def bare(self, data: bytes, *, plain: bool) -> bytes | None:
        """The envelope without its stamp; None where that door put none on it."""
        envelope, month, mac = data[:-LENGTH], data[-LENGTH:-_MAC].decode("ascii", "replace"), data[-_MAC:]
        if month not in _months(self._clock().date()):
            return None
        return envelope if self._stamp(month, plain=plain).holds(envelope, mac) else None

    def _stamp(self, month: str, *, plain: bool) -> Stamp:
        """Derived once: it is asked for with every envelope."""
        if (month, plain) not in self._stamps:
            told = _LABEL + f"{_DOORS[plain]} {month}".encode()
            self._stamps[month, plain] = Stamp(month, hmac.digest(self._store.ensure("stamp"), told, "sha256"))
        return self._stamps[month, plain]


@lru_cache(maxsize=2)
def _months(today: date) -> frozenset[str]:
    """From two months ago to tomorrow's: no month is shorter than a step."""
    return frozenset(f"{today - timedelta(days=back):%Y-%m}" for back in (*range(0, KEPT.days, _STEP), KEPT.days, -1))
