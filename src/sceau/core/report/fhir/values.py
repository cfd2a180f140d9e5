"""FHIR's small types as ours: codes out of concepts, times, days, and the values of our extensions.

Follows FHIR R4 datatypes. Never guesses a code system that was not named, nor the time of a partial date.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

import msgspec

from sceau.core.codes.errors import BadCode
from sceau.core.report.errors import Trouble
from sceau.core.report.fhir.notes import REASONS, Notes
from sceau.core.report.fhir.profile import UUID_PREFIX
from sceau.core.report.fhir.resources import CodeableConcept, Extension
from sceau.core.report.fhir.text import shown

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")

_UUID = re.compile(UUID_PREFIX + "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def codes_of(concept: CodeableConcept | None, system: str) -> list[str]:
    """The codes that a concept gives in one system."""
    return [coding.code for coding in concept.coding if coding.system == system and coding.code] if concept else []


def coded(concept: CodeableConcept | None, read: Callable[[str], T], *, system: str, where: str, notes: Notes) -> T | None:
    """The one value that a concept's codes of that system mean; None with the reason noted, naming the code or the system."""
    codes = codes_of(concept, system)
    if len(codes) == 1:
        try:
            return read(codes[0])
        except BadCode as bad:
            notes.refuse(REASONS[bad.reason], f"{where}.coding.code", shown(*codes))
            return None
    return _agreed(concept, codes, read, where, notes)


def _agreed(concept: CodeableConcept | None, codes: list[str], read: Callable[[str], T], where: str, notes: Notes) -> T | None:
    if not codes:
        _no_code(concept, where, notes)
        return None
    values, reasons = _understood(codes, read)
    if len(values) == 1:
        return values[0]
    notes.refuse(Trouble.UNKNOWN_CODE if values else REASONS[reasons[0]], f"{where}.coding.code", shown(*codes))
    return None


def _no_code(concept: CodeableConcept | None, where: str, notes: Notes) -> None:
    if concept is None or not any(coding.code for coding in concept.coding):
        notes.refuse(Trouble.MISSING, where)
    else:
        notes.refuse(Trouble.UNKNOWN_SYSTEM, f"{where}.coding.system", shown(*(coding.system for coding in concept.coding)))


def _understood(codes: Iterable[str], read: Callable[[str], T]) -> tuple[list[T], list[str]]:
    """The different values that the codes mean, and why the others mean none."""
    values: list[T] = []
    reasons = []
    for code in codes:
        try:
            value = read(code)
        except BadCode as bad:
            reasons.append(bad.reason)
        else:
            values += [] if value in values else [value]
    return values, reasons


def moment(text: str, *, where: str, notes: Notes) -> datetime | None:
    """An aware time; one without a zone, or a day alone, is read in the pharmacy's zone with a warning where there is one."""
    if not (_TIME.fullmatch(text) or _DAY.fullmatch(text)):
        notes.refuse(Trouble.UNREADABLE, where)
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        notes.refuse(Trouble.UNREADABLE, where)
        return None
    return read if read.tzinfo else _zoned(read, where, notes)


def _zoned(read: datetime, where: str, notes: Notes) -> datetime | None:
    if notes.zone is None:
        notes.refuse(Trouble.NO_TIME_ZONE, where)
        return None
    notes.warn(Trouble.ASSUMED_ZONE, where)
    return read.replace(tzinfo=notes.zone)


def day(text: str, *, where: str, notes: Notes) -> date | None:
    """A calendar day; a time's day is taken as written, whatever its zone. A month or a year alone is no day."""
    if _DAY.fullmatch(text) or _TIME.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text[:10])
    notes.refuse(Trouble.UNREADABLE, where)
    return None


def extension(extensions: tuple[Extension, ...], url: str) -> Extension | None:
    """The extension of that address."""
    for one in extensions:
        if one.url == url:
            return one
    return None


def code_value(extensions: tuple[Extension, ...], url: str, *, area: str, notes: Notes) -> str | None:
    """The code that an extension of ours holds, None where it is absent."""
    found = extension(extensions, url)
    if found is None:
        return None
    if isinstance(found.value_code, str):
        return found.value_code
    notes.refuse(Trouble.BAD_SHAPE, place(area, url))
    return None


def chosen(kind: type[E], value: str | None, *, where: str, notes: Notes) -> E | None:
    """The member of a closed list, None where nothing is said or with the problem noted."""
    if value is None:
        return None
    try:
        return kind(value)
    except ValueError:
        notes.refuse(Trouble.UNKNOWN_VALUE, where)
        return None


def uuid_value(extensions: tuple[Extension, ...], url: str, *, area: str, notes: Notes) -> UUID | None:
    """The UUID that an extension of ours holds, None where it is absent."""
    found = extension(extensions, url)
    if found is None:
        return None
    return read_uuid(found.value_uri, where=place(area, url), notes=notes)


def read_uuid(value: object, *, where: str, notes: Notes) -> UUID | None:
    """A `urn:uuid:`, as RFC 4122 writes it and no other way."""
    if isinstance(value, str) and _UUID.fullmatch(value):
        return msgspec.convert(value[len(UUID_PREFIX) :], UUID)
    notes.refuse(Trouble.BAD_SHAPE, where)
    return None


@lru_cache(maxsize=256)
def place(area: str, url: str) -> str:
    """How people find an extension of ours."""
    return f"{area}.extension[{url.rpartition(':')[2]}]"
