"""DiagnosticReport and what it refers to, as one `Screening`: the mapping that our own reader and the import of files share.

Follows `docs/reference/fhir.md`. What belongs to another person than the report's is refused: references tie a bundle together, and
a result tied to somebody else must never count.
"""

from collections.abc import Iterator
from functools import partial
from typing import TypeVar

from sceau.core.codes import loinc
from sceau.core.codes.errors import BadCode
from sceau.core.codes.loinc import ASSAYS, Loinc
from sceau.core.report import model
from sceau.core.report.errors import Trouble
from sceau.core.report.fhir import profile
from sceau.core.report.fhir.contents import Contents, Found
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.observations import Observed, leave_out, our_test, question, read_answers, read_finding, sort_out
from sceau.core.report.fhir.paths import built
from sceau.core.report.fhir.patient import read_patient
from sceau.core.report.fhir.performer import Named, read_performer
from sceau.core.report.fhir.resources import DiagnosticReport, Observation, Patient, Resource, ServiceRequest, Specimen
from sceau.core.report.fhir.sample import read_kit, read_specimen
from sceau.core.report.fhir.text import shown
from sceau.core.report.fhir.values import chosen, code_value, coded, codes_of, place
from sceau.core.report.panel import remaining_part, with_parts_named

R = TypeVar("R", bound=Resource)
Report = Found[DiagnosticReport]


def read_status(report: Report, notes: Notes) -> model.Status | None:
    """The status, or None with the problem noted: a report that is not finished is no statement."""
    status = report.resource.status
    if status in profile.STATUSES:
        return profile.STATUSES[status]
    notes.refuse(Trouble.UNKNOWN_VALUE if status else Trouble.MISSING, f"{report.label}.status", shown(status))
    return None


def read_test(report: Report, notes: Notes) -> Loinc | None:
    """The test done, or None with the reason noted; a test of something else is no screening, whatever else it says."""
    where = f"{report.label}.code"
    codes = codes_of(report.resource.code, loinc.URI)
    if codes and all(code not in ASSAYS and _is_well_formed(code) for code in codes):
        notes.refuse(Trouble.NOT_A_SCREENING, where, shown(*codes))
        return None
    return coded(report.resource.code, our_test, system=loinc.URI, where=where, notes=notes)


def read_screening(report: Report, contents: Contents, notes: Notes, *, sender: str | None) -> model.Screening | None:
    """The screening that a report states, or None with every problem noted."""
    test = read_test(report, notes)
    if any(problem.trouble is Trouble.NOT_A_SCREENING for problem in notes.problems):
        return None
    observed = _observed(report, contents, notes)
    subject = _subject(report, contents, notes)
    sample = _sample(report, observed.results, contents, notes)
    if subject is not None:
        _same_person(subject, [*observed.results, *observed.asked.values(), *([sample] if sample else [])], contents, notes)
    patient = read_patient(subject, notes) if subject else None
    performer = _performer(report, observed.results, contents, notes, sender)
    specimen = read_specimen(sample, report, notes)
    found = [read_finding(result, notes, cancelled=_is_cancelled(report)) for result in observed.results]
    findings = _findings(test, [finding for finding in found if finding], notes)
    kit = read_kit(observed.results, contents, notes)
    answers = read_answers(observed.asked, notes)
    consent = _consent(report, notes)
    reason = _reason(report, notes)
    if notes.problems or patient is None or performer is None or specimen is None or test is None:
        return None
    return built(
        lambda: model.Screening(
            patient=patient,
            performer=performer,
            specimen=specimen,
            loinc=test,
            findings=findings,
            kit=kit,
            symptomatic=answers.symptomatic,
            onset=answers.onset,
            pregnancy=answers.pregnancy,
            reason=reason,
            consent=consent,
        ),
        notes,
        partial(_where_found, observed.results),
    )


def _findings(test: Loinc | None, found: list[model.Finding], notes: Notes) -> tuple[model.Finding, ...]:
    """What was found, with a part that carries its panel's code named where only one is left; never in our own profile."""
    part = None if notes.strict or test is None else remaining_part(test, found)
    if test is None or part is None:
        return tuple(found)
    notes.warn(Trouble.PART_UNNAMED, "Observation.code", part)
    return with_parts_named(test, found)


def orders(report: Report, contents: Contents, notes: Notes) -> list[Found[ServiceRequest]]:
    """What the report was asked for by."""
    where = f"{report.label}.basedOn"
    return contents.follow_all(report.resource.based_on, (ServiceRequest,), where=where, notes=notes)


