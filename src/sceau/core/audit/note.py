"""Checkpoints of a log as C2SP signed notes (tlog-checkpoint): origin, size and root in lines of text, then the signature."""

import base64
import hashlib
from typing import NamedTuple

from sceau.core.sealing import signing
from sceau.core.sealing.errors import SealingError

_ED25519 = b"\x01"


class Checkpoint(NamedTuple):
    """`root` is the RFC 6962 tree hash (32 bytes) over the first `size` leaves."""

    origin: str
    size: int
    root: bytes


class BadNote(ValueError):
    """Not a checkpoint, or not signed by the key it has to be signed by."""


def text(origin: str, size: int, root: bytes) -> bytes:
    """What is signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def signed(origin: str, size: int, root: bytes, *, signature: bytes, public: bytes) -> str:
    """The note, with its signature line: name, then key id and Ed25519 signature in base64."""
    line = base64.b64encode(key_id(origin, public) + signature).decode()
    return text(origin, size, root).decode() + f"\n\u2014 {origin} {line}\n"


def verify(note: str, public: bytes) -> Checkpoint:
    """The checkpoint of a note signed by this key (Ed25519, 32 bytes); raises `BadNote`."""
    body, _, lines = note.partition("\n\n")
    try:
        origin, size, root = body.split("\n")
        known = key_id(origin, public)
        blobs = [base64.b64decode(line.split(" ")[2], validate=True) for line in lines.splitlines() if line.startswith("\u2014 ")]
        signature = next(blob[4:] for blob in blobs if blob[:4] == known)
        found = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
        signing.check(public, signature, text(*found))
    except (ValueError, IndexError, StopIteration, SealingError):
        raise BadNote("not a checkpoint signed by this log's key") from None
    return found


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that name a key in signature lines."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]
