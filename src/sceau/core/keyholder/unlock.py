"""Where the key comes from that unlocks a store: the operator's passphrase, a file descriptor, a systemd credential, or, for
demos, a file (`UnsafeFileKeys`). A key is 32 bytes, written in hexadecimal; another is refused, `KeyholderError` (`wrong`).
"""

import os
from pathlib import Path
from typing import NamedTuple

from argon2.low_level import Type, hash_secret_raw

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.store import KEY_LENGTH, write_whole

CREDENTIAL = "sceau-unlock"
_SALT = "salt"
_SALT_LENGTH = 16


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
            write_whole(self.path, os.urandom(KEY_LENGTH).hex().encode())
        return Unlock(_key(self.path.read_bytes()), unsafe=True)


def from_passphrase(passphrase: str, folder: Path) -> Unlock:
    """Argon2id over the passphrase (64 MiB, three passes), with a salt beside the store: lost, no passphrase opens it again."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / _SALT
    if not place.exists():
        write_whole(place, os.urandom(_SALT_LENGTH))
    salt = place.read_bytes()
    if len(salt) != _SALT_LENGTH:
        raise KeyholderError(Refusal.WRONG, f"unlock: the salt beside the store is not {_SALT_LENGTH} bytes")
    return Unlock(hash_secret_raw(passphrase.encode(), salt, 3, 65_536, 4, KEY_LENGTH, Type.ID))


def from_descriptor(number: int) -> Unlock:
    """From an open file descriptor, which is read to its end and closed."""
    with os.fdopen(number, "rb") as file:
        return Unlock(_key(file.read()))


def from_systemd() -> Unlock | None:
    """`LoadCredential=sceau-unlock` of the unit, if there is one."""
    place = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nonexistent")) / CREDENTIAL
    return Unlock(_key(place.read_bytes())) if place.exists() else None


def _key(text: bytes) -> bytes:
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_LENGTH:
        raise KeyholderError(Refusal.WRONG, f"unlock: not {KEY_LENGTH} bytes in hexadecimal")
    return key
