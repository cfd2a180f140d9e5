"""Identifiers of people, professionals and establishments, each with its system.

INS: référentiel Identifiant national de santé (OIDs below); a NIR or NIA is 13 characters and a two-digit key.
FINESS: nine characters, the last a Luhn digit; RPPS: eleven digits, the last a Luhn digit.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Self

import msgspec
from stdnum import luhn
from stdnum.fr import nir

from sceau.core.codes.errors import BadCode

_SHAPES = {
    "INS": re.compile(r"[0-9]{5}(?:[0-9]{2}|2A|2B)[0-9]{8}"),
    "FINESS": re.compile(r"(?:[0-9]{2}|2A|2B)[0-9]{7}"),
    "RPPS": re.compile(r"[0-9]{11}"),
    "GTIN": re.compile(r"[0-9]{8}|[0-9]{12,14}"),
}


def _shape(system: str, value: str) -> None:
    if not _SHAPES[system].fullmatch(value):
        raise BadCode(system, "shape")


@lru_cache(maxsize=1024)
def _luhn(number: str) -> bool:
    """Few establishments and professionals are behind many reports."""
    return bool(luhn.is_valid(number))


class InsSystem(StrEnum):
    """Where an INS number comes from; `TEST` and `DEMO` never designate a real person."""

    NIR = "urn:oid:1.2.250.1.213.1.4.8"
    NIA = "urn:oid:1.2.250.1.213.1.4.9"
    TEST = "urn:oid:1.2.250.1.213.1.4.10"
    DEMO = "urn:oid:1.2.250.1.213.1.4.11"


class Ins(msgspec.Struct, frozen=True):
    """A national health identity: 15 characters with the key (97 minus the number modulo 97; 2A is 19, 2B is 18)."""

    value: str
    system: InsSystem

    def __post_init__(self) -> None:
        _shape("INS", self.value)
        if nir.calc_check_digits(self.value[:13]) != self.value[13:]:
            raise BadCode("INS", "check_digit")


class Finess(str):
    """The number of an establishment. Corsican numbers carry a letter and no check we know (DIVERGENCES.md)."""

    __slots__ = ()
    URI = "urn:oid:1.2.250.1.71.4.2.2"

    def __new__(cls, value: str) -> Self:
        return super().__new__(cls, _finess(value))


@lru_cache(maxsize=4096)
def _finess(value: str) -> str:
    _shape("FINESS", value)
    if value.isdigit() and not _luhn(value):
        raise BadCode("FINESS", "check_digit")
    return value


class Rpps(str):
    """The number of a health professional."""

    __slots__ = ()
    URI = "urn:oid:1.2.250.1.71.4.2.1"

    def __new__(cls, value: str) -> Self:
        _shape("RPPS", value)
        if not _luhn(value):
            raise BadCode("RPPS", "check_digit")
        return super().__new__(cls, value)


class Gtin(str):
    """The GS1 trade number of a product (8, 12, 13 or 14 digits, the last a mod 10 check digit)."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        return super().__new__(cls, _gtin(value))


@lru_cache(maxsize=4096)
def _gtin(value: str) -> str:
    _shape("GTIN", value)
    weights = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(value[:-1])))
    if (10 - weights % 10) % 10 != int(value[-1]):
        raise BadCode("GTIN", "check_digit")
    return value


class ForeignIdentifier(msgspec.Struct, frozen=True):
    """A number given elsewhere, kept with the system that gives it its meaning (a URI, an OID, or a short name)."""

    system: str
    value: str

    def __post_init__(self) -> None:
        if not (0 < len(self.system) <= 200 and 0 < len(self.value) <= 100):
            raise BadCode("identifier", "shape")
