"""LOINC codes, and what each test code we take looks for.

Format and check digit: LOINC Users' Guide, "LOINC check digit" (mod 10, the last digit). The table is closed: a code
that is well formed but not in it is refused as unknown, because a result is only counted when its test is understood.
"""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Self

from stdnum import luhn

from sceau.core.codes.errors import BadCode

URI = "http://loinc.org"


class Disease(StrEnum):
    """What a test looks for; `strep-a` is group A streptococcus."""

    COVID_19 = "covid-19"
    INFLUENZA_A = "influenza-a"
    INFLUENZA_B = "influenza-b"
    RSV = "rsv"
    STREP_A = "strep-a"


class Method(StrEnum):
    """How: `antigen` by immunoassay, `naat` by amplification of nucleic acid."""

    ANTIGEN = "antigen"
    NAAT = "naat"


class Loinc(str):
    """A well-formed LOINC code with a right check digit, such as `94558-4`."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        return super().__new__(cls, _checked(value))


@lru_cache(maxsize=4096)
def _checked(value: str) -> str:
    number, dash, digit = value.partition("-")
    digits = number + digit
    if not (dash and digits.isascii() and digits.isdigit() and 1 <= len(number) <= 7 and len(digit) == 1):
        raise BadCode("LOINC", "shape")
    if not luhn.is_valid(digits):
        raise BadCode("LOINC", "check_digit")
    return value


class Assay(NamedTuple):
    """A test we take: one disease, or a panel whose `parts` are reported one by one."""

    disease: Disease | None
    method: Method
    display: str
    parts: tuple[str, ...] = ()


_C, _A, _B, _R, _S = Disease.COVID_19, Disease.INFLUENZA_A, Disease.INFLUENZA_B, Disease.RSV, Disease.STREP_A
_AG, _NA = Method.ANTIGEN, Method.NAAT

ASSAYS: dict[str, Assay] = {
    "94558-4": Assay(_C, _AG, "SARS-CoV-2 Ag, respiratory, rapid immunoassay"),
    "97097-0": Assay(_C, _AG, "SARS-CoV-2 Ag, upper respiratory, rapid immunoassay"),
    "95209-3": Assay(_C, _AG, "SARS-CoV and SARS-CoV-2 Ag, respiratory, rapid immunoassay"),
    "96119-3": Assay(_C, _AG, "SARS-CoV-2 Ag, upper respiratory, immunoassay"),
    "94500-6": Assay(_C, _NA, "SARS-CoV-2 RNA, respiratory, NAA with probe detection"),
    "94309-2": Assay(_C, _NA, "SARS-CoV-2 RNA, any specimen, NAA with probe detection"),
    "94534-5": Assay(_C, _NA, "SARS-CoV-2 RdRp gene, respiratory, NAA with probe detection"),
    "80382-5": Assay(_A, _AG, "Influenza A Ag, upper respiratory, rapid immunoassay"),
    "80383-3": Assay(_B, _AG, "Influenza B Ag, upper respiratory, rapid immunoassay"),
    "92142-9": Assay(_A, _NA, "Influenza A RNA, respiratory, NAA with probe detection"),
    "92141-1": Assay(_B, _NA, "Influenza B RNA, respiratory, NAA with probe detection"),
    "72885-7": Assay(_R, _AG, "RSV Ag, upper respiratory, rapid immunoassay"),
    "92131-2": Assay(_R, _NA, "RSV RNA, respiratory, NAA with probe detection"),
    "78012-2": Assay(_S, _AG, "Group A streptococcus Ag, throat, rapid immunoassay"),
    "60489-2": Assay(_S, _NA, "Group A streptococcus DNA, throat, NAA with probe detection"),
    "97099-6": Assay(
        None,
        _AG,
        "Influenza A, influenza B and SARS-CoV-2 Ag panel, upper respiratory, rapid immunoassay",
        ("97097-0", "80382-5", "80383-3"),
    ),
    "95422-2": Assay(
        None,
        _NA,
        "Influenza A, influenza B and SARS-CoV-2 RNA panel, respiratory, NAA with probe detection",
        ("94500-6", "92142-9", "92141-1"),
    ),
    "95941-1": Assay(
        None,
        _NA,
        "Influenza A, influenza B, RSV and SARS-CoV-2 RNA panel, respiratory, NAA with probe detection",
        ("94500-6", "92142-9", "92141-1", "92131-2"),
    ),
}


def assay(code: Loinc) -> Assay:
    """What the test of that code is; raises `BadCode` (`unknown`) for one we do not take."""
    try:
        return ASSAYS[code]
    except KeyError:
        raise BadCode("LOINC", "unknown") from None


class Question(StrEnum):
    """Questions at order entry that we understand; any other is left out with a warning."""

    SYMPTOMATIC = "95419-8"
    ONSET = "65222-2"
    PREGNANT = "82810-3"