def _is_well_formed(code: str) -> bool:
    try:
        Loinc(code)
    except BadCode:
        return False
    return True


def _is_cancelled(report: Report) -> bool:
    return report.resource.status == model.Status.ENTERED_IN_ERROR


def _observed(report: Report, contents: Contents, notes: Notes) -> Observed:
    """The report's results, and the questions among them or beside its order."""
    where, before = f"{report.label}.result", len(notes.problems)
    listed = contents.follow_all(report.resource.result, (Observation,), where=where, notes=notes)
    observed = sort_out(listed, notes)
    if not observed.results and len(notes.problems) == before:
        notes.refuse(Trouble.RESULT_MISSING, where)
    for order in orders(report, contents, notes):
        _add_asked(observed, order, contents, notes)
    return observed


def _add_asked(observed: Observed, order: Found[ServiceRequest], contents: Contents, notes: Notes) -> None:
    """Adds the questions that an order carries; what else it carries is left out."""
    information = order.resource.supporting_info
    beside = tuple(one for one in information if contents.kind_of(one) in (None, Observation.__name__))
    results = {found.label for found in observed.results}
    for found in contents.follow_all(beside, (Observation,), where=f"{order.label}.supportingInfo", notes=notes):
        which = question(codes_of(found.resource.code, loinc.URI))
        if which is not None:
            observed.ask(which, found, notes)
        elif found.label not in results:
            leave_out(found, notes)


def _subject(report: Report, contents: Contents, notes: Notes) -> Found[Patient] | None:
    where, before = f"{report.label}.subject", len(notes.problems)
    subject = contents.follow(report.resource.subject, Patient, where=where, notes=notes)
    if subject is None and len(notes.problems) == before:
        notes.refuse(Trouble.MISSING, where)
    return subject


def _same_person(
    subject: Found[Patient], parts: list[Found[Observation] | Found[Specimen]], contents: Contents, notes: Notes
) -> None:
    for label, part in parts:
        other = contents.follow(part.subject, Patient, where=f"{label}.subject", notes=notes)
        if other is not None and other is not subject:
            notes.refuse(Trouble.RESULT_FOREIGN, f"{label}.subject")


def _sample(report: Report, results: list[Found[Observation]], contents: Contents, notes: Notes) -> Found[Specimen] | None:
    """The one specimen that the results, or else the report, refer to."""
    where = f"{report.label}.specimen"
    found = [contents.follow(one.resource.specimen, Specimen, where=f"{one.label}.specimen", notes=notes) for one in results]
    samples = [sample for sample in found if sample] or contents.follow_all(
        report.resource.specimen, (Specimen,), where=where, notes=notes
    )
    if any(sample is not samples[0] for sample in samples):
        notes.refuse(Trouble.BAD_SHAPE, where, str(len(samples)))
    if not samples:
        notes.refuse(Trouble.MISSING, where)
    return samples[0] if samples else None


def _performer(
    report: Report, results: list[Found[Observation]], contents: Contents, notes: Notes, sender: str | None
) -> model.Performer | None:
    """Who tested. Where no result was understood, nobody is looked for: the results' own refusal tells enough."""
    if not results and not report.resource.performer:
        return None
    return read_performer(_performers(report, results, contents, notes), contents, sender=sender, notes=notes)


def _performers(report: Report, results: list[Found[Observation]], contents: Contents, notes: Notes) -> Iterator[Named]:
    """Where a performer may be named, best first."""
    yield Named(f"{report.label}.performer", report.resource.performer)
    for label, observation in results:
        yield Named(f"{label}.performer", observation.performer)
    for label, order in orders(report, contents, notes):
        yield Named(f"{label}.performer", order.performer)


def _consent(report: Report, notes: Notes) -> model.Consent:
    """What our extension says. Only our own profile must say it: elsewhere recording is not asked about."""
    value = code_value(report.resource.extension, profile.CONSENT, area=report.label, notes=notes)
    where = place(report.label, profile.CONSENT)
    if value is None and notes.strict:
        notes.refuse(Trouble.MISSING, where)
    return chosen(model.Consent, value, where=where, notes=notes) or model.Consent.NOT_NEEDED


def _reason(report: Report, notes: Notes) -> model.Reason | None:
    value = code_value(report.resource.extension, profile.REASON, area=report.label, notes=notes)
    return chosen(model.Reason, value, where=place(report.label, profile.REASON), notes=notes)


def _where_found(results: list[Found[Observation]]) -> dict[str, str]:
    return {code: f"{label}.code" for label, found in results for code in codes_of(found.code, loinc.URI)}
