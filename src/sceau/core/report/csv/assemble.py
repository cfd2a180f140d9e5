"""From the values of one row to a statement, for all dialects alike. Collects everything wrong; repeats no value of a person.

The model does the checking. Where a value is missing or refused, a stand-in that passes every check takes its place, so that the
model still sees the others, and one refusal names everything; a row with a stand-in is never taken.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import phonenumbers

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import ForeignIdentifier, Ins
from sceau.core.codes.loinc import Loinc, assay
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import OUTSIDE, Department, department_of
from sceau.core.report.csv.cells import REASONS
from sceau.core.report.csv.mapping import FINDINGS
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.model import (
    EARLIEST_BIRTH,
    Address,
    Consent,
    Finding,
    Kit,
    Patient,
    Performer,
    Screening,
    Sex,
    Specimen,
    Status,
)
from sceau.core.report.reading import Statement

Values = Mapping[str, Any]
T = TypeVar("T")

FRENCH = frozenset({"FR", "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT", "FRA", "FRANCE"})
_STAND_IN_TEST = Loinc("94558-4")
_STAND_INS: Values = {
    "patient.family": "?",
    "patient.given": ("?",),
    "patient.birth_date": EARLIEST_BIRTH,
    "patient.sex": Sex.UNKNOWN,
    "performer.name": "?",
    "specimen.type": SpecimenType.NASAL,
    "status": Status.FINAL,
}


class Assembly:
    """One statement being put together out of a row's values."""

    def __init__(self, values: Values, refused: frozenset[str]) -> None:
        """`refused` are the targets that were filled with something that is no value."""
        self._values = {**_STAND_INS, **values}
        self._refused = refused
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def statement(self) -> Statement | None:
        """The statement, meaningful only where neither `problems` nor the row's own cells object."""
        status = self._get("status")
        accession = self._accession(status)
        screening = self._attempt(self._screening)
        if screening is None or self._get("issued") is None:
            return None
        sender = _sender(screening.performer)
        return Statement(sender=sender, accession=accession, status=status, issued=self._get("issued"), screening=screening)

    def _get(self, target: str) -> Any:
        return self._values.get(target)

    def _part(self, area: str) -> dict[str, Any]:
        """The values of one area, by the model's names for them."""
        prefix = area + "."
        return {target.removeprefix(prefix): value for target, value in self._values.items() if target.startswith(prefix)}

    def _attempt(self, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except ReportError as error:
            self.problems += error.problems
            return None

    def _accession(self, status: Status) -> str | None:
        """The number of the screening: for a correction or cancellation that of the report it replaces, where it is another."""
        number: str | None = self._get("accession")
        replaces: str | None = self._get("replaces")
        if status is Status.FINAL and replaces and "status" not in self._refused:
            self.problems.append(Problem(Trouble.REPLACES_UNEXPECTED, "replaces"))
        if status is not Status.FINAL and not (number or replaces or self._refused & {"accession", "replaces"}):
            self.problems.append(Problem(Trouble.REPLACES_MISSING, "replaces"))
        return replaces or number

    def _screening(self) -> Screening | None:
        patient, performer = self._attempt(self._patient), self._attempt(self._performer)
        kit, loinc = self._attempt(self._kit), self._get("test.loinc")
        taken_at = self._get("specimen.taken_at")
        findings = self._findings(loinc) if loinc else (Finding(_STAND_IN_TEST, Result.INCONCLUSIVE),)
        if patient is None or performer is None or taken_at is None:
            return None
        return Screening(
            patient=patient,
            performer=performer,
            specimen=Specimen(type=self._get("specimen.type"), taken_at=taken_at),
            loinc=loinc or _STAND_IN_TEST,
            findings=findings,
            kit=kit,
            symptomatic=self._get("symptomatic"),
            onset=self._get("onset"),
            pregnancy=self._get("pregnancy"),
            reason=self._get("reason"),
            consent=self._get("consent") or Consent.NOT_NEEDED,
        )

    def _patient(self) -> Patient:
        address = self._address()
        department = self._department(address)
        known = {name: value for name, value in self._part("patient").items() if not name.startswith("ins.")}
        known |= {"phone": _phone(self._get("patient.phone"), department), "ins": self._ins()}
        return Patient(**known | {"address": address, "department": department})

    def _address(self) -> Address | None:
        address = Address(**self._part("address"))
        return None if address == Address() else address

    def _department(self, address: Address | None) -> Department | None:
        """As stated, or else that of the address, which is French where it names no country."""
        if "patient.department" in self._values:
            stated: Department | None = self._get("patient.department")
            return stated
        if address is None:
            return None
        if address.country and address.country.upper() not in FRENCH:
            return Department(OUTSIDE)
        with suppress(BadCode):
            return department_of(address.postal_code or "")
        return None

    def _ins(self) -> Ins | None:
        pair = self._pair("patient.ins.value", "patient.ins.system")
        try:
            return Ins(*pair) if pair else None
        except BadCode as bad:
            self.problems.append(Problem(REASONS[bad.reason], "patient.ins.value"))
            return None

    def _pair(self, value: str, system: str) -> tuple[Any, Any] | None:
        """A number and its system; one without the other is a problem, unless the other was refused already."""
        pair = self._get(value), self._get(system)
        if all(pair):
            return pair
        lone = value if not pair[0] else system
        if any(pair) and lone not in self._refused:
            self.problems.append(Problem(Trouble.MISSING, lone))
        return None

    def _performer(self) -> Performer | None:
        system = "performer.foreign.system"
        foreign = self._get("performer.foreign.value") and self._pair("performer.foreign.value", system)
        finess = self._get("performer.finess")
        if not (finess or foreign):
            if not self._refused & {"performer.finess", "performer.foreign.value", system}:
                self.problems.append(Problem(Trouble.NO_IDENTIFIER, "performer"))
            foreign = ("?", "?")
        return Performer(
            name=self._get("performer.name"),
            finess=finess,
            rpps=self._get("performer.rpps"),
            foreign=ForeignIdentifier(foreign[1], foreign[0]) if foreign else None,
        )

    def _kit(self) -> Kit | None:
        """A kit without a name is left out."""
        known = self._part("kit")
        if known and "name" not in known:
            self.warnings.append(Problem(Trouble.LEFT_OUT, "kit.name", Trouble.MISSING))
        return Kit(**known) if "name" in known else None

    def _findings(self, loinc: Loinc) -> tuple[Finding, ...]:
        """The results, in the order of the test's parts; one that belongs to no part is refused, where it stands."""
        results = {target: value for target, value in self._values.items() if target.split(".")[0] == FINDINGS}
        parts = {f"{FINDINGS}.{assay(Loinc(part)).disease}": Loinc(part) for part in assay(loinc).parts or (loinc,)}
        foreign = [target for target in results if target != FINDINGS and target not in parts]
        self.problems += [Problem(Trouble.RESULT_FOREIGN, target, loinc) for target in foreign]
        if FINDINGS in results:
            return (Finding(loinc, results[FINDINGS]),)
        found = tuple(Finding(code, results[target]) for target, code in parts.items() if target in results)
        if not found and not foreign and not any(target.startswith(FINDINGS) for target in self._refused):
            self.problems.append(Problem(Trouble.RESULT_MISSING, next(iter(parts)), loinc))
        return found or (Finding(next(iter(parts.values())), Result.INCONCLUSIVE),)


def _sender(performer: Performer) -> str:
    """The number of who tested, with its system where that is not FINESS."""
    if performer.finess:
        return str(performer.finess)
    assert performer.foreign is not None  # Performer refuses to have neither
    return f"{performer.foreign.system}|{performer.foreign.value}"


def _phone(written: str | None, department: Department | None) -> str | None:
    """E.164 where the number is a valid one, or else as written; without a country code it is French unless they live abroad."""
    try:
        number = phonenumbers.parse(written or "", None if department == OUTSIDE else "FR")
    except phonenumbers.NumberParseException:
        return written
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else written
