"""The HL7 v2 data types we read: codes (CWE, CE), times (TS), identifiers and their authorities (HD, EI).

Follows HL7 v2.5.1 chapter 2A and table 0396 (names of coding systems). Never guesses a system that was not named. What is wrong
is raised as `ReportError`, or written into the message's `Ledger`.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple, TypeVar

from sceau.core.codes.errors import BadCode
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.hl7v2.syntax import Value

LOINC = "LN"
SNOMED = "SCT"
OURS = "99SCEAU"
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_-]{0,39}")
_TIME = re.compile(r"([0-9]{8})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:\.([0-9]{1,6}))?)?)?)?([+-][0-9]{4})?")
_YEARS = range(1880, 9999)  # what calendars and zones can be reckoned with
_FOREIGN_NAMES = {"CLIA": "urn:oid:2.16.840.1.113883.4.7"}
_REASONS = {"shape": Trouble.BAD_SHAPE, "check_digit": Trouble.BAD_CHECK_DIGIT, "unknown": Trouble.UNKNOWN_CODE}
T = TypeVar("T")


class Ledger:
    """What is found wrong, or worth a warning, while one message is read; `zone` is the pharmacy's."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None with its problems noted, so that one refusal names everything at once."""
        try:
            return read()
        except ReportError as error:
            self.problems += error.problems
            return None

    def refuse(self, trouble: Trouble, where: str, detail: str = "") -> None:
        self.problems.append(Problem(trouble, where, detail))

    def warn(self, trouble: Trouble, where: str, detail: str = "") -> None:
        """Notes a warning, once."""
        problem = Problem(trouble, where, detail)
        if problem not in self.warnings:
            self.warnings.append(problem)


def refuse(trouble: Trouble, where: str, detail: str = "") -> ReportError:
    return ReportError(Problem(trouble, where, detail))


def token(text: str) -> str:
    """A code or a system that may be named to people; anything longer or looser could be somebody's data."""
    return text if _TOKEN.fullmatch(text) else ""


def checked(kind: Callable[[str], T], text: str, *, where: str, secret: bool = False) -> T:
    """The code that a text is, or `ReportError`; a `secret` one is not repeated."""
    try:
        return kind(text)
    except BadCode as bad:
        raise refuse(_REASONS[bad.reason], where, "" if secret else token(text)) from None


class Code(NamedTuple):
    text: str
    where: str


def coded(value: Value, *, system: str) -> Code:
    """The code of that system in the first or the alternate triplet; refused by name where only other systems are."""
    said = value.coded()
    for place, named, code in said:
        if named == system:
            return Code(code, value.at(place))
    if not said:
        raise refuse(Trouble.MISSING, value.at(1))
    place, named, _ = said[0]
    raise refuse(Trouble.UNKNOWN_SYSTEM, value.at(place + 2), token(named))


def pairs(value: Value) -> list[tuple[str, str]]:
    """(system, code) of each triplet that holds a code."""
    return [(system, code) for _, system, code in value.coded()]


def read_time(value: Value, *, ledger: Ledger) -> datetime | None:
    """A time, None where the field is empty; without an offset it is read in the pharmacy's zone, with a warning."""
    text = value.code()
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise refuse(Trouble.UNREADABLE, value.where)
    day, hour, minute, second, fraction, offset = found.groups()
    if offset is None:
        ledger.warn(Trouble.ASSUMED_ZONE, value.where)
    try:
        zone = ledger.zone if offset is None else _zone(offset)
        clock = (int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "0").ljust(6, "0")))
        return datetime(*_day(day), *clock, tzinfo=zone)
    except ValueError:
        raise refuse(Trouble.UNREADABLE, value.where) from None


def read_date(value: Value) -> date | None:
    """A calendar day, None where the field is empty; a time's day is taken as written, whatever its zone."""
    text = value.code()
    if not text:
        return None
    try:
        if not _TIME.fullmatch(text):
            raise ValueError
        return date(*_day(text[:8]))
    except ValueError:
        raise refuse(Trouble.UNREADABLE, value.where) from None


def _day(text: str) -> tuple[int, int, int]:
    year = int(text[:4])
    if year not in _YEARS:
        raise ValueError
    return year, int(text[4:6]), int(text[6:8])


def _zone(offset: str) -> timezone:
    hours, minutes = int(offset[1:3]), int(offset[3:5])
    if hours > 14 or minutes > 59:
        raise ValueError
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if offset[0] == "-" else shift)


def is_oid(text: str) -> bool:
    return _OID.fullmatch(text) is not None


def authority(value: Value, component: int) -> str:
    """The system an HD component names: an OID as `urn:oid:…`, another universal id as it is, or else its local name."""
    universal = value.code(component, 2)
    if is_oid(universal):
        return f"urn:oid:{universal}"
    return universal or value.text(component)


class Numbered(NamedTuple):
    """An organisation as a field names it: perhaps a name, perhaps a number in some system."""

    name: str
    system: str
    number: str
    kind: str  # table 0203, or the type of a universal id
    where: str


def organisation(value: Value) -> Numbered:
    """XON: the number in XON.10 (or XON.3 before v2.5) within the authority of XON.6."""
    place = 10 if value.code(10) or not value.code(3) else 3
    return Numbered(value.text(1), authority(value, 6), value.text(place), value.code(7), value.at(place))


def universal(value: Value, *, first: int) -> Numbered:
    """HD, or the end of an EI: the universal id is the number, its type the system; `first` is the component of the name."""
    kind, number = value.code(first + 2), value.code(first + 1)
    system = "urn:ietf:rfc:3986" if is_oid(number) else _FOREIGN_NAMES.get(kind, "")
    return Numbered(value.text(first), system, f"urn:oid:{number}" if is_oid(number) else number, kind, value.at(first + 1))
