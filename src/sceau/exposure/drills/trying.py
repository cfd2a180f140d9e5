"""Trying keys: every 32 bytes that lie anywhere in what was stolen, on everything that is sealed.

A thief knows the source, so every place is known to which a ciphertext is bound; only the key is wanting.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sceau.core.keyholder.ingest import identity_place
from sceau.core.sealing.rows import NONCE_LENGTH, Place
from sceau.core.sealing.slots import SLOT_LABEL, slot_key
from sceau.exposure.drills import sessions
from sceau.exposure.drills.drill import Finding
from sceau.exposure.drills.world import World

_HEX = re.compile(rb"[0-9A-Fa-f]{64,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{43,}={0,2}")
_BYTEA = re.compile(rb"\\\\x([0-9a-f]{64,})")
_TOKEN = re.compile(rb"[^\s\0=\"':;,]{8,}")
_LENGTH = 32
_SMALL = 256


class Lock(NamedTuple):
    """Something sealed; `opens` tells whether a key of 32 bytes opens it."""

    what: str
    opens: Callable[[bytes], bool]


def candidates(*stolen: bytes, tokens: Sequence[bytes] = ()) -> set[bytes]:
    """Every key of 32 bytes that lies in these, as bytes, in hexadecimal or in base64; of `tokens` each word and its SHA-256 too."""
    found = {key for text in (*stolen, *tokens) for value in _values(text) for key in _windows(value)}
    words = {word for text in tokens for word in _TOKEN.findall(text)}
    return found | {word for word in words if len(word) == _LENGTH} | {hashlib.sha256(word).digest() for word in words}


def _values(text: bytes) -> Iterator[bytes]:
    for form in (_HEX, _BYTEA):
        for value in form.findall(text):
            yield bytes.fromhex(value[: len(value) & ~1].decode())
    for value in _BASE64.findall(text):
        even = value.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            yield base64.b64decode(even[: len(even) - (len(even) % 4 == 1)] + b"=" * (-len(even) % 4))
        except binascii.Error:
            continue


def _windows(value: bytes) -> Iterator[bytes]:
    """Every 32 bytes of a short value; of a long one the first and the last."""
    last = len(value) - _LENGTH
    places = range(last + 1) if len(value) <= _SMALL else (0, last)
    yield from (value[place : place + _LENGTH] for place in places)


def locks(world: World) -> list[Lock]:
    """Everything sealed in both databases, a few of each kind."""
    rows = [(what, bytes(sealed), place) for what, sealed, place in _rows(world)]
    seeds = [
        json.loads(data)["secret"]
        for (data,) in world.sql("counter", "select data::text from mfa_authenticator where type = 'totp'")
    ]
    return [
        *(row_lock(what, sealed, place) for what, sealed, place in rows),
        *(Lock("slot", opens) for opens in slot_locks(world)),
        *(Lock("second factor", _aes(base64.b64decode(seed), b"second-factor")) for seed in seeds[:2]),
        *(Lock("session", partial(sessions.opens, row)) for row in sessions.unlocked_rows(world)),
    ]


def row_lock(what: str, sealed: bytes, place: Place) -> Lock:
    return Lock(what, _aes(sealed[1:], place.aad()))


def slot_locks(world: World) -> list[Callable[[bytes], bool]]:
    """Each slot, to which the key itself is tried."""
    slots = world.sql("counter", "select id, wrapped from accounts_slot")
    return [_aes(bytes(wrapped), SLOT_LABEL + UUID(str(slot)).bytes) for slot, wrapped in slots]


def hardened(slot: UUID, wrapped: bytes, given: bytes) -> Lock:
    """A slot whose input the thief knows; what is tried is the keyholder's part."""
    inner = _aes(wrapped, SLOT_LABEL + slot.bytes)
    return Lock("slot with its input", lambda hardening: inner(slot_key(given, hardening)))


def attempt(locks: Iterable[Lock], keys: Iterable[bytes]) -> list[Finding]:
    """Each lock that some key opens."""
    tried = sorted(set(keys))
    return [Finding(f"a stolen key opens a {lock.what}", "what was stolen") for lock in locks if any(map(lock.opens, tried))]


def _rows(world: World) -> Iterator[tuple[str, bytes, Place]]:
    for table, column in (
        ("screenings_screening", "sealed"),
        ("relay_envelope", "sealed_key"),
        ("imports_import", "sealed_name"),
    ):
        query = f"select id, pharmacy_id, day, {column} from {table} order by id limit 4"  # noqa: S608 - constants
        for row, pharmacy, day, sealed in world.sql("counter", query):
            yield f"{table}.{column}", sealed, Place(table, str(row), column, str(pharmacy), day.isoformat())
    for report, department, day, sealed in world.sql(
        "registry", "select report_id, department, day, sealed from persons_identity"
    ):
        yield "persons_identity.sealed", sealed, identity_place(report, department, day)


def _aes(sealed: bytes, aad: bytes) -> Callable[[bytes], bool]:
    nonce, ciphertext = sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:]

    def opens(key: bytes) -> bool:
        try:
            AESGCM(key).decrypt(nonce, ciphertext, aad)
        except InvalidTag:
            return False
        return True

    return opens
