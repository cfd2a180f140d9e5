"""`write`: a report as a bundle of our profile. The same report always gives the same bytes.

Follows `docs/reference/fhir.md`. FHIR has no empty text: a blank optional field is written as absent. Times keep their offset, in
whole minutes as FHIR writes them. Refuses to write a FINESS as a foreign number, which would be read back as a FINESS.

What comes from closed lists makes a report's kind. Reports of one kind share a frame, which is built once, of FHIR elements with
named places (`%(taken)b`); what is of one report alone, its people, things, numbers and times, is then filled in.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from sceau.core.codes import loinc, snomed
from sceau.core.codes.loinc import ASSAYS, Loinc, Question
from sceau.core.codes.snomed import RESULT_DISPLAY, SpecimenType
from sceau.core.report.fhir import profile
from sceau.core.report.fhir.resources import (
    Bundle,
    Collection,
    DiagnosticReport,
    Entry,
    Extension,
    Identifier,
    Observation,
    Reference,
    Specimen,
)
from sceau.core.report.fhir.writing import concept, device, instant, organization, patient, practitioner
from sceau.core.report.model import Consent, Finding, Pregnancy, Reason, Screening, ScreeningReport, Status

_REPORT, _PATIENT, _ORGANIZATION, _PRACTITIONER, _SPECIMEN, _DEVICE, _FINDINGS, _ANSWERS = 0, 1, 2, 3, 4, 5, 16, 64
_PREGNANCY_CODES = {pregnancy: code for code, pregnancy in profile.SNOMED_PREGNANCY.items()}
_PREGNANCY_TEXTS = {Pregnancy.PREGNANT: "Pregnant", Pregnancy.NOT_PREGNANT: "Not pregnant", Pregnancy.UNKNOWN: "Unknown"}
_encoder = msgspec.json.Encoder()


_LAST_BYTES = [f"{number:02x}".encode() for number in range(256)]


class Screened(NamedTuple):
    """The kind of a screening; of what is no closed list, whether it is there."""

    loinc: Loinc
    findings: tuple[Finding, ...]
    specimen: SpecimenType
    consent: Consent
    reason: Reason | None
    symptomatic: bool | None
    pregnancy: Pregnancy | None
    onset: bool
    practitioner: bool
    kit: bool


class Kind(NamedTuple):
    """What of a report comes from closed lists."""

    status: Status
    replaces: bool
    screened: Screened | None


class Frame(NamedTuple):
    """`numbers`: of the resources in it, each with the name of its place."""

    text: bytes
    numbers: tuple[tuple[bytes, int], ...]


def write(report: ScreeningReport) -> bytes:
    """The report as compact JSON; raises `ReportError` for a number that our profile cannot tell apart."""
    screening, frame, own = report.screening, frame_of(kind_of(report)), urn(report.id)
    told = urls(own, frame.numbers)
    told[b"lineage"] = own if report.lineage == report.id else urn(report.lineage)
    told[b"issued"] = instant(report.issued).encode()
    if report.replaces is not None:
        told[b"replaces"] = urn(report.replaces)
    if screening is not None:
        _tell(screening, told)
    return frame.text % told


def kind_of(report: ScreeningReport) -> Kind:
    """What of a report comes from closed lists."""
    return Kind(report.status, report.replaces is not None, _screened(report.screening) if report.screening else None)


def _screened(screening: Screening) -> Screened:
    return Screened(
        screening.loinc,
        screening.findings,
        screening.specimen.type,
        screening.consent,
        screening.reason,
        screening.symptomatic,
        screening.pregnancy,
        screening.onset is not None,
        screening.performer.rpps is not None,
        screening.kit is not None,
    )


def urls(own: bytes, numbers: tuple[tuple[bytes, int], ...]) -> dict[bytes, bytes]:
    """The names of a bundle's resources: the report's own, its last byte changed, so that each report's are its own."""
    stem, last = own[:-2], int(own[-2:], 16)
    return {name: stem + _LAST_BYTES[last ^ number] for name, number in numbers}


def urn(number: UUID) -> bytes:
    """A number as FHIR writes it."""
    return f"{profile.UUID_PREFIX}{number}".encode()


def _tell(screening: Screening, told: dict[bytes, bytes]) -> None:
    performer = screening.performer
    told[b"taken"] = instant(screening.specimen.taken_at).encode()
    told[b"patient"] = _encoder.encode(patient(screening.patient))
    told[b"organization"] = _encoder.encode(organization(performer))
    if performer.rpps is not None:
        told[b"practitioner"] = _encoder.encode(practitioner(performer.rpps))
    if screening.kit is not None:
        told[b"kit"] = _encoder.encode(device(screening.kit))
    if screening.onset is not None:
        told[b"onset"] = screening.onset.isoformat().encode()


