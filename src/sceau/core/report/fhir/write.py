"""`write`: a report as a bundle of our profile. The same report always gives the same bytes.

Follows `docs/reference/fhir.md`. FHIR has no empty text: a blank optional field is written as absent. Times keep their offset, in
whole minutes as FHIR writes them. Refuses to write a FINESS as a foreign number, which would be read back as a FINESS.
"""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from sceau.core.codes import loinc, snomed
from sceau.core.codes.loinc import ASSAYS, Question
from sceau.core.codes.snomed import RESULT_DISPLAY
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
    Resource,
    Specimen,
)
from sceau.core.report.fhir.writing import concept, device, instant, organization, patient, practitioner
from sceau.core.report.model import Finding, Pregnancy, Screening, ScreeningReport

_REPORT, _PATIENT, _ORGANIZATION, _PRACTITIONER, _SPECIMEN, _DEVICE, _FINDINGS, _ANSWERS = 0, 1, 2, 3, 4, 5, 16, 64
_PREGNANCY_CODES = {pregnancy: code for code, pregnancy in profile.SNOMED_PREGNANCY.items()}
_PREGNANCY_TEXTS = {Pregnancy.PREGNANT: "Pregnant", Pregnancy.NOT_PREGNANT: "Not pregnant", Pregnancy.UNKNOWN: "Unknown"}
_encoder = msgspec.json.Encoder()


def write(report: ScreeningReport) -> bytes:
    """The report as compact JSON; raises `ReportError` for a number that our profile cannot tell apart."""
    screening = report.screening
    names = _Names(report.id)
    parts = dict(_cancellation(report) if screening is None else _parts(report, screening, names))
    return _encoder.encode(
        Bundle(
            identifier=Identifier(system=profile.URIS, value=profile.UUID_PREFIX + str(report.id)),
            type="collection",
            entry=tuple(Entry(full_url=names.url(number), resource=part) for number, part in parts.items()),
        )
    )


class _Names:
    """The names of a bundle's resources: the report's own id, its last byte changed, so that each report's are its own."""

    def __init__(self, own: UUID) -> None:
        text = str(own)
        self._stem, self._last = profile.UUID_PREFIX + text[:-2], int(text[-2:], 16)
        self._made: dict[int, Reference] = {}

    def url(self, number: int) -> str:
        return f"{self._stem}{self._last ^ number:02x}"

    def to(self, number: int) -> Reference:
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = Reference(reference=self.url(number))
        return made


def _cancellation(report: ScreeningReport) -> Iterator[tuple[int, Resource]]:
    code = concept(loinc.URI, profile.CANCELLED_CODE, "Laboratory report")
    issued = instant(report.issued)
    yield _REPORT, DiagnosticReport(extension=tuple(_statement(report)), status=report.status.value, code=code, issued=issued)


def _parts(report: ScreeningReport, screening: Screening, names: _Names) -> Iterator[tuple[int, Resource]]:
    """The resources of a report, each with its number; the report itself comes first."""
    observations = dict(_observations(report, screening, names))
    performer = screening.performer
    yield _REPORT, _diagnostic_report(report, screening, names, tuple(map(names.to, observations)))
    yield _PATIENT, patient(screening.patient)
    yield _ORGANIZATION, organization(performer)
    if performer.rpps is not None:
        yield _PRACTITIONER, practitioner(performer.rpps)
    yield _SPECIMEN, _specimen(screening, names)
    if screening.kit is not None:
        yield _DEVICE, device(screening.kit)
    yield from observations.items()


def _diagnostic_report(
    report: ScreeningReport, screening: Screening, names: _Names, results: tuple[Reference, ...]
) -> DiagnosticReport:
    performers = (_ORGANIZATION,) if screening.performer.rpps is None else (_ORGANIZATION, _PRACTITIONER)
    return DiagnosticReport(
        extension=(*_statement(report), *_circumstances(screening)),
        status=report.status.value,
        code=concept(loinc.URI, screening.loinc, ASSAYS[screening.loinc].display),
        subject=names.to(_PATIENT),
        effective_date_time=instant(screening.specimen.taken_at),
        issued=instant(report.issued),
        performer=tuple(map(names.to, performers)),
        specimen=(names.to(_SPECIMEN),),
        result=results,
    )


def _statement(report: ScreeningReport) -> Iterator[Extension]:
    yield Extension(url=profile.LINEAGE, value_uri=profile.UUID_PREFIX + str(report.lineage))
    if report.replaces is not None:
        yield Extension(url=profile.REPLACES, value_uri=profile.UUID_PREFIX + str(report.replaces))


def _circumstances(screening: Screening) -> Iterator[Extension]:
    yield Extension(url=profile.CONSENT, value_code=screening.consent.value)
    if screening.reason is not None:
        yield Extension(url=profile.REASON, value_code=screening.reason.value)


def _specimen(screening: Screening, names: _Names) -> Specimen:
    kind = screening.specimen.type
    return Specimen(
        type=concept(snomed.URI, kind.value, kind.name.replace("_", " ").capitalize()),
        subject=names.to(_PATIENT),
        collection=Collection(collected_date_time=instant(screening.specimen.taken_at)),
    )


def _observations(report: ScreeningReport, screening: Screening, names: _Names) -> Iterator[tuple[int, Observation]]:
    kit = None if screening.kit is None else names.to(_DEVICE)
    for number, finding in enumerate(screening.findings, _FINDINGS):
        yield number, _finding(finding, report, names, kit)
    for number, answer in enumerate(_answers(screening, names.to(_PATIENT)), _ANSWERS):
        yield number, answer


def _finding(finding: Finding, report: ScreeningReport, names: _Names, kit: Reference | None) -> Observation:
    return Observation(
        status=report.status.value,
        code=concept(loinc.URI, finding.loinc, ASSAYS[finding.loinc].display),
        subject=names.to(_PATIENT),
        value_codeable_concept=concept(snomed.URI, finding.result.value, RESULT_DISPLAY[finding.result]),
        specimen=names.to(_SPECIMEN),
        device=kit,
    )


def _answers(screening: Screening, subject: Reference) -> Iterator[Observation]:
    if screening.symptomatic is not None:
        answer = ("Y", "Yes") if screening.symptomatic else ("N", "No")
        code = concept(loinc.URI, Question.SYMPTOMATIC.value, "Has symptoms related to condition of interest")
        value = concept(profile.YES_NO, *answer)
        yield Observation(status="final", code=code, subject=subject, value_codeable_concept=value)
    if screening.onset is not None:
        code = concept(loinc.URI, Question.ONSET.value, "Date and time of symptom onset")
        yield Observation(status="final", code=code, subject=subject, value_date_time=screening.onset.isoformat())
    if screening.pregnancy is not None:
        code = concept(loinc.URI, Question.PREGNANT.value, "Pregnancy status")
        value = concept(snomed.URI, _PREGNANCY_CODES[screening.pregnancy], _PREGNANCY_TEXTS[screening.pregnancy])
        yield Observation(status="final", code=code, subject=subject, value_codeable_concept=value)
