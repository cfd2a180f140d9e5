"""`ScreeningReport`: the one statement that every form is read into and written from. Frozen, typed, cannot be built wrong.

Follows FHIR R4 DiagnosticReport for status, the French INS rules for names (birth names first, used names beside them), and
`docs/reference/report.md` for which fields are required. Building a wrong one raises `ReportError` with every problem.
Times are aware datetimes; dates are calendar dates at the pharmacy. Never holds a file, a form or a request.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from uuid import UUID

import msgspec

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Gtin, Ins, Rpps
from sceau.core.codes.loinc import Disease, Loinc, assay
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import Department
from sceau.core.report.errors import Problem, ReportError, Trouble

NAME_LENGTH = 100
TEXT_LENGTH = 200
EARLIEST_BIRTH = date(1880, 1, 1)


class Sex(StrEnum):
    """Administrative gender, as FHIR R4 spells it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Consent(StrEnum):
    """What the patient said to keeping their identity; `not-needed` where recording is mandatory."""

    GIVEN = "given"
    REFUSED = "refused"
    NOT_ANSWERED = "not-answered"
    NOT_NEEDED = "not-needed"


class Pregnancy(StrEnum):
    PREGNANT = "pregnant"
    NOT_PREGNANT = "not-pregnant"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why the person was tested."""

    SYMPTOMS = "symptoms"
    CONTACT = "contact"
    CONFIRMATION = "confirmation"
    TRAVEL = "travel"
    SCREENING = "screening"
    OTHER = "other"


class Status(StrEnum):
    """FHIR R4 DiagnosticReport.status, the three we take."""

    FINAL = "final"
    CORRECTED = "corrected"
    ENTERED_IN_ERROR = "entered-in-error"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address; `country` is ISO 3166-1 alpha-2 or as the sender wrote it."""

    lines: tuple[str, ...] = ()
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        found = [problem for line in self.lines for problem in _text(line, "address.lines")]
        found += _texts(self, "address", "postal_code", "city", "country")
        _raise(found)


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a name, and how they are reached where that is known; `phone` is E.164 or as told."""

    family: str
    given: tuple[str, ...]
    used_family: str | None = None
    used_given: str | None = None
    ins: Ins | None = None
    phone: str | None = None
    email: str | None = None
    address: Address | None = None
    department: Department | None = None


class Patient(Named, frozen=True, kw_only=True):
    """Who was tested. `family` and `given` are the birth names where known."""

    birth_date: date
    sex: Sex
    birth_place: str | None = None

    def __post_init__(self) -> None:
        found = _name(self.family, "patient.family")
        found += [problem for name in self.given or ("",) for problem in _name(name, "patient.given")]
        found += _texts(self, "patient", "used_family", "used_given", "birth_place", "phone", "email")
        if self.birth_date < EARLIEST_BIRTH:
            found.append(Problem(Trouble.UNREADABLE, "patient.birth_date"))
        _raise(found)


class Performer(msgspec.Struct, frozen=True, kw_only=True):
    """Who tested: a FINESS, or a foreign identifier with its system; the professional by RPPS."""

    name: str
    finess: Finess | None = None
    rpps: Rpps | None = None
    foreign: ForeignIdentifier | None = None

    def __post_init__(self) -> None:
        found = _name(self.name, "performer.name", longest=TEXT_LENGTH)
        if self.finess is None and self.foreign is None:
            found.append(Problem(Trouble.NO_IDENTIFIER, "performer"))
        _raise(found)


class Specimen(msgspec.Struct, frozen=True, kw_only=True):
    type: SpecimenType
    taken_at: datetime

    def __post_init__(self) -> None:
        if self.taken_at.tzinfo is None:
            raise ReportError(Problem(Trouble.NO_TIME_ZONE, "specimen.taken_at"))


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """The kit or device used, as far as its box tells (GS1: GTIN, lot, expiry)."""

    name: str
    manufacturer: str | None = None
    gtin: Gtin | None = None
    lot: str | None = None
    expiry: date | None = None

    def __post_init__(self) -> None:
        _raise(_name(self.name, "kit.name", longest=TEXT_LENGTH) + _texts(self, "kit", "manufacturer", "lot"))


class Finding(msgspec.Struct, frozen=True):
    """One result: what the test of that LOINC code found."""

    loinc: Loinc
    result: Result

    @property
    def disease(self) -> Disease:
        disease = assay(self.loinc).disease
        assert disease is not None  # Screening refuses a panel's code here
        return disease


class Screening(msgspec.Struct, frozen=True, kw_only=True):
    """One act of testing one person. `loinc` is the test done; a panel has one finding for each of its parts reported."""

    patient: Patient
    performer: Performer
    specimen: Specimen
    loinc: Loinc
    findings: tuple[Finding, ...]
    kit: Kit | None = None
    symptomatic: bool | None = None
    onset: date | None = None
    pregnancy: Pregnancy | None = None
    reason: Reason | None = None
    consent: Consent = Consent.NOT_NEEDED

    def __post_init__(self) -> None:
        _raise([*_findings(self), *_dates(self)])


class ScreeningReport(msgspec.Struct, frozen=True, kw_only=True):
    """The statement of one screening.

    `lineage` is what the statements of one screening share: the first report's id, or what a sender's own numbering gives.
    `replaces` names the report or lineage that a correction or cancellation is about. A cancellation carries no screening.
    """

    id: UUID
    lineage: UUID
    status: Status
    issued: datetime
    replaces: UUID | None = None
    screening: Screening | None = None

    def __post_init__(self) -> None:
        _raise(list(_statement(self)))


def _raise(found: list[Problem]) -> None:
    if found:
        raise ReportError(*found)


def _text(value: str, where: str, longest: int = TEXT_LENGTH) -> list[Problem]:
    if len(value) > longest:
        return [Problem(Trouble.TOO_LONG, where, f"{len(value)} > {longest}")]
    if not value.isprintable():
        return [Problem(Trouble.CONTROL_CHARACTER, where)]
    return []


def _texts(owner: msgspec.Struct, area: str, *fields: str) -> list[Problem]:
    """Looks at them all in one, which nearly always tells enough."""
    values = attrgetter(*fields)(owner)
    together = "".join(filter(None, values))
    if len(together) <= TEXT_LENGTH and together.isprintable():
        return []
    told = zip(fields, values, strict=True)
    return [problem for field, value in told if value is not None for problem in _text(value, f"{area}.{field}")]


def _name(value: str, where: str, longest: int = NAME_LENGTH) -> list[Problem]:
    return _text(value, where, longest) if value.strip() else [Problem(Trouble.MISSING, where)]


def _findings(screening: Screening) -> list[Problem]:
    try:
        expected = assay(screening.loinc).parts or (screening.loinc,)
    except BadCode:
        return [Problem(Trouble.UNKNOWN_CODE, "test.loinc", screening.loinc)]
    seen = [finding.loinc for finding in screening.findings]
    found = [Problem(Trouble.RESULT_FOREIGN, "findings", code) for code in seen if code not in expected]
    if len(set(seen)) < len(seen):
        found.append(Problem(Trouble.RESULT_TWICE, "findings"))
    if not seen:
        found.append(Problem(Trouble.RESULT_MISSING, "findings"))
    return found


def _dates(screening: Screening) -> list[Problem]:
    taken = screening.specimen.taken_at.date()
    found = []
    if screening.patient.birth_date > taken:
        found.append(Problem(Trouble.BEFORE_BIRTH, "specimen.taken_at"))
    if screening.onset and screening.onset - taken > timedelta(days=1):
        found.append(Problem(Trouble.ONSET_AFTER_TEST, "onset"))
    if screening.kit and screening.kit.expiry and screening.kit.expiry < taken:
        found.append(Problem(Trouble.KIT_EXPIRED, "kit.expiry"))
    return found


def _statement(report: ScreeningReport) -> list[Problem]:
    found = []
    if report.issued.tzinfo is None:
        found.append(Problem(Trouble.NO_TIME_ZONE, "issued"))
    if report.status is Status.FINAL and report.replaces is not None:
        found.append(Problem(Trouble.REPLACES_UNEXPECTED, "replaces"))
    if report.status is not Status.FINAL and report.replaces is None:
        found.append(Problem(Trouble.REPLACES_MISSING, "replaces"))
    if report.replaces == report.id:
        found.append(Problem(Trouble.REPLACES_ITSELF, "replaces"))
    if (report.screening is None) != (report.status is Status.ENTERED_IN_ERROR):
        found.append(Problem(Trouble.MISSING, "screening"))
    return found


def blind(report: ScreeningReport) -> ScreeningReport:
    """The same report with nothing detected: as long as any other result makes it, so that its size tells nothing."""
    if report.screening is None:
        return report
    findings = tuple(Finding(found.loinc, Result.NOT_DETECTED) for found in report.screening.findings)
    return msgspec.structs.replace(report, screening=msgspec.structs.replace(report.screening, findings=findings))
