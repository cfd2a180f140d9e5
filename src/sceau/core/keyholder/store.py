"""The keyholder's own secrets: one file each, sealed under a master key that only the unlock key unwraps. No database.

Names are ours (`receipt`, `days/2026-11-23`), never a person's; a file moved to another name does not open. What is destroyed is
overwritten, unlinked, and gone from memory.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sceau.core.keyholder.errors import KeyholderError, Refusal

KEY_LENGTH = 32
_NONCE = 12
_MASTER = "master"
_NOT_SEALED = ("salt", "journal.jsonl")
_LABEL = b"sceau/store/v1\0"


class Store:
    """An unlocked store. Raises `KeyholderError` (`wrong`) for another unlock key, `OSError` when the disk fails."""

    def __init__(self, folder: Path, unlock: bytes) -> None:
        self.folder = folder
        self._cached: dict[str, bytes] = {}
        self._master = _unseal(unlock, _MASTER, (folder / _MASTER).read_bytes())

    @classmethod
    def create(cls, folder: Path, unlock: bytes) -> Self:
        """A new store in a folder that has none; raises `FileExistsError`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / _MASTER).exists():
            raise FileExistsError(folder)
        _write(folder / _MASTER, _seal(unlock, _MASTER, os.urandom(KEY_LENGTH)))
        return cls(folder, unlock)

    @classmethod
    def recovered(cls, folder: Path, master: bytes) -> Self:
        """The store of this master key, whatever unlocked it before; raises `KeyholderError` if its files do not open with it."""
        store = cls.__new__(cls)
        store.folder, store._cached, store._master = folder, {}, master
        for name in store.names("."):
            if Path(name).name not in (_MASTER, *_NOT_SEALED):
                _unseal(master, Path(name).name, (folder / name).read_bytes())
        return store

    def rewrap(self, unlock: bytes) -> None:
        """From now on another key unlocks it."""
        _write(self.folder / _MASTER, _seal(unlock, _MASTER, self._master))

    @property
    def master(self) -> bytes:
        """For escrow alone."""
        return self._master

    def get(self, name: str) -> bytes | None:
        """The secret of that name, or None."""
        if name not in self._cached:
            try:
                self._cached[name] = _unseal(self._master, name, (self.folder / name).read_bytes())
            except FileNotFoundError:
                return None
        return self._cached[name]

    def ensure(self, name: str, make: Callable[[], bytes] = lambda: os.urandom(KEY_LENGTH)) -> bytes:
        """The secret of that name, made and on the disk if there was none."""
        found = self.get(name)
        return found if found is not None else self.put(name, make())

    def put(self, name: str, secret: bytes) -> bytes:
        """Writes or replaces, whole or not at all."""
        place = self.folder / name
        _folder(place.parent, self.folder)
        _write(place, _seal(self._master, name, secret))
        self._cached[name] = secret
        return secret

    def destroy(self, name: str) -> bool:
        """Whether there was one."""
        self._cached.pop(name, None)
        place = self.folder / name
        try:
            with place.open("r+b") as file:
                file.write(os.urandom(place.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            place.unlink()
        except FileNotFoundError:
            return False
        _sync(place.parent)
        return True

    def names(self, folder: str) -> list[str]:
        """Full names of the secrets in a folder, sorted; folders in it are left out."""
        place = self.folder / folder
        found = place.iterdir() if place.is_dir() else iter(())
        return sorted(f"{folder}/{each.name}" for each in found if each.is_file() and not each.name.startswith("."))

    def folders(self, folder: str) -> list[str]:
        place = self.folder / folder
        return sorted(f"{folder}/{each.name}" for each in place.iterdir() if each.is_dir()) if place.is_dir() else []


def _seal(key: bytes, name: str, secret: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, _LABEL + name.encode())


def _unseal(key: bytes, name: str, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _LABEL + name.encode())
    except (InvalidTag, ValueError):
        raise KeyholderError(Refusal.WRONG, f"store: {name} does not open with this key") from None


def _write(place: Path, data: bytes) -> None:
    handle, beside = tempfile.mkstemp(dir=place.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _sync(place.parent)


def _folder(folder: Path, top: Path) -> None:
    """Each level on its own: `mkdir(parents=True)` gives its mode to the last one only."""
    if folder != top:
        _folder(folder.parent, top)
        folder.mkdir(mode=0o700, exist_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
