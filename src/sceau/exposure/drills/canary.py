"""Canaries: values of invented persons that must not show, and every form in which they might.

Forms are lower case, and so must be what they are looked for in: that covers capitals, of text and of hexadecimal alike. Plain
UTF-16 is kept without its NUL bytes, because `search` looks with those taken out too. A form shorter than `SHORTEST` is left out,
since chance alone would find it.
"""

import base64
import json
import math
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import quote_from_bytes, quote_plus

SHORTEST = 10
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%m/%d/%Y", "%d %m %Y")
_FRENCH_PREFIX = "+33"


class Canary(NamedTuple):
    """One value of one person; `spellings` are the ways in which people and programs write it."""

    person: str
    field: str
    spellings: tuple[str, ...]


class Person(NamedTuple):
    """An invented person; `phone` is E.164."""

    name: str
    family: str
    birth_date: date
    ins: str
    phone: str
    email: str
    street: str

    def canaries(self) -> list[Canary]:
        """Each field that must not show."""
        told = {
            "family": _written(self.family),
            "birth date": tuple(self.birth_date.strftime(form) for form in _DATES),
            "INS": (self.ins,),
            "phone": _dialled(self.phone),
            "e-mail": _written(self.email),
            "street": _written(self.street),
        }
        return [Canary(self.name, field, spellings) for field, spellings in told.items()]


class Colleague(NamedTuple):
    """An invented member of a pharmacy's staff."""

    name: str
    email: str

    def canaries(self) -> list[Canary]:
        return [Canary("Amina", "staff's name", _written(self.name)), Canary("Amina", "staff's e-mail", _written(self.email))]


def forms(canary: Canary) -> dict[bytes, str]:
    """Every form of a canary, with its name."""
    found: dict[bytes, str] = {}
    for spelling in canary.spellings:
        for name, form in _forms(spelling):
            if len(form) >= SHORTEST:
                found.setdefault(form.lower(), name)
    return found


def _written(text: str) -> tuple[str, ...]:
    """With its accents, composed and not, and without; each as it is, in capitals and in small letters, which what is encoded keeps."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    decomposed = unicodedata.normalize("NFD", text)
    return tuple(dict.fromkeys((text, text.upper(), text.lower(), decomposed, plain, plain.upper(), plain.lower())))


def _dialled(phone: str) -> tuple[str, ...]:
    national = "0" + phone.removeprefix(_FRENCH_PREFIX)
    pairs = [national[place : place + 2] for place in range(0, len(national), 2)]
    return (phone, phone.removeprefix("+"), national, *(sign.join(pairs) for sign in (" ", ".", "-")))


def _forms(text: str) -> Iterator[tuple[str, bytes]]:
    yield "JSON escape", json.dumps(text)[1:-1].encode()
    yield "form encoding", quote_plus(text).encode()
    for encoding in ("utf-8", "cp1252"):
        yield f"plain {encoding}", text.encode(encoding, errors="ignore")
    for encoding in ("utf-16-le", "utf-16-be"):
        yield f"plain {encoding}", text.encode(encoding).replace(b"\0", b"")
    for encoding in ("utf-8", "cp1252", "utf-16-le", "utf-16-be"):
        data = text.encode(encoding, errors="ignore")
        yield f"hexadecimal of {encoding}", data.hex().encode()
        yield f"URL encoding of {encoding}", quote_from_bytes(data).encode()
        yield f"URL encoding of {encoding}", quote_from_bytes(data, safe="").encode()
        for alignment in range(3):
            yield from _base64(data, alignment, encoding)


def _base64(data: bytes, alignment: int, encoding: str) -> Iterator[tuple[str, bytes]]:
    """What of the base64 text depends on `data` alone, when it begins `alignment` bytes into a group of three."""
    framed = bytes(alignment) + data
    first, last = math.ceil(alignment * 8 / 6), len(framed) * 8 // 6
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield f"base64 of {encoding}, alignment {alignment}", encode(framed)[first:last]
