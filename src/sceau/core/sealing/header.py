"""What an envelope says outside, in clear and bound to its body (SPEC.md, "Header"). 73 bytes, no options."""

import struct
from datetime import UTC, datetime
from typing import NamedTuple, Self
from uuid import UUID

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Finess
from sceau.core.sealing.errors import Flaw, SealingError

MAGIC = b"SCEAU"
DOOR_MAGIC = b"SCEAD"
VERSION = 1
MAX_REPORTS = 1_000
_LAYOUT = struct.Struct(">5sB16s16s16s9sQH")
HEADER_LENGTH = _LAYOUT.size
_LATEST_MS = 253_402_300_799_000  # the end of the year 9999


class Header(NamedTuple):
    """Who sends how many reports, when, and for which registry key (16 bytes). `door`: sealed by a plain door of the registry
    itself, which nobody signs; nobody else may send one.
    """

    registry_key: bytes
    envelope: UUID
    software: UUID
    finess: Finess
    sent_at: datetime
    reports: int
    door: bool = False

    def pack(self) -> bytes:
        milliseconds = round(self.sent_at.timestamp() * 1000)
        names = (self.registry_key, self.envelope.bytes, self.software.bytes, self.finess.encode())
        return _LAYOUT.pack(DOOR_MAGIC if self.door else MAGIC, VERSION, *names, milliseconds, self.reports)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The header at the start of an envelope; raises `SealingError`."""
        if len(data) < HEADER_LENGTH:
            raise SealingError(Flaw.TRUNCATED)
        magic, version, key, envelope, software, finess, milliseconds, count = _LAYOUT.unpack_from(data)
        if magic not in (MAGIC, DOOR_MAGIC):
            raise SealingError(Flaw.NOT_AN_ENVELOPE)
        if version != VERSION:
            raise SealingError(Flaw.UNKNOWN_VERSION)
        if not 1 <= count <= MAX_REPORTS or milliseconds > _LATEST_MS:
            raise SealingError(Flaw.BAD_HEADER)
        sent_at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        return cls(key, UUID(bytes=envelope), UUID(bytes=software), _finess(finess), sent_at, count, magic == DOOR_MAGIC)


def _finess(data: bytes) -> Finess:
    try:
        return Finess(data.decode("ascii"))
    except (UnicodeDecodeError, BadCode):
        raise SealingError(Flaw.BAD_HEADER) from None
