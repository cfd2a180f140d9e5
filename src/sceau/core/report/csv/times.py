"""Dates and times as the three dialects write them. A time without a zone is naive; a day without a time is noon of that day.

Noon follows SimpleReport, which chose it so that a wrongly assumed zone leaves the calendar day as it was; American
abbreviations are zones with their summer time, as SimpleReport reads them too. Never guesses the order of day and month.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from sceau.core.report.csv.cells import BadCell, Kind
from sceau.core.report.errors import Trouble

NOON = time(12)
_YEARS = range(1880, 9999)  # what calendars and zones can be reckoned with
_CLOCK = r"(?P<hour>[0-9]{1,2})[:hH](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
_ZONE = r"(?P<zone>[A-Za-z]{1,4}|[+-][0-9]{2}:?[0-9]{2})"
_AMERICAN = re.compile(rf"(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})/(?P<year>[0-9]{{4}})(?:\s+{_CLOCK}(?:\s*{_ZONE})?)?")
_FRENCH = re.compile(rf"(?P<day>[0-9]{{1,2}})/(?P<month>[0-9]{{1,2}})/(?P<year>[0-9]{{4}})(?:\s+{_CLOCK}(?:\s*{_ZONE})?)?")
_COMPACT = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?(?P<zone>[+-][0-9]{4})?)?"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}.*)?")
_EASTERN, _CENTRAL, _MOUNTAIN = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago"), ZoneInfo("America/Denver")
_PACIFIC, _ALASKA, _ALEUTIAN = ZoneInfo("America/Los_Angeles"), ZoneInfo("America/Anchorage"), ZoneInfo("America/Adak")
_HAWAII, _SAMOA, _ATLANTIC = ZoneInfo("Pacific/Honolulu"), ZoneInfo("Pacific/Pago_Pago"), ZoneInfo("America/Puerto_Rico")
_ABBREVIATIONS: dict[str, tzinfo] = {
    **dict.fromkeys(("Z", "UT", "UTC", "GMT"), UTC),
    **dict.fromkeys(("ET", "EST", "EDT"), _EASTERN),
    **dict.fromkeys(("CT", "CST", "CDT"), _CENTRAL),
    **dict.fromkeys(("MT", "MST", "MDT"), _MOUNTAIN),
    **dict.fromkeys(("PT", "PST", "PDT"), _PACIFIC),
    **dict.fromkeys(("AK", "AKST", "AKDT"), _ALASKA),
    **dict.fromkeys(("HI", "HST"), _HAWAII),
    **dict.fromkeys(("AS", "ASM", "SST"), _SAMOA),
    **dict.fromkeys(("AST", "ADT"), _ATLANTIC),
    "HDT": _ALEUTIAN,
}


def _zone(written: str | None) -> tzinfo | None:
    if written is None:
        return None
    if written[0] not in "+-":
        if written.upper() not in _ABBREVIATIONS:
            raise BadCell(Trouble.UNKNOWN_VALUE, written)
        return _ABBREVIATIONS[written.upper()]
    shift = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return timezone(-shift if written[0] == "-" else shift)


def _moment(found: re.Match[str]) -> datetime:
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    if found["hour"] is None:
        return datetime.combine(day, NOON)
    clock = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    return datetime.combine(day, clock, _zone(found["zone"]))


def _iso(cell: str) -> datetime:
    if not _ISO.fullmatch(cell):
        raise ValueError
    return datetime.fromisoformat(cell) if len(cell) > len("2021-12-31") else datetime.combine(date.fromisoformat(cell), NOON)


def _written(shape: re.Pattern[str]) -> Callable[[str], datetime]:
    """Reads times of that shape, or else as ISO 8601 writes them."""

    def read(cell: str) -> datetime:
        found = shape.fullmatch(cell)
        try:
            moment = _moment(found) if found else _iso(cell)
        except BadCell:
            raise
        except ValueError:
            raise BadCell(Trouble.UNREADABLE) from None
        if moment.year not in _YEARS:
            raise BadCell(Trouble.UNREADABLE)
        return moment

    return read


def _kinds(shape: re.Pattern[str]) -> tuple[Kind, Kind]:
    """Times of that shape, and days (a time is allowed and dropped). Both are written as ISO 8601."""
    read = _written(shape)
    return Kind(read, datetime.isoformat), Kind(lambda cell: read(cell).date(), date.isoformat)


AMERICAN_TIME, AMERICAN_DATE = _kinds(_AMERICAN)
COMPACT_TIME, COMPACT_DATE = _kinds(_COMPACT)
FRENCH_TIME, FRENCH_DATE = _kinds(_FRENCH)
