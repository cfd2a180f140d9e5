"""Blind tokens: keyed digests by which one person is found again, never over one field alone. A closed list of six. Pure.

Names are compared without accents, capitals, hyphens and particles' spaces; `phonetic` by how they sound in French, `swapped`
whichever of family and given name was typed first.
"""

import hmac
import unicodedata
from functools import lru_cache

from sceau.core.keyholder.verbs import BlindTokens
from sceau.core.report.model import Patient

_LENGTH = 16
_SOUNDS = (
    ("PH", "F"), ("GN", "N"), ("QU", "K"), ("CK", "K"), ("CH", "J"), ("EAU", "O"), ("AU", "O"), ("Q", "K"),
    ("CE", "SE"), ("CI", "SI"), ("CY", "SI"), ("C", "K"), ("Z", "S"), ("Y", "I"), ("W", "V"), ("X", "S"), ("H", ""),
)  # fmt: skip
_SILENT = "TDSPEX"


def blind(patient: Patient, key: bytes, month: str) -> BlindTokens:
    """The tokens of a person under the index key (32 bytes) of `month`."""
    family, given = plain(patient.family), plain(patient.given[0])
    who = (str(patient.birth_date), patient.sex)
    return BlindTokens(
        month=month,
        ins=_token(key, "ins", patient.ins.value, patient.ins.system) if patient.ins else None,
        exact=_token(key, "exact", family, given, *who),
        phonetic=_token(key, "phonetic", sound(family), sound(given), *who),
        swapped=_token(key, "swapped", *sorted((family, given)), *who),
        phone=_token(key, "phone", patient.phone, family) if patient.phone else None,
        email=_token(key, "email", patient.email.casefold(), given) if patient.email else None,
    )


@lru_cache(maxsize=20_000)
def plain(name: str) -> str:
    """Capital letters alone, without accents."""
    parts = unicodedata.normalize("NFKD", name.upper().replace("Œ", "OE").replace("Æ", "AE"))
    return "".join(letter for letter in parts if letter.isalpha())


@lru_cache(maxsize=20_000)
def sound(name: str) -> str:
    """How a plain name sounds, roughly: consonants' sounds after the first letter, doubled and silent ones left out."""
    said = name
    for letters, like in _SOUNDS:
        said = said.replace(letters, like)
    said = said.rstrip(_SILENT) or said
    kept = said[:1] + "".join(letter for letter in said[1:] if letter not in "AEIOU")
    return "".join(letter for place, letter in enumerate(kept) if not place or kept[place - 1] != letter)


def _token(key: bytes, purpose: str, *fields: str) -> bytes:
    return hmac.digest(key, "\0".join((purpose, *fields)).encode(), "sha256")[:_LENGTH]
