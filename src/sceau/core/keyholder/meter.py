"""How often something was done within a time, surviving restarts: one small sealed file a key."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.store import Store

LONGEST = timedelta(days=1)


class Meter:
    """Counts by key; a key never names a person."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def check(self, key: str, *, limit: int, window: timedelta, at: datetime, more: int = 1) -> None:
        """Raises `KeyholderError` (`metered`) if `more` on top of what was counted within `window` exceeds `limit`."""
        if sum(moment > (at - window).timestamp() for moment in self._moments(key)) + more > limit:
            raise KeyholderError(Refusal.METERED)

    def count(self, key: str, *, at: datetime) -> None:
        """Counted before anything is given out, and on the disk."""
        recent = [moment for moment in self._moments(key) if moment > (at - LONGEST).timestamp()]
        self._store.put(self._name(key), msgspec.msgpack.encode([*recent, at.timestamp()]))

    def reset(self, key: str) -> None:
        self._store.destroy(self._name(key))

    def _moments(self, key: str) -> list[float]:
        held = self._store.get(self._name(key))
        return msgspec.msgpack.decode(held, type=list[float]) if held else []

    def _name(self, key: str) -> str:
        return f"meters/{hashlib.sha256(key.encode()).hexdigest()}"
