"""What of an identity is compared and looked for: plain, in one spelling. Pure; never leaves the keyholder.

Names are compared without accents, capitals, hyphens and spaces. What is not known is empty.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

import msgspec

from sceau.core.codes.given_names import NOBODYS
from sceau.core.keyholder.exposed import Exposed
from sceau.core.report.model import Patient

_NUMBER = re.compile(r"[0-9]+")
_BETWEEN = re.compile(r"[\s'-]+")


class Traits(msgspec.Struct, frozen=True, gc=False):
    """`born` is `YYYYMMDD`, `sex` female, male or empty; `city` and `streets`, an address by line, are as written, since few are ever
    compared, `number` its first digits; `given` is empty for whoever has no name yet, `parts` are those of the first given name,
    `others` the further given names.
    """

    family: str
    given: str
    used_family: str = ""
    used_given: str = ""
    born: str = ""
    sex: str = ""
    ins: str = ""
    phone: str = ""
    email: str = ""
    postal: str = ""
    city: str = ""
    streets: tuple[str, ...] = ()
    number: str = ""
    department: str = ""
    parts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class _Number(msgspec.Struct, frozen=True, gc=False):
    system: str
    value: str


class _Home(msgspec.Struct, frozen=True, gc=False):
    lines: tuple[str, ...] = ()
    postal_code: str | None = None
    city: str | None = None


class _Kept(msgspec.Struct, frozen=True, gc=False):
    """A patient or a contact as they were sealed: whether they are well told was looked at before that."""

    family: str
    given: tuple[str, ...]
    used_family: str | None = None
    used_given: str | None = None
    ins: _Number | None = None
    phone: str | None = None
    email: str | None = None
    address: _Home | None = None
    department: str | None = None
    birth_date: date | None = None
    sex: str | None = None


_decoder, _NOWHERE = msgspec.json.Decoder(_Kept), _Home()


def kept(data: bytes) -> Traits:
    """Of somebody whose identity was sealed here, opened again: JSON."""
    return traits(_decoder.decode(data))


def traits(patient: Patient | Exposed | _Kept) -> Traits:
    """Of a patient as reported, or a contact as told; the first given name, with what stands behind its hyphen."""
    where, first = patient.address or _NOWHERE, patient.given[0]
    lines = " ".join(where.lines)
    number = _NUMBER.search(lines)
    return Traits(
        family=plain(patient.family),
        given=_given(first),
        used_family=plain(patient.used_family or ""),
        used_given=plain(patient.used_given or ""),
        born=patient.birth_date.isoformat().replace("-", "") if patient.birth_date else "",
        sex=patient.sex if patient.sex in ("female", "male") else "",
        ins=f"{patient.ins.system} {patient.ins.value}" if patient.ins else "",
        phone=patient.phone or "",
        email=(patient.email or "").casefold(),
        postal=where.postal_code or "",
        city=where.city or "",
        streets=where.lines,
        number=number[0] if number else "",
        department=patient.department or "",
        parts=_parts(first),
        others=tuple(part for name in patient.given[1:] for part in _parts(name)) if len(patient.given) > 1 else (),
    )


@lru_cache(maxsize=50_000)
def _given(name: str) -> str:
    found = plain(name)
    return "" if NOBODYS.fullmatch(found) else found


@lru_cache(maxsize=50_000)
def _parts(name: str) -> tuple[str, ...]:
    return tuple(found for part in _BETWEEN.split(name) if (found := plain(part)))


@lru_cache(maxsize=50_000)
def plain(name: str) -> str:
    """Capital letters alone, without accents."""
    said = name.upper()
    if not said.isascii():
        said = unicodedata.normalize("NFKD", said.replace("Œ", "OE").replace("Æ", "AE"))
    return "".join(filter(str.isalpha, said))


_SOUNDS = (
    ("PH", "F"), ("GN", "N"), ("QU", "K"), ("CK", "K"), ("CH", "J"), ("EAU", "O"), ("AU", "O"), ("Q", "K"),
    ("CE", "SE"), ("CI", "SI"), ("CY", "SI"), ("C", "K"), ("Z", "S"), ("Y", "I"), ("W", "V"), ("X", "S"), ("H", ""),
)  # fmt: skip
_SILENT, _VOWELS, _AGAIN = "TDSPEX", str.maketrans("", "", "AEIOU"), re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def sound(name: str) -> str:
    """How a plain name sounds, roughly: consonants' sounds after the first letter, doubled and silent ones left out."""
    said = name
    for letters, like in _SOUNDS:
        said = said.replace(letters, like)
    said = said.rstrip(_SILENT) or said
    return _once(said[:1] + said[1:].translate(_VOWELS))


def spelling(name: str) -> str:
    """A plain name without silent H and doubled letters: Mathieu and Matthieu are one."""
    return _once(name.replace("H", "").replace("Y", "I"))


def _once(letters: str) -> str:
    return _AGAIN.sub(r"\1", letters)
