"""What HL7 v2 answers: one ACK a message with its ERR segments, in a batch where a batch came. Pure; knows no connection.

Follows HL7 v2.5.1 chapter 2: original acknowledgement mode (2.9.2), MSA (2.15.8), ERR (2.15.5), batches (2.10.3). What the sender
wrote comes back in MSH-5, MSH-6 and MSA-2 alone, as text, whatever delimiters he chose; what a person's field holds never does.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sceau.core.report.errors import Language, Problem, ReportError, Trouble
from sceau.core.report.hl7v2.build import field, segment, time
from sceau.core.report.hl7v2.envelope import decode, unwrap
from sceau.core.report.hl7v2.syntax import Segment, read_delimiters

_PLACE = re.compile(r"([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\.(\d+))?)?")
_LONGEST = 199
_BATCHES = (b"BHS", b"FHS")
_OTHERWISE = ("207", "Application internal error")
# HL7 v2.5.1, table 0357, as far as a problem is one of its kinds. It has no code for a rule of the application's own, such as a date
# in the future: those are its catch-all, and ERR-5 says which.
_CONDITIONS = {
    Trouble.MISSING: ("101", "Required field missing"),
    Trouble.NO_IDENTIFIER: ("101", "Required field missing"),
    Trouble.REPLACES_MISSING: ("101", "Required field missing"),
    Trouble.RESULT_MISSING: ("100", "Segment sequence error"),
    Trouble.BAD_SHAPE: ("102", "Data type error"),
    Trouble.UNREADABLE: ("102", "Data type error"),
    Trouble.TOO_LONG: ("102", "Data type error"),
    Trouble.CONTROL_CHARACTER: ("102", "Data type error"),
    Trouble.NO_TIME_ZONE: ("102", "Data type error"),
    Trouble.BAD_CHECK_DIGIT: ("102", "Data type error"),
    Trouble.UNKNOWN_CODE: ("103", "Table value not found"),
    Trouble.UNKNOWN_SYSTEM: ("103", "Table value not found"),
    Trouble.UNKNOWN_VALUE: ("103", "Table value not found"),
    Trouble.NOT_A_SCREENING: ("200", "Unsupported message type"),
    Trouble.FILE_EMPTY: ("100", "Segment sequence error"),
    Trouble.FILE_TRUNCATED: ("100", "Segment sequence error"),
    Trouble.NO_ROWS: ("100", "Segment sequence error"),
    Trouble.FILE_UNKNOWN: ("200", "Unsupported message type"),
    Trouble.FILE_NUL: ("102", "Data type error"),
    Trouble.NOT_A_BUNDLE: ("200", "Unsupported message type"),
    Trouble.NOT_FOR_PRODUCTION: ("202", "Unsupported processing id"),
    Trouble.DANGLING_REFERENCE: ("204", "Unknown key identifier"),
    Trouble.DUPLICATE_ID: ("205", "Duplicate key identifier"),
}


class Code(StrEnum):
    """Table 0008: taken; refused for what it says; refused unread, to be sent again once the cause is mended."""

    ACCEPT = "AA"
    ERROR = "AE"
    REJECT = "AR"


class Verdict(NamedTuple):
    """What is answered to one message."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    code: Code = Code.ACCEPT
    text: str = ""


def acknowledge(data: bytes, verdicts: Iterable[Verdict], *, at: datetime, language: Language, name: Callable[[], UUID]) -> bytes:
    """An ACK for each message of `data`, in order, each with a name of its own; for what holds no message, one."""
    headers = _headers(data) or [None]
    acks = [_ack(*each, at=at, language=language, name=name()) for each in zip(headers, verdicts, strict=False)]
    if not data.lstrip().startswith(_BATCHES):
        return "".join(acks).encode()
    first = segment("BHS", {3: "SCEAU", 7: time(at)})
    return "".join((first, *acks, segment("BTS", {1: str(len(acks))}))).encode()


def _headers(data: bytes) -> list[Segment | None]:
    """Each message's MSH, None where it cannot be read."""
    try:
        return [_header(parcel.lines) for parcel in unwrap(data)]
    except ReportError:
        return []


def _header(lines: list[bytes]) -> Segment | None:
    try:
        header = decode(lines[:1]).lines[0]
        return Segment(header, read_delimiters(header), "MSH") if header.startswith("MSH") else None
    except ReportError:
        return None


def _ack(header: Segment | None, verdict: Verdict, *, at: datetime, language: Language, name: UUID) -> str:
    errors = [_error(problem, "E", language) for problem in verdict.problems]
    warnings = [_error(problem, "W", language) for problem in verdict.warnings]
    text = {3: field(verdict.text)} if verdict.text else {}
    control = _echo(header, 10)
    return "".join((_head(header, name, at), segment("MSA", {1: verdict.code, 2: control} | text), *errors, *warnings))


def _head(header: Segment | None, name: UUID, at: datetime) -> str:
    """Sender and receiver changed places."""
    fields = {2: "", 3: "SCEAU", 5: _echo(header, 3), 6: _echo(header, 4), 7: time(at), 9: field("ACK", "R01", "ACK")}
    mode = _echo(header, 11) or "P"
    return segment("MSH", fields | {10: str(name), 11: mode, 12: "2.5.1", 18: "UNICODE UTF-8"})


def _echo(header: Segment | None, number: int) -> str:
    """A field of the sender's, its components as text of ours."""
    if header is None:
        return ""
    value = header.value(number)
    texts = (value.text(component) for component in (1, 2, 3))
    return field(*("".join(filter(str.isprintable, text))[:_LONGEST] for text in texts))


def _error(problem: Problem, severity: str, language: Language) -> str:
    code, meaning = _CONDITIONS.get(problem.trouble, _OTHERWISE)
    condition = field(code, meaning, "HL70357") if severity == "E" else field("0", "Message accepted", "HL70357")
    fields = {2: _location(problem.where), 3: condition, 4: severity, 5: field(problem.trouble.value, "", "urn:sceau:trouble")}
    return segment("ERR", fields | {8: field(problem.text(language))})


def _location(where: str) -> str:
    """An ERL: segment, its number, field, repetition, component; empty where the place is none of a segment."""
    found = _PLACE.fullmatch(where)
    if found is None:
        return ""
    name, number, place, component = found.groups()
    return field(*_numbered(name, number or "1", place, component))


def _numbered(name: str, number: str, place: str | None, component: str | None) -> Iterator[str]:
    yield name
    yield number
    yield from (place,) if place else ()
    yield from ("1", component) if component else ()
