"""Sealing: envelopes to the registry, rows to a day key, acknowledgements to an envelope's key. Never opens anything.

SPEC.md gives the bytes. Envelopes: HPKE, with the header bound through `info`; rows: AES-256-GCM with random 96-bit nonces under
keys that live one day (far below 2^32 rows a key), bound to their place.
"""

import hashlib
import os
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sceau.core.sealing import body
from sceau.core.sealing.header import Header
from sceau.core.sealing.rows import NONCE_LENGTH, ROW_VERSION, Place
from sceau.core.sealing.suite import ENCAPSULATION_LENGTH, SUITE, TAG_LENGTH, PublicKey

ENVELOPE_LABEL = b"sceau/envelope/v1"
REASONS_LABEL = b"sceau/reasons/v1"
BOX_LABEL = b"sceau/box/v1\0"
BOX_MOST = 2044
BOX_SEALED = ENCAPSULATION_LENGTH + BOX_MOST + 4 + TAG_LENGTH
_ROW_SMALLEST = 256
_VERSION = bytes([ROW_VERSION])


class SealedEnvelope(NamedTuple):
    """The bytes to send, and the key that will open the acknowledgement."""

    data: bytes
    acknowledgement_key: bytes


def envelope_info(header: bytes) -> bytes:
    """What HPKE binds a body to: the label and the header's SHA-256."""
    return ENVELOPE_LABEL + hashlib.sha256(header).digest()


def seal_envelope(
    header: Header, reports: Sequence[bytes], blinded: Sequence[bytes], *, registry: PublicKey, signer: Ed25519PrivateKey
) -> SealedEnvelope:
    """Seals `reports` (FHIR Bundles, one line each, as many as the header counts) to the registry, signed by the pharmacy."""
    sealed = _sealed(header, reports, blinded, registry)
    return sealed._replace(data=sealed.data + signer.sign(sealed.data))


def seal_at_the_door(header: Header, reports: Sequence[bytes], blinded: Sequence[bytes], *, registry: PublicKey) -> bytes:
    """The same for a plain door of the registry: its header says so, nobody signs, and the acknowledgement is nobody's to open."""
    return _sealed(header._replace(door=True), reports, blinded, registry).data


def _sealed(header: Header, reports: Sequence[bytes], blinded: Sequence[bytes], registry: PublicKey) -> SealedEnvelope:
    if not header.reports == len(reports) == len(blinded):
        raise ValueError("the header counts other reports than are given")
    key, head = os.urandom(body.KEY_LENGTH), header.pack()
    return SealedEnvelope(head + SUITE.encrypt(body.encode(key, reports, blinded), registry, info=envelope_info(head)), key)


class RowSealer:
    """Seals many rows under one 32-byte key, whose schedule is computed once; it holds the key and must end with it."""

    def __init__(self, key: bytes) -> None:
        self._aes = AESGCM(key)

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        """`plaintext` bound to its place: version, nonce, ciphertext of a padded size."""
        return _VERSION + _encrypted(self._aes, pad(plaintext), place.aad())


def seal_row(key: bytes, plaintext: bytes, place: Place) -> bytes:
    """One row, as `RowSealer.seal` does."""
    return RowSealer(key).seal(plaintext, place)


def seal_reasons(key: bytes, plaintext: bytes, envelope: UUID) -> bytes:
    """What an acknowledgement says about persons, under the envelope's own key."""
    return _encrypted(AESGCM(key), pad(plaintext), REASONS_LABEL + envelope.bytes)


def box_info(pharmacy: UUID, day: date, item: UUID) -> bytes:
    """What HPKE binds a box's content to."""
    return BOX_LABEL + pharmacy.bytes + day.isoformat().encode() + item.bytes


def seal_box(plaintext: bytes, public: PublicKey, info: bytes) -> bytes:
    """`plaintext` (at most `BOX_MOST` bytes) to a day's public key, always of one length: `BOX_SEALED` bytes."""
    if len(plaintext) > BOX_MOST:
        raise ValueError(f"a box takes {BOX_MOST} bytes")
    padded = (len(plaintext).to_bytes(4, "big") + plaintext).ljust(BOX_MOST + 4, b"\0")
    return SUITE.encrypt(padded, public, info=info)


def pad(plaintext: bytes) -> bytes:
    """Length, text, zeros up to a size class of at least 256 bytes."""
    length = len(plaintext) + 4
    power = 1 << (length - 1).bit_length()
    room = max(_ROW_SMALLEST, power) if length <= body.SMALLEST else body.size_class(length)
    return (len(plaintext).to_bytes(4, "big") + plaintext).ljust(room, b"\0")


def _encrypted(aes: AESGCM, plaintext: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + aes.encrypt(nonce, plaintext, aad)
