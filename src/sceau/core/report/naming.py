"""Which report a row is (ADR 0002): ids that only the holder of a key can derive, the same for the same row. Pure.

`id` = HMAC-SHA256(import key, generation ‖ sender ‖ canonical row), 128 bits of it as a UUID of version 8. The generation counts how
often the row's import was undone, so that a row imported again after an undo is a new report. `lineage` = the same over what a
correction shares with what it corrects: sender, accession, test, sampling day and person; an accession number alone identifies nothing.
Where whoever reads the row holds no key, the ids derived with none are `renamed` by who does (ADR 0019).
"""

import hmac
from uuid import UUID

from msgspec.structs import replace

from sceau.core.codes.identifiers import Finess
from sceau.core.report.model import ScreeningReport, Status
from sceau.core.report.reading import Row, Statement


def report_id(key: bytes, row: Row, *, generation: int = 0) -> UUID:
    sender = row.statement.sender if row.statement else ""
    return _uuid(key, b"id", str(generation).encode(), sender.encode(), row.canonical)


def report_of(key: bytes, statement: Statement, report: UUID) -> ScreeningReport:
    """The report that a row states, under the id derived for it."""
    final, cancelled = statement.status is Status.FINAL, statement.status is Status.ENTERED_IN_ERROR
    lineage = _lineage(key, statement) or report
    replaces = None if final else lineage if lineage != report else _uuid(key, b"unnamed", report.bytes)
    return ScreeningReport(
        id=report,
        lineage=lineage,
        status=statement.status,
        issued=statement.issued,
        replaces=replaces,
        screening=None if cancelled else statement.screening,
    )


def renamed(key: bytes, report: ScreeningReport, *, finess: Finess) -> ScreeningReport:
    """The report under ids that this key gives to its own, one for one, and others for each establishment."""

    def name(one: UUID) -> UUID:
        return _uuid(key, b"renamed", finess.encode(), one.bytes)

    replaces = name(report.replaces) if report.replaces else None
    return replace(report, id=name(report.id), lineage=name(report.lineage), replaces=replaces)


def cancellation_id(key: bytes, report: UUID) -> UUID:
    """The id of the report that undoes this one, the same whenever it is asked."""
    return _uuid(key, b"undo", report.bytes)


def file_digest(key: bytes, data: bytes) -> bytes:
    """Tells the same file again, to this pharmacy only."""
    return hmac.digest(key, b"file" + data, "sha256")


def _lineage(key: bytes, statement: Statement) -> UUID | None:
    if not statement.accession:
        return None
    screening = statement.screening
    person = screening.patient
    names = "\0".join((person.family, *person.given)).casefold()
    days = f"{screening.specimen.taken_at.date()} {person.birth_date}"
    parts = (statement.sender, statement.accession, screening.loinc, days, names)
    return _uuid(key, b"lineage", *(part.encode() for part in parts))


def _uuid(key: bytes, purpose: bytes, *parts: bytes) -> UUID:
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose, *parts))
    digest = bytearray(hmac.digest(key, framed, "sha256")[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))
