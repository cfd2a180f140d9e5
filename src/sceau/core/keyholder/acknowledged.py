"""Which envelopes have been acknowledged for good: a month's ids in one file that only grows, and is destroyed with the month.

Ids come here once the acknowledgement is committed (the asker says so with its next question), never when it is signed: the
transaction may fail after that, and then the envelope has to be taken in again. A file is a run of records, one a batch:

    u32 number of ids ‖ ids (16 each) ‖ mac (32)
    mac = HMAC-SHA256(key, label ‖ name of the file ‖ mac of the record before, empty at first ‖ number ‖ ids)

In memory an id takes about 18 bytes: a set of Python's would take a hundred, and a month of a country has millions.
"""

import hmac
import os
import threading
from collections.abc import Iterable
from uuid import UUID

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.store import Store, write_whole

FOLDER = "acknowledged"
_KEY = "acknowledged-key"
_LABEL = b"sceau/acknowledged/v1\0"
_ID, _COUNT, _MAC = 16, 4, 32
_BUCKETS = 1 << 16


class Acknowledged:
    """Raises `KeyholderError` (`wrong`) for a file that was changed, `OSError` when the disk fails, and then has noted nothing."""

    def __init__(self, store: Store) -> None:
        self._store, self._lock = store, threading.RLock()
        key = store.ensure(_KEY)
        self._months = {name.rpartition("/")[2]: _Month(store, name, key) for name in store.names(FOLDER)}
        self._key = key

    def __contains__(self, envelope: UUID | None) -> bool:
        with self._lock:
            return envelope is not None and any(envelope.bytes in month for month in self._months.values())

    def note(self, envelopes: Iterable[UUID], *, month: str) -> int:
        """On the disk when it returns; those noted before are left out. Gives how many were new."""
        with self._lock:
            new = [one.bytes for one in dict.fromkeys(envelopes) if one not in self]
            if new:
                self._month(month).add(new)
        return len(new)

    def readmit(self, envelopes: Iterable[UUID]) -> int:
        """Forgets these, for a database that was put back to before they were acknowledged; gives how many it knew."""
        with self._lock:
            gone = {one.bytes for one in envelopes}
            return sum(month.leave_out(gone) for month in self._months.values())

    def end(self, month: str) -> None:
        """Nothing sealed in this month or before opens any more."""
        with self._lock:
            if self._months.pop(month, None):
                self._store.destroy(f"{FOLDER}/{month}")

    def months(self) -> list[str]:
        return sorted(self._months)

    def _month(self, month: str) -> "_Month":
        if month not in self._months:
            self._months[month] = _Month(self._store, f"{FOLDER}/{month}", self._key)
        return self._months[month]


class _Month:
    """One file, read once; ids lie in buckets, one after the other."""

    def __init__(self, store: Store, name: str, key: bytes) -> None:
        self._store, self._name, self._key = store, name, key
        self._buckets, self._last = dict[int, bytearray](), b""
        self._read()

    def __contains__(self, envelope: bytes) -> bool:
        bucket = self._buckets.get(hash(envelope) % _BUCKETS, b"")
        place = bucket.find(envelope)
        while place >= 0 and place % _ID:  # it began within an id
            place = bucket.find(envelope, place + 1)
        return place >= 0

    def add(self, envelopes: list[bytes]) -> None:
        told = _told(envelopes)
        mac = self._mac(told)
        self._store.append(self._name, told + mac)
        self._keep(envelopes, mac)

    def leave_out(self, gone: set[bytes]) -> int:
        """Writes the file anew without these."""
        known = [one for one in gone if one in self]
        if known:
            kept = [one for one in self._all() if one not in gone]
            self._buckets, self._last = {}, b""
            told = _told(kept)
            mac = self._mac(told)
            write_whole(self._store.place(self._name), told + mac)
            self._keep(kept, mac)
        return len(known)

    def _all(self) -> list[bytes]:
        return [bytes(bucket[at : at + _ID]) for bucket in self._buckets.values() for at in range(0, len(bucket), _ID)]

    def _keep(self, envelopes: Iterable[bytes], mac: bytes) -> None:
        for one in envelopes:
            self._buckets.setdefault(hash(one) % _BUCKETS, bytearray()).extend(one)
        self._last = mac

    def _mac(self, told: bytes | memoryview) -> bytes:
        return hmac.digest(self._key, _LABEL + self._name.encode() + self._last + told, "sha256")

    def _read(self) -> None:
        """A last record that is not whole was never answered for: the machine stopped within it, and the file is cut there."""
        path = self._store.place(self._name)
        data = memoryview(path.read_bytes() if path.exists() else b"")
        at = 0
        while len(data) - at >= _COUNT:
            end = at + _COUNT + _ID * int.from_bytes(data[at : at + _COUNT], "big")
            if len(data) < end + _MAC:
                break
            self._record(data[at:end], bytes(data[end : end + _MAC]))
            at = end + _MAC
        if at < len(data):
            os.truncate(path, at)

    def _record(self, told: memoryview, mac: bytes) -> None:
        if not hmac.compare_digest(self._mac(told), mac):
            raise KeyholderError(Refusal.WRONG, f"store: {self._name} was changed")
        self._keep((bytes(told[at : at + _ID]) for at in range(_COUNT, len(told), _ID)), mac)


def _told(envelopes: list[bytes]) -> bytes:
    return len(envelopes).to_bytes(_COUNT, "big") + b"".join(envelopes)
