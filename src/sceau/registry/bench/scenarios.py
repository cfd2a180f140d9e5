"""What software has to show: an invented person each, what is to be sent about them, or how it behaves when the doors do not. Pure.

No person of these is anybody; each has another birth date and sounds unlike the others, so that one is found by blind tokens alone.
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from sceau.core.codes.loinc import ASSAYS, Disease, Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import Department
from sceau.core.report.model import Consent, Finding, Patient, Performer, Screening, ScreeningReport, Sex, Specimen, Status

COVERED = tuple(one for one in Disease if one is not Disease.STREP_A)
"""What the sandbox approves every software for: a streptococcus test is refused there, on purpose."""
DEPARTMENT = Department("93")
_NAMESPACE = UUID("0190c0de-0000-7000-8000-0000000000be")
_ANTIGEN, _PANEL, _RSV, _STREP = "94558-4", "97099-6", "72885-7", "78012-2"


class Expected(NamedTuple):
    """`family given, born, sex` are those to be typed; `results` by the test's codes, parts one by one."""

    family: str
    given: str
    born: date
    sex: Sex
    loinc: str
    results: tuple[tuple[str, Result], ...]
    specimen: SpecimenType = SpecimenType.NASAL


def _one(family: str, given: str, born: date, sex: Sex, result: Result) -> Expected:
    return Expected(family, given, born, sex, _ANTIGEN, ((_ANTIGEN, result),))


_D, _N, _I = Result.DETECTED, Result.NOT_DETECTED, Result.INCONCLUSIVE
PERSONS = {
    "detected": _one("BANCALIER", "Odile", date(1961, 2, 3), Sex.FEMALE, _D),
    "not-detected": _one("CORVIGNON", "Tancrède", date(1972, 5, 14), Sex.MALE, _N),
    "inconclusive": _one("DELMOTRAY", "Philippine", date(1983, 8, 25), Sex.FEMALE, _I),
    "multiplex": Expected(
        "FARGUENET",
        "Maxence",
        date(1994, 11, 6),
        Sex.MALE,
        _PANEL,
        tuple((part, _D if ASSAYS[part].disease is Disease.INFLUENZA_A else _N) for part in ASSAYS[_PANEL].parts),
    ),
    "corrected": _one("GRIVAUDON", "Solange", date(1955, 1, 17), Sex.FEMALE, _N),
    "cancelled": _one("HUMBRELOT", "Régis", date(1966, 4, 28), Sex.MALE, _D),
    "duplicate": _one("JOSSERANG", "Bérénice", date(1977, 7, 9), Sex.FEMALE, _N),
    "out-of-scope": Expected("KERVADEC", "Lubin", date(1988, 10, 20), Sex.MALE, _STREP, ((_STREP, _D),), SpecimenType.THROAT),
    "consent-refused": Expected("LOMBRISE", "Agathe", date(1999, 12, 30), Sex.FEMALE, _RSV, ((_RSV, _D),)),
}
BEHAVIOURS = ("outage", "suspended", "replay", "acknowledged")
SCENARIOS = (*PERSONS, *BEHAVIOURS)


def reference(performer: Performer, *, at: datetime) -> list[ScreeningReport]:
    """What the bench itself would send about each of its persons, in their order, all of them consenting."""
    return [_report(name, one, performer, at) for name, one in PERSONS.items()]


def _report(name: str, one: Expected, performer: Performer, at: datetime) -> ScreeningReport:
    own = uuid5(_NAMESPACE, f"{name} {at.isoformat()}")
    person = Patient(family=one.family, given=(one.given,), birth_date=one.born, sex=one.sex, department=DEPARTMENT)
    screening = Screening(
        patient=person,
        performer=performer,
        specimen=Specimen(type=one.specimen, taken_at=at),
        loinc=Loinc(one.loinc),
        findings=tuple(Finding(Loinc(code), result) for code, result in one.results),
        consent=Consent.GIVEN,
    )
    return ScreeningReport(id=own, lineage=own, status=Status.FINAL, issued=at, screening=screening)
