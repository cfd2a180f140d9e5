"""Opening. Only the modules that the import contract lists may import this one; every opening is somebody's act.

Everything fails the same way, with a `SealingError` that says nothing of what was inside.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sceau.core.sealing import body
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.header import HEADER_LENGTH, Header
from sceau.core.sealing.rows import NONCE_LENGTH, ROW_VERSION, Place
from sceau.core.sealing.seal import REASONS_LABEL, envelope_info
from sceau.core.sealing.signing import SIGNATURE_LENGTH
from sceau.core.sealing.suite import SUITE, PrivateKey, private_key

_VERSION = bytes([ROW_VERSION])


class OpenedEnvelope(NamedTuple):
    header: Header
    acknowledgement_key: bytes
    reports: list[bytes]


def open_envelope(data: bytes, key: PrivateKey) -> OpenedEnvelope:
    """Opens an envelope whose signature, where it has one, has been checked at the door; raises `SealingError`."""
    header = Header.parse(data)
    sealed = data[HEADER_LENGTH:] if header.door else data[HEADER_LENGTH:-SIGNATURE_LENGTH]
    try:
        plain = SUITE.decrypt(sealed, key, info=envelope_info(data[:HEADER_LENGTH]))
    except (InvalidTag, ValueError):
        raise SealingError(Flaw.CANNOT_OPEN) from None
    return OpenedEnvelope(header, *body.decode(plain, header.reports))


class RowOpener:
    """Opens many rows under one 32-byte key, whose schedule is computed once; it holds the key and must end with it."""

    def __init__(self, key: bytes) -> None:
        self._aes = AESGCM(key)

    def open(self, sealed: bytes, place: Place) -> bytes:
        """The plaintext of a row sealed by `seal_row` for the same place; raises `SealingError`."""
        if sealed[:1] != _VERSION:
            raise SealingError(Flaw.UNKNOWN_VERSION)
        return _decrypted(self._aes, sealed[1:], place.aad())


def open_row(key: bytes, sealed: bytes, place: Place) -> bytes:
    """One row, as `RowOpener.open` does; raises `SealingError`."""
    return RowOpener(key).open(sealed, place)


def open_row_with(keys: Sequence[bytes], sealed: bytes, place: Place) -> bytes:
    """`open_row` with the first of these keys that opens it: those of a day's epochs; raises `SealingError`."""
    for key in keys[:-1]:
        with suppress(SealingError):
            return open_row(key, sealed, place)
    if not keys:
        raise SealingError(Flaw.UNKNOWN_KEY)
    return open_row(keys[-1], sealed, place)


def open_box(seeds: Sequence[bytes], sealed: bytes, info: bytes) -> bytes:
    """What `seal_box` sealed to the box of one of these seeds; raises `SealingError`."""
    for seed in seeds:
        with suppress(InvalidTag, ValueError):
            return _unpadded(SUITE.decrypt(sealed, private_key(seed), info=info))
    raise SealingError(Flaw.CANNOT_OPEN)


def open_reasons(key: bytes, sealed: bytes, envelope: UUID) -> bytes:
    """What an acknowledgement says about persons; raises `SealingError`."""
    return _decrypted(AESGCM(key), sealed, REASONS_LABEL + envelope.bytes)


def _decrypted(aes: AESGCM, sealed: bytes, aad: bytes) -> bytes:
    try:
        padded = aes.decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], aad)
    except (InvalidTag, ValueError):
        raise SealingError(Flaw.CANNOT_OPEN) from None
    return _unpadded(padded)


def _unpadded(padded: bytes) -> bytes:
    end = 4 + int.from_bytes(padded[:4], "big")
    if len(padded) < max(4, end) or padded[end:].strip(b"\0"):
        raise SealingError(Flaw.BAD_PADDING)
    return padded[4:end]
