"""Secrets kept as files, for the demo and for trials: one file a secret, 0600 in folders of 0700, made once, never overwritten.

Safe between processes: a secret is written beside its place and linked into it, so that nobody reads half of one and the first
writer wins. Safe from a power cut: what was returned is on the disk, name and all, since rows will be sealed under it.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


class SecretFolder:
    """A folder of secrets. Names are ours (`receipt`, `days/2026-11-23`), never a person's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, name: str) -> bytes | None:
        """The secret of that name, or None."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None

    def ensure(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The secret of that name, made now if there is none."""
        found = self.get(name)
        return found if found is not None else self._create(name, make())

    def names(self, folder: str) -> list[str]:
        """The names of the secrets in a folder of this one, sorted; none if there is no such folder."""
        place = self.path / folder
        return sorted(entry.name for entry in place.iterdir()) if place.is_dir() else []

    def _create(self, name: str, secret: bytes) -> bytes:
        place = self.path / name
        self._folder(place.parent)
        handle, beside = tempfile.mkstemp(dir=self.path)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secret)
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, place)
            _sync(place.parent)
        except FileExistsError:
            return place.read_bytes()
        finally:
            Path(beside).unlink()
        return secret

    def _folder(self, folder: Path) -> None:
        """Each level on its own: `mkdir(parents=True)` gives its mode to the last one only."""
        if folder != self.path:
            self._folder(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
