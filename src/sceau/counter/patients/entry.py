"""What a card says inside its seal: the person, and which screening the report is about. A few microseconds to read, where the whole
report takes eighty: a pharmacy's directory is opened at once.
"""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from sceau.core.report.model import Patient, ScreeningReport, Status
from sceau.core.sealing.rows import Place


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """`patient` is None for a cancellation."""

    report: UUID
    lineage: UUID
    status: Status
    patient: Patient | None

    @classmethod
    def of(cls, report: ScreeningReport) -> "Entry":
        return cls(report.id, report.lineage, report.status, report.screening.patient if report.screening else None)

    def encode(self) -> bytes:
        return _ENCODER.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> "Entry":
        return _DECODER.decode(data)


def card_place(report: UUID, pharmacy: UUID, day: date) -> Place:
    return Place("patients_card", str(report), "sealed", str(pharmacy), day.isoformat())


def plain(value: Any) -> str:
    """Codes are written as the strings they are."""
    return str(value)


def coded(kind: Any, value: Any) -> Any:
    """A code is checked again when it is read."""
    return kind(value)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=plain)
_DECODER = msgspec.msgpack.Decoder(Entry, dec_hook=coded)
