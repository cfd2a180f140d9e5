"""The keyholder's own log: one line of JSON an entry, each with the hash of the one before. Only ever appended to.

It says what was asked, how much and by whose credential, never about whom in clear. Its head (count and hash), remembered
elsewhere, shows when a store or a journal was put back to an older state.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from sceau.core.keyholder.store import append_whole, sync_folder

START = bytes(32)


class Entry(msgspec.Struct, frozen=True):
    n: int
    at: datetime
    event: str
    facts: dict[str, str | int]
    before: str


class Head(NamedTuple):
    """How many entries, and the hash of the last."""

    entries: int
    digest: bytes


class Tampered(Exception):
    """The journal is not as it was written; the message names the first line that is wrong."""


class Journal:
    """Opens the journal and checks it whole; raises `Tampered`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._head = verify(path)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        sync_folder(path.parent)  # a file just made has to outlive the machine with its first line
        os.ftruncate(self._file, sum(len(line) + 1 for line in _lines(path)))

    @property
    def head(self) -> Head:
        return self._head

    def append(self, event: str, at: datetime, **facts: str | int) -> None:
        """On the disk when it returns; raises `OSError` and leaves nothing when the disk fails."""
        with self._lock:
            entry = Entry(self._head.entries + 1, at, event, facts, self._head.digest.hex())
            line = msgspec.json.encode(entry, enc_hook=str)
            append_whole(self._file, line + b"\n")
            self._head = Head(entry.n, hashlib.sha256(line).digest())

    def close(self) -> None:
        os.close(self._file)


def verify(path: Path) -> Head:
    """The head of a journal that is whole; raises `Tampered`."""
    head = Head(0, START)
    for line in _lines(path):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except ValueError:  # msgspec's errors, and text that is no UTF-8
            raise Tampered(f"line {head.entries + 1} is no entry") from None
        if (entry.n, entry.before) != (head.entries + 1, head.digest.hex()):
            raise Tampered(f"line {head.entries + 1} does not follow the one before")
        head = Head(entry.n, hashlib.sha256(line).digest())
    return head


def entries(path: Path) -> Iterator[Entry]:
    return (msgspec.json.decode(line, type=Entry) for line in _lines(path))


def _lines(path: Path) -> Iterator[bytes]:
    """A last line without its end was never answered for: the machine stopped within it."""
    if path.exists():
        with path.open("rb") as file:
            yield from (line.rstrip(b"\n") for line in file if line.endswith(b"\n"))
