"""Where the key comes from that unlocks a store: the operator's passphrase, a file descriptor, a systemd credential, or, for
demos, a file (`UnsafeFileKeys`).
"""

import os
from pathlib import Path
from typing import NamedTuple

from argon2.low_level import Type, hash_secret_raw

from sceau.core.keyholder.store import KEY_LENGTH

CREDENTIAL = "sceau-unlock"
_SALT = "salt"


class Unlock(NamedTuple):
    """`unsafe` when the key lies where a thief of files finds it."""

    key: bytes
    unsafe: bool = False


class UnsafeFileKeys:
    """A key in a file, made if there is none: for demos and trials. `sceau doctor` says so."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def unlock(self) -> Unlock:
        if not self.path.exists():
            with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(os.urandom(KEY_LENGTH).hex())
        return Unlock(bytes.fromhex(self.path.read_text().strip()), unsafe=True)


def from_passphrase(passphrase: str, folder: Path) -> Unlock:
    """Argon2id over the passphrase (64 MiB, three passes), with a salt beside the store."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / _SALT
    if not place.exists():
        place.write_bytes(os.urandom(16))
    secret = passphrase.encode()
    return Unlock(hash_secret_raw(secret, place.read_bytes(), 3, 65_536, 4, KEY_LENGTH, Type.ID))


def from_descriptor(number: int) -> Unlock:
    """32 bytes, hexadecimal, from an open file descriptor."""
    with os.fdopen(number, "r") as file:
        return Unlock(bytes.fromhex(file.read().strip()))


def from_systemd() -> Unlock | None:
    """`LoadCredential=sceau-unlock` of the unit, if there is one."""
    place = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nonexistent")) / CREDENTIAL
    return Unlock(bytes.fromhex(place.read_text().strip())) if place.exists() else None
