"""SNOMED CT identifiers (Verhoeff check digit), with the closed lists of results and specimens we take."""

from enum import StrEnum
from functools import lru_cache
from typing import Self

from stdnum import verhoeff

from sceau.core.codes.errors import BadCode

URI = "http://snomed.info/sct"


class Sctid(str):
    """A well-formed SNOMED CT identifier: 6 to 18 digits, not a zero first, the last one a Verhoeff check digit."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        return super().__new__(cls, _checked(value))


@lru_cache(maxsize=4096)
def _checked(value: str) -> str:
    if not (value.isascii() and value.isdigit() and 6 <= len(value) <= 18 and value[0] != "0"):
        raise BadCode("SNOMED CT", "shape")
    if not verhoeff.is_valid(value):
        raise BadCode("SNOMED CT", "check_digit")
    return value


class Result(StrEnum):
    """What was found. The value is the SNOMED CT code we write; `read_result` takes the others in use."""

    DETECTED = "260373001"
    NOT_DETECTED = "260415000"
    INCONCLUSIVE = "419984006"


_RESULTS: dict[str, Result] = {
    **{result.value: result for result in Result},
    "455371000124106": Result.INCONCLUSIVE,  # invalid result, as some analysers say it
}

RESULT_DISPLAY = {
    Result.DETECTED: "Detected",
    Result.NOT_DETECTED: "Not detected",
    Result.INCONCLUSIVE: "Inconclusive",
}


def read_result(code: str) -> Result:
    """The result a SNOMED CT code stands for; raises `BadCode`, `unknown` for a code that is no result of ours."""
    try:
        return _RESULTS[code]
    except KeyError:
        Sctid(code)
        raise BadCode("SNOMED CT", "unknown") from None


class SpecimenType(StrEnum):
    """What was taken. The value is the SNOMED CT code we write; `read_specimen` takes the others in use."""

    NASAL = "445297001"
    NASOPHARYNGEAL = "258500001"
    OROPHARYNGEAL = "461911000124106"
    THROAT = "258529004"
    SALIVA = "119342007"
    NASOPHARYNGEAL_ASPIRATE = "258411007"
    SPUTUM = "119334006"
    LAVAGE = "258607008"  # bronchoalveolar


_SPECIMENS: dict[str, SpecimenType] = {
    **{specimen.value: specimen for specimen in SpecimenType},
    "697989009": SpecimenType.NASAL,  # anterior nares swab
    "871810001": SpecimenType.NASAL,  # mid-turbinate nasal swab
    "258467004": SpecimenType.NASOPHARYNGEAL_ASPIRATE,  # nasopharyngeal washings
}


def read_specimen(code: str) -> SpecimenType:
    """The specimen a SNOMED CT code stands for; raises `BadCode`, `unknown` for a code that is no specimen of ours."""
    try:
        return _SPECIMENS[code]
    except KeyError:
        Sctid(code)
        raise BadCode("SNOMED CT", "unknown") from None
