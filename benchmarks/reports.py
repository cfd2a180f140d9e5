"""Invented screening reports for benchmarks and load: distinct, plausible, of nobody. The same seed gives the same persons.

Never reads a file of real people; national identities are of the INS test system, telephone numbers of the range kept for fiction.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from stdnum import luhn
from stdnum.fr import nir
from uuid_utils.compat import uuid7

from sceau.core.codes.identifiers import Finess, Ins, InsSystem
from sceau.core.codes.loinc import ASSAYS, Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import department_of
from sceau.core.report.model import (
    Address,
    Finding,
    Kit,
    Patient,
    Performer,
    Reason,
    Screening,
    ScreeningReport,
    Sex,
    Specimen,
    Status,
)

_STARTS = ("Bel", "Cor", "Dar", "Fon", "Gui", "Lam", "Mor", "Per", "Sal", "Tré", "Val", "Zam")
_ENDS = ("andri", "bert", "court", "dières", "egoux", "fleur", "ignac", "lemont", "ouvert", "vallon")
_GIVEN = ("Hugo", "Inès", "Camille", "Léandre", "Maëva", "Solenne", "Timothée", "Ulysse", "Anaïg", "Rosine")
_POSTAL = ("01000", "13008", "29200", "31400", "44000", "59000", "67000", "69004", "75020", "97400")
_TESTS = (*("94558-4",) * 8, "94500-6", "97099-6")
_SPECIMENS = (SpecimenType.NASOPHARYNGEAL, SpecimenType.NASAL)


def invented_finess(number: int) -> Finess:
    """An establishment number with a right check digit, in a range of our own."""
    digits = f"7599{number:04}"
    return Finess(digits + luhn.calc_check_digit(digits))


def invented_reports(count: int, *, finess: Finess, at: datetime, seed: int = 1) -> Iterator[ScreeningReport]:
    """`count` final reports of one pharmacy, taken in the week before `at`; about one in five detects something."""
    dice = random.Random(seed)
    performer = Performer(name="Pharmacie inventée", finess=finess)
    for _ in range(count):
        taken = at - timedelta(minutes=dice.randrange(10, 7 * 24 * 60))
        report = uuid7()
        screening = _screening(dice, performer, taken)
        yield ScreeningReport(
            id=report, lineage=report, status=Status.FINAL, issued=taken + timedelta(minutes=5), screening=screening
        )


def _screening(dice: random.Random, performer: Performer, taken: datetime) -> Screening:
    loinc = Loinc(dice.choice(_TESTS))
    parts = ASSAYS[loinc].parts or (loinc,)
    results = (dice.choices((Result.NOT_DETECTED, Result.DETECTED), (4, 1))[0] for _ in parts)
    return Screening(
        patient=_patient(dice, taken.date()),
        performer=performer,
        specimen=Specimen(type=dice.choice(_SPECIMENS), taken_at=taken),
        loinc=loinc,
        findings=tuple(Finding(Loinc(part), result) for part, result in zip(parts, results, strict=True)),
        kit=Kit(name="Test d'exemple", manufacturer="Fabricant d'exemple", lot=f"EX{dice.randrange(10_000):04}"),
        symptomatic=dice.random() < 0.4,
        reason=dice.choice(tuple(Reason)),
    )


def _patient(dice: random.Random, today: date) -> Patient:
    born, sex = today - timedelta(days=dice.randrange(366, 95 * 365)), dice.choice((Sex.FEMALE, Sex.MALE))
    postal = dice.choice(_POSTAL)
    given, family = dice.choice(_GIVEN), dice.choice(_STARTS) + dice.choice(_ENDS) + dice.choice(_ENDS)
    return Patient(
        family=family.upper(),
        given=(given,),
        birth_date=born,
        sex=sex,
        ins=_ins(dice, born, sex) if dice.random() < 0.7 else None,
        phone=f"+336399801{dice.randrange(100):02}",
        address=Address(lines=(f"{dice.randrange(1, 200)} rue de l'Exemple",), postal_code=postal, city="Exempleville"),
        department=department_of(postal),
    )


def _ins(dice: random.Random, born: date, sex: Sex) -> Ins:
    number = f"{1 if sex is Sex.MALE else 2}{born:%y%m}75{dice.randrange(1, 990):03}{dice.randrange(1, 999):03}"
    return Ins(number + nir.calc_check_digits(number), InsSystem.TEST)
