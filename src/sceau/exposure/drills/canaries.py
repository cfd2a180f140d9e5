"""Canary persons and what the pharmacy reports of them: each fares differently, and none may show.

They are invented anew for each run, so that nothing written before, this source least of all, can hold them by chance.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, Self
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
from sceau.exposure.drills.canary import Canary, Colleague, Person

OTHER_FINESS = "690123450"
ANTIGEN = Loinc("94558-4")
TAKEN = datetime(2022, 1, 7, 9, 12, tzinfo=ZoneInfo("Europe/Paris"))
_BORN = (date(1931, 8, 27), date(1932, 11, 23), date(1933, 10, 29), date(1934, 5, 30), date(1935, 7, 26))
_NAMES = ("Hugo", "Inès", "Otto", "Perle", "Raoul")
_SYLLABLES = ("bré", "néol", "zwyn", "quér", "thév", "vauc", "mañ", "dôl", "fréj", "ygran", "béz", "hérs", "lûc", "phœn", "görl")
_WAYS = ("impasse", "venelle", "sentier", "quai", "montée")


class Canaries(NamedTuple):
    """`persons`: reported positive, corrected, refused by the registry, cancelled, and without consent, in that order; and whose
    colleague signs in at the pharmacy.
    """

    persons: tuple[Person, ...]
    colleague: Colleague

    @classmethod
    def invent(cls) -> Self:
        colleague = Colleague(f"Amina {_word(3)}-{_word(3)}", f"amina.{secrets.token_hex(4)}@equipe-du-canari.example")
        return cls(tuple(_person(name, born) for name, born in zip(_NAMES, _BORN, strict=True)), colleague)

    def patients(self) -> list[Canary]:
        """Each field of each person that must not show."""
        return [canary for person in self.persons for canary in person.canaries()]

    def values(self) -> list[Canary]:
        """The same, and the staff's."""
        return [*self.patients(), *self.colleague.canaries()]

    def reports(self) -> list[ScreeningReport]:
        """Everybody's first report."""
        positive, corrected, refused, cancelled, without_consent = self.persons
        told = (
            screening(positive),
            screening(corrected, result=Result.NOT_DETECTED),
            screening(refused, finess=OTHER_FINESS),
            screening(cancelled),
            screening(without_consent, consent=Consent.REFUSED),
        )
        return [final(nth, one) for nth, one in enumerate(told, 1)]

    def file(self) -> str:
        """The pharmacy's file: the first reports, then a correction, then a cancellation."""
        _, corrected, _, cancelled, _ = self.persons
        again = list(write([final(2, screening(corrected)), final(4, screening(cancelled))]))[1:]
        return "".join([*write(self.reports()), *_with_status(again, ("corrigé", "annulé"))])


def newcomer() -> Person:
    """Somebody who has not been reported yet."""
    return _person("Zélie", date(1936, 9, 28))


def screening(
    person: Person, *, result: Result = Result.DETECTED, consent: Consent = Consent.NOT_NEEDED, finess: str = FINESS
) -> Screening:
    return Screening(
        patient=_patient(person),
        performer=Performer(name=PHARMACY, finess=Finess(finess)),
        specimen=Specimen(type=SpecimenType.NASAL, taken_at=TAKEN),
        loinc=ANTIGEN,
        findings=(Finding(ANTIGEN, result),),
        consent=consent,
    )


def file_of(told: Sequence[Screening], *, first: int) -> str:
    """A file of other first reports, numbered from `first`."""
    return "".join(write([final(nth, one) for nth, one in enumerate(told, first)]))


def final(nth: int, told: Screening) -> ScreeningReport:
    return ScreeningReport(id=UUID(int=nth), lineage=UUID(int=nth), status=Status.FINAL, issued=TAKEN, screening=told)


def _patient(person: Person) -> Patient:
    return Patient(
        family=person.family,
        given=(person.name,),
        birth_date=person.birth_date,
        sex=Sex.UNKNOWN,
        ins=Ins(person.ins, InsSystem.TEST),
        phone=person.phone,
        email=person.email,
        address=Address(lines=(person.street,), postal_code="75020", city="Paris"),
        department=Department("75"),
    )


def _person(name: str, born: date) -> Person:
    number = f"1{born:%y%m}87{secrets.randbelow(900) + 100}{secrets.randbelow(900) + 100}"
    address = f"{name}.{secrets.token_hex(4)}@patients-du-canari.example".lower()
    phone = f"+33639{secrets.choice(('983', '984', '985'))}{secrets.randbelow(1000):03}"
    street = f"{secrets.randbelow(90) + 10} {secrets.choice(_WAYS)} {_word(3)}-{_word(2)}"
    return Person(name, f"{_word(3)}-{_word(3)}", born, number + nir.calc_check_digits(number), phone, address, street)


def _word(syllables: int) -> str:
    return "".join(secrets.choice(_SYLLABLES) for _ in range(syllables)).capitalize()


def _with_status(lines: Iterable[str], words: Iterable[str]) -> list[str]:
    """The same rows as statements about the screening whose number they bear, a quarter of an hour later."""
    changed = []
    for line, word in zip(lines, words, strict=True):
        number, _status, _replaces, issued, *rest = line.split(";")
        changed.append(";".join((number, word, number, issued.replace("09:12", "09:27"), *rest)))
    return changed
