"""Writes reports as ORU^R01^ORU_R01 of HL7 v2.5.1: one message, or a batch of several. The profile is `docs/reference/hl7v2.md`.

Never decides anything: what a report does not say is left empty. SPM stands last, so that a cut message is refused.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sceau.core.codes.loinc import Question, assay
from sceau.core.codes.snomed import RESULT_DISPLAY
from sceau.core.report.hl7v2.build import day, field, segment, time
from sceau.core.report.hl7v2.people import patient_fields, performer_fields
from sceau.core.report.hl7v2.questions import NO, NOWHERE_KNOWN, PREGNANCIES, YES, Own
from sceau.core.report.hl7v2.residence import department
from sceau.core.report.hl7v2.values import LOINC, OURS, SNOMED
from sceau.core.report.model import Consent, Finding, Kit, Screening, ScreeningReport, Status

APPLICATION = "SCEAU"
NAMESPACE = "sceau"
_STATUSES = {Status.FINAL: "F", Status.CORRECTED: "C", Status.ENTERED_IN_ERROR: "X"}
_QUESTIONS = {
    Question.SYMPTOMATIC: "Has symptoms related to condition of interest",
    Question.ONSET: "Date of symptom onset",
    Question.PREGNANT: "Pregnancy status",
}
_PREGNANT = {pregnancy: code for (system, code), pregnancy in PREGNANCIES.items() if system == SNOMED}
_CONTROL_ID_LENGTH = 20  # MSH-10: what v2.5.1 allows


def write(reports: Sequence[ScreeningReport], *, sender: str, at: datetime) -> bytes:
    """One message, or a batch where there are several; `sender` (MSH-4) sends at `at`, an aware time."""
    messages = [_message(report, sender, at) for report in reports]
    if len(messages) == 1:
        return messages[0].encode()
    head = {3: field(APPLICATION), 4: field(sender), 7: time(at)}
    batch = segment("BHS", head) + "".join(messages) + segment("BTS", {1: str(len(messages))})
    return (segment("FHS", head) + batch + segment("FTS", {1: "1"})).encode()


def _message(report: ScreeningReport, sender: str, at: datetime) -> str:
    return "".join([_header(report, sender, at), *_body(report)])


def _header(report: ScreeningReport, sender: str, at: datetime) -> str:
    fields = {
        3: field(APPLICATION),
        4: field(sender),
        7: time(at),
        9: field("ORU", "R01", "ORU_R01"),
        10: report.id.hex[-_CONTROL_ID_LENGTH:],
        11: "P",
        12: "2.5.1",
        17: "FRA",
        18: "UNICODE UTF-8",
    }
    return segment("MSH", fields)


def _body(report: ScreeningReport) -> Iterator[str]:
    screening = report.screening
    if screening is None:
        yield _order(report)
        yield _request(report, {4: field("cancellation", "Report withdrawn", OURS)})
        return
    yield segment(
        "PID", {1: "1", **patient_fields(screening.patient, otherwise=field(str(report.lineage), None, None, NAMESPACE, "VN"))}
    )
    yield _order(report)
    yield _request(report, _requested(screening))
    for number, observation in enumerate(_observations(report, screening), 1):
        yield segment("OBX", {1: str(number), **observation})
    yield _specimen(report, screening)


def _own(identifier: UUID) -> str:
    return field(str(identifier), NAMESPACE)


def _order(report: ScreeningReport) -> str:
    return segment("ORC", {1: "RE", 2: _own(report.lineage), 3: _own(report.id)})


def _request(report: ScreeningReport, fields: dict[int, str]) -> str:
    said = {1: "1", 2: _own(report.lineage), 3: _own(report.id), 22: time(report.issued), 25: _STATUSES[report.status]}
    parent = {29: field(None, (str(report.replaces), NAMESPACE))} if report.replaces else {}
    return segment("OBR", {**said, **parent, **fields})


def _requested(screening: Screening) -> dict[int, str]:
    reason = {31: field(screening.reason, None, OURS)} if screening.reason else {}
    return {4: field(screening.loinc, assay(screening.loinc).display, LOINC), 7: time(screening.specimen.taken_at), **reason}


def _specimen(report: ScreeningReport, screening: Screening) -> str:
    specimen = screening.specimen
    number = field(None, (str(report.lineage), NAMESPACE))
    return segment("SPM", {1: "1", 2: number, 4: field(specimen.type, None, SNOMED), 17: field(time(specimen.taken_at))})


def _observations(report: ScreeningReport, screening: Screening) -> Iterator[dict[int, str]]:
    status = _STATUSES[report.status]
    circumstances = {
        11: status,
        14: time(screening.specimen.taken_at),
        **performer_fields(screening.performer),
        **_kit(screening.kit),
    }
    for finding in screening.findings:
        yield {**circumstances, **_finding(finding)}
    for question in _answers(screening):
        yield {11: status, **question}


def _finding(finding: Finding) -> dict[int, str]:
    tested = field(finding.loinc, assay(finding.loinc).display, LOINC)
    return {2: "CWE", 3: tested, 5: field(finding.result, RESULT_DISPLAY[finding.result], SNOMED)}


def _kit(kit: Kit | None) -> dict[int, str]:
    return {17: field(kit.gtin, kit.name, OURS), 18: field(kit.lot, kit.manufacturer)} if kit else {}


def _answers(screening: Screening) -> Iterator[dict[int, str]]:
    if screening.symptomatic is not None:
        system, code = YES if screening.symptomatic else NO
        yield _coded(_asked(Question.SYMPTOMATIC), code, system)
    if screening.onset is not None:
        yield {2: "DT", 3: _asked(Question.ONSET), 5: day(screening.onset)}
    if screening.pregnancy is not None:
        yield _coded(_asked(Question.PREGNANT), _PREGNANT[screening.pregnancy], SNOMED)
    yield from _own_answers(screening)


def _own_answers(screening: Screening) -> Iterator[dict[int, str]]:
    if screening.consent is not Consent.NOT_NEEDED:
        yield _coded(field(Own.CONSENT, None, OURS), screening.consent, OURS)
    if screening.patient.department != department(screening.patient.address):
        yield _coded(field(Own.DEPARTMENT, None, OURS), screening.patient.department or NOWHERE_KNOWN, OURS)
    if screening.kit and screening.kit.expiry:
        yield {2: "DT", 3: field(Own.KIT_EXPIRY, None, OURS), 5: day(screening.kit.expiry)}


def _asked(question: Question) -> str:
    return field(question, _QUESTIONS[question], LOINC)


def _coded(asked: str, code: str, system: str) -> dict[int, str]:
    return {2: "CWE", 3: asked, 5: field(code, None, system)}
