"""Canary persons and what the pharmacy reports of them: each fares differently, and none may show."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from stdnum.fr import nir

from sceau.core.codes.identifiers import Finess, Ins, InsSystem
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import Department
from sceau.core.report.csv.write import write
from sceau.core.report.model import (
    Address,
    Consent,
    Finding,
    Patient,
    Performer,
    Screening,
    ScreeningReport,
    Sex,
    Specimen,
    Status,
)
from sceau.demo.stage import FINESS, PHARMACY
from sceau.exposure.drills.canary import Person

OTHER_FINESS = "690123450"
ANTIGEN = Loinc("94558-4")
TAKEN = datetime(2022, 1, 7, 9, 12, tzinfo=ZoneInfo("Europe/Paris"))


def _person(name: str, family: str, born: date, nth: int, street: str) -> Person:
    number = f"1{born:%y%m}87512{nth:02}7"
    address = f"{name}.{nth}@patients-du-canari.example".lower()
    return Person(name, family, born, number + nir.calc_check_digits(number), f"+336399801{nth:02}", address, street)


HUGO = _person("Hugo", "Brénéol-Zwyndrecht", date(1931, 8, 27), 11, "47 impasse du Hérisson-Bleu")
INES = _person("Inès", "Quérangal-Thévenoux", date(1932, 11, 23), 12, "18 venelle des Chèvrefeuilles")
OTTO = _person("Otto", "Vaucqueresse-Mañeru", date(1933, 10, 29), 13, "63 sentier de la Grèbe-Huppée")
PERLE = _person("Perle", "Dôlencourt-Fréjaville", date(1934, 5, 30), 14, "92 quai du Vélocipède")
RAOUL = _person("Raoul", "Ygrandeville-Bézards", date(1935, 7, 26), 15, "29 montée des Érables-Rouges")
POSITIVE, CORRECTED, REFUSED, CANCELLED, WITHOUT_CONSENT = PERSONS = (HUGO, INES, OTTO, PERLE, RAOUL)


def screening(
    person: Person, *, result: Result = Result.DETECTED, consent: Consent = Consent.NOT_NEEDED, finess: str = FINESS
) -> Screening:
    return Screening(
        patient=Patient(
            family=person.family,
            given=(person.name,),
            birth_date=person.birth_date,
            sex=Sex.UNKNOWN,
            ins=Ins(person.ins, InsSystem.TEST),
            phone=person.phone,
            email=person.email,
            address=Address(lines=(person.street,), postal_code="75020", city="Paris"),
            department=Department("75"),
        ),
        performer=Performer(name=PHARMACY, finess=Finess(finess)),
        specimen=Specimen(type=SpecimenType.NASAL, taken_at=TAKEN),
        loinc=ANTIGEN,
        findings=(Finding(ANTIGEN, result),),
        consent=consent,
    )


def reports() -> list[ScreeningReport]:
    """Everybody's first report."""
    told = (
        screening(POSITIVE),
        screening(CORRECTED, result=Result.NOT_DETECTED),
        screening(REFUSED, finess=OTHER_FINESS),
        screening(CANCELLED),
        screening(WITHOUT_CONSENT, consent=Consent.REFUSED),
    )
    return [_final(nth, one) for nth, one in enumerate(told, 1)]


def file() -> str:
    """The pharmacy's file: the first reports, then a correction, then a cancellation."""
    lines = list(write(reports()))
    again = list(write([_final(2, screening(CORRECTED)), _final(4, screening(CANCELLED))]))[1:]
    return "".join([*lines, *_with_status(again, ("corrigé", "annulé"))])


def _final(nth: int, told: Screening) -> ScreeningReport:
    return ScreeningReport(id=UUID(int=nth), lineage=UUID(int=nth), status=Status.FINAL, issued=TAKEN, screening=told)


def _with_status(lines: Iterable[str], words: Iterable[str]) -> list[str]:
    """The same rows as statements about the screening whose number they bear, a quarter of an hour later."""
    changed = []
    for line, word in zip(lines, words, strict=True):
        number, _status, _replaces, issued, *rest = line.split(";")
        changed.append(";".join((number, word, number, issued.replace("09:12", "09:27"), *rest)))
    return changed
