"""The keyholder's own secrets: one file each, sealed under a master key that only the unlock key unwraps. No database.

Names are ours (`receipt`, `days/2026-11-23`), never a person's; a file moved to another name does not open. What is destroyed is
overwritten, unlinked, and gone from memory.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sceau.core.keyholder.errors import KeyholderError, Refusal

KEY_LENGTH = 32
_NONCE = 12
_MASTER = "master"
_RESERVED = (_MASTER, "salt", "journal.jsonl")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(/[A-Za-z0-9][A-Za-z0-9.-]*)*")
_LABEL = b"sceau/store/v1\0"


class Store:
    """An unlocked store. Raises `KeyholderError` (`wrong`) for another unlock key, `OSError` when the disk fails."""

    def __init__(self, folder: Path, unlock: bytes) -> None:
        self.folder = folder
        self._lock, self._cached = threading.RLock(), dict[str, bytes]()
        self._master = _unseal(unlock, _MASTER, (folder / _MASTER).read_bytes())

    @classmethod
    def create(cls, folder: Path, unlock: bytes) -> Self:
        """A new store in a folder that has none; raises `FileExistsError`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / _MASTER).exists():
            raise FileExistsError(folder)
        write_whole(folder / _MASTER, _seal(unlock, _MASTER, os.urandom(KEY_LENGTH)))
        return cls(folder, unlock)

    @classmethod
    def recovered(cls, folder: Path, master: bytes) -> Self:
        """The store of this master key, whatever unlocked it before; raises `KeyholderError` if no file opens with it.

        One that opens proves the key. To ask it of all would let a file half destroyed shut the others for ever.
        """
        store = cls.__new__(cls)
        store.folder, store._lock, store._cached, store._master = folder, threading.RLock(), {}, master
        if not any(store._opens(name) for name in store._all()):
            raise KeyholderError(Refusal.WRONG, "store: nothing in it opens with this key")
        return store

    def rewrap(self, unlock: bytes) -> None:
        """From now on another key unlocks it."""
        write_whole(self.folder / _MASTER, _seal(unlock, _MASTER, self._master))

    @property
    def master(self) -> bytes:
        """For escrow alone."""
        return self._master

    def get(self, name: str) -> bytes | None:
        """The secret of that name, or None."""
        with self._lock:
            if name not in self._cached:
                try:
                    self._cached[name] = _unseal(self._master, name, self.place(name).read_bytes())
                except FileNotFoundError:
                    return None
            return self._cached[name]

    def ensure(self, name: str, make: Callable[[], bytes] = lambda: os.urandom(KEY_LENGTH)) -> bytes:
        """The secret of that name, made and on the disk if there was none."""
        with self._lock:
            found = self.get(name)
            return found if found is not None else self.put(name, make())

    def put(self, name: str, secret: bytes) -> bytes:
        """Writes or replaces, whole or not at all."""
        place = self.place(name)
        with self._lock:
            self._cached.pop(name, None)  # should the disk fail, what is on it counts
            _folder(place.parent, self.folder)
            write_whole(place, _seal(self._master, name, secret))
            self._cached[name] = secret
        return secret

    def destroy(self, name: str) -> bool:
        """Whether there was one; what a write cut short left beside it goes too."""
        place = self.place(name)
        with self._lock:
            self._cached.pop(name, None)
            found = [each for each in (_beside(place), place) if each.exists()]
            for each in found:
                _overwrite(each)
                each.unlink()
            if found:
                sync_folder(place.parent)
        return place in found

    def names(self, folder: str) -> list[str]:
        """Full names of the secrets in a folder, sorted; folders in it are left out."""
        place = self.folder / folder
        found = place.iterdir() if place.is_dir() else iter(())
        return sorted(f"{folder}/{each.name}" for each in found if each.is_file() and not each.name.startswith("."))

    def folders(self, folder: str) -> list[str]:
        place = self.folder / folder
        return sorted(f"{folder}/{each.name}" for each in place.iterdir() if each.is_dir()) if place.is_dir() else []

    def append(self, name: str, data: bytes) -> None:
        """Adds to a file that its owner seals or signs itself: whole and on the disk, or not at all."""
        place = self.place(name)
        with self._lock:
            _folder(place.parent, self.folder)
            handle, new = os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), not place.stat().st_size
            try:
                append_whole(handle, data)
            finally:
                os.close(handle)
            if new:
                sync_folder(place.parent)

    def place(self, name: str) -> Path:
        """A file within the folder and none of the store's own, whoever chose the name; raises `ValueError`."""
        if name in _RESERVED or not _NAME.fullmatch(name):
            raise ValueError("no name of a secret")
        return self.folder / name

    def _all(self) -> Iterator[str]:
        files = (each.relative_to(self.folder).as_posix() for each in self.folder.rglob("*") if each.is_file())
        return (name for name in files if name not in _RESERVED and _NAME.fullmatch(name))

    def _opens(self, name: str) -> bool:
        with suppress(KeyholderError):
            _unseal(self._master, name, (self.folder / name).read_bytes())
            return True
        return False


def _seal(key: bytes, name: str, secret: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, secret, _LABEL + name.encode())


def _unseal(key: bytes, name: str, sealed: bytes) -> bytes:
    try:
        return _cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _LABEL + name.encode())
    except (InvalidTag, ValueError):
        raise KeyholderError(Refusal.WRONG, f"store: {name} does not open with this key") from None


def _cipher(key: bytes) -> AESGCM:
    """The library takes shorter keys, for weaker ciphers: we do not."""
    if len(key) != KEY_LENGTH:
        raise KeyholderError(Refusal.WRONG, f"store: a key of {len(key)} bytes, not {KEY_LENGTH}")
    return AESGCM(key)


def write_whole(place: Path, data: bytes) -> None:
    """Its user alone may read it; whole and on the disk when it returns, else as it was. Raises `OSError`."""
    beside = _beside(place)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(place.parent)


def append_whole(handle: int, data: bytes) -> None:
    """At the end of an open file, and on the disk when it returns; raises `OSError` and leaves nothing of it there."""
    length = os.fstat(handle).st_size
    try:
        while data:
            data = data[os.write(handle, data) :]
        os.fdatasync(handle)
    except OSError:
        os.ftruncate(handle, length)
        raise


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name}")


def _overwrite(place: Path) -> None:
    with place.open("r+b") as file:
        file.write(os.urandom(place.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def _folder(folder: Path, top: Path) -> None:
    """Each level on its own: `mkdir(parents=True)` gives its mode to the last one only."""
    if folder != top:
        _folder(folder.parent, top)
        folder.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