@lru_cache(maxsize=1024)
def frame_of(kind: Kind) -> Frame:
    """What reports of that kind share."""
    parts = dict(_cancellation(kind) if kind.screened is None else _parts(kind, kind.screened))
    bundle = Bundle(
        identifier=Identifier(system=profile.URIS, value=_place(_REPORT)),
        type="collection",
        entry=tuple(Entry(full_url=_place(number), resource=part) for number, part in parts.items()),
    )
    return Frame(_encoder.encode(bundle), tuple((str(number).encode(), number) for number in parts))


def _place(name: object) -> str:
    return f"%({name})b"


def _whole(name: str) -> msgspec.Raw:
    """The place of a resource that is written by itself."""
    return msgspec.Raw(_place(name).encode())


def _to(number: int) -> Reference:
    return Reference(reference=_place(number))


def _cancellation(kind: Kind) -> Iterator[tuple[int, object]]:
    code = concept(loinc.URI, profile.CANCELLED_CODE, "Laboratory report")
    extension = tuple(_statement(kind))
    yield _REPORT, DiagnosticReport(extension=extension, status=kind.status.value, code=code, issued=_place("issued"))


def _parts(kind: Kind, screened: Screened) -> Iterator[tuple[int, object]]:
    """The resources of a report, each with its number; the report itself comes first."""
    observations = dict(_observations(kind, screened))
    yield _REPORT, _diagnostic_report(kind, screened, tuple(map(_to, observations)))
    yield _PATIENT, _whole("patient")
    yield _ORGANIZATION, _whole("organization")
    if screened.practitioner:
        yield _PRACTITIONER, _whole("practitioner")
    yield _SPECIMEN, _specimen(screened.specimen)
    if screened.kit:
        yield _DEVICE, _whole("kit")
    yield from observations.items()


def _diagnostic_report(kind: Kind, screened: Screened, results: tuple[Reference, ...]) -> DiagnosticReport:
    performers = (_ORGANIZATION, _PRACTITIONER) if screened.practitioner else (_ORGANIZATION,)
    return DiagnosticReport(
        extension=(*_statement(kind), *_circumstances(screened)),
        status=kind.status.value,
        code=concept(loinc.URI, screened.loinc, ASSAYS[screened.loinc].display),
        subject=_to(_PATIENT),
        effective_date_time=_place("taken"),
        issued=_place("issued"),
        performer=tuple(map(_to, performers)),
        specimen=(_to(_SPECIMEN),),
        result=results,
    )


def _statement(kind: Kind) -> Iterator[Extension]:
    yield Extension(url=profile.LINEAGE, value_uri=_place("lineage"))
    if kind.replaces:
        yield Extension(url=profile.REPLACES, value_uri=_place("replaces"))


def _circumstances(screened: Screened) -> Iterator[Extension]:
    yield Extension(url=profile.CONSENT, value_code=screened.consent.value)
    if screened.reason is not None:
        yield Extension(url=profile.REASON, value_code=screened.reason.value)


def _specimen(kind: SpecimenType) -> Specimen:
    return Specimen(
        type=concept(snomed.URI, kind.value, kind.name.replace("_", " ").capitalize()),
        subject=_to(_PATIENT),
        collection=Collection(collected_date_time=_place("taken")),
    )


def _observations(kind: Kind, screened: Screened) -> Iterator[tuple[int, Observation]]:
    for number, finding in enumerate(screened.findings, _FINDINGS):
        yield number, _finding(finding, kind.status, _to(_DEVICE) if screened.kit else None)
    yield from enumerate(_answers(screened, _to(_PATIENT)), _ANSWERS)


def _finding(finding: Finding, status: Status, kit: Reference | None) -> Observation:
    return Observation(
        status=status.value,
        code=concept(loinc.URI, finding.loinc, ASSAYS[finding.loinc].display),
        subject=_to(_PATIENT),
        value_codeable_concept=concept(snomed.URI, finding.result.value, RESULT_DISPLAY[finding.result]),
        specimen=_to(_SPECIMEN),
        device=kit,
    )


def _answers(screened: Screened, subject: Reference) -> Iterator[Observation]:
    if screened.symptomatic is not None:
        answer = ("Y", "Yes") if screened.symptomatic else ("N", "No")
        code = concept(loinc.URI, Question.SYMPTOMATIC.value, "Has symptoms related to condition of interest")
        value = concept(profile.YES_NO, *answer)
        yield Observation(status="final", code=code, subject=subject, value_codeable_concept=value)
    if screened.onset:
        code = concept(loinc.URI, Question.ONSET.value, "Date and time of symptom onset")
        yield Observation(status="final", code=code, subject=subject, value_date_time=_place("onset"))
    if screened.pregnancy is not None:
        code = concept(loinc.URI, Question.PREGNANT.value, "Pregnancy status")
        value = concept(snomed.URI, _PREGNANCY_CODES[screened.pregnancy], _PREGNANCY_TEXTS[screened.pregnancy])
        yield Observation(status="final", code=code, subject=subject, value_codeable_concept=value)
