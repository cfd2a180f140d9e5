"""`read_report`: a bundle of our own profile as the report it was written from. The registry's hot path; strict.

Follows `docs/reference/fhir.md`. Everything the profile asks for must be there and nothing that carries meaning may be left out;
unknown ordinary extensions and display texts mean nothing here and are passed over. Never reads a foreign file: that is `rows`.
"""

from datetime import datetime
from uuid import UUID

from sceau.core.report.errors import ReportError, Trouble
from sceau.core.report.fhir import profile
from sceau.core.report.fhir.contents import Contents, Found, opened
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.own import learn, rewritten
from sceau.core.report.fhir.paths import built
from sceau.core.report.fhir.resources import Bundle, DiagnosticReport, Observation
from sceau.core.report.fhir.screening import read_screening, read_status
from sceau.core.report.fhir.text import refusal, shown
from sceau.core.report.fhir.values import extension, moment, place, read_uuid, uuid_value
from sceau.core.report.model import Screening, ScreeningReport, Status


def read_report(data: bytes) -> ScreeningReport:
    """The report that `write` gave these bytes for; raises `ReportError` with every problem found."""
    if quickly := rewritten(data):
        return quickly
    report = read_carefully(data)
    learn(data, report)
    return report


def read_carefully(data: bytes) -> ScreeningReport:
    """The same, for a bundle that need not lie as `write` lays it; raises `ReportError` with every problem found."""
    contents = opened(data)
    notes = Notes()
    report = _report(contents, notes)
    if report is None:
        raise ReportError(*notes.problems)
    return report


def _report(contents: Contents, notes: Notes) -> ScreeningReport | None:
    found = _only_report(contents)
    own_id = _own_id(contents.bundle, notes)
    status = read_status(found, notes)
    issued = _issued(found, notes)
    lineage = uuid_value(found.resource.extension, profile.LINEAGE, area=found.label, notes=notes)
    if lineage is None and extension(found.resource.extension, profile.LINEAGE) is None:
        notes.refuse(Trouble.MISSING, place(found.label, profile.LINEAGE))
    replaces = uuid_value(found.resource.extension, profile.REPLACES, area=found.label, notes=notes)
    # A cancellation names nobody: what it might carry beside its own number is not read.
    screening = None if status is Status.ENTERED_IN_ERROR else _whole(found, contents, notes)
    if notes.problems or own_id is None or status is None or issued is None or lineage is None:
        return None
    return built(
        lambda: ScreeningReport(id=own_id, lineage=lineage, status=status, issued=issued, replaces=replaces, screening=screening),
        notes,
    )


def _only_report(contents: Contents) -> Found[DiagnosticReport]:
    if contents.bundle.type != "collection":
        raise refusal(Trouble.UNKNOWN_VALUE, "Bundle.type", shown(contents.bundle.type))
    reports = contents.all(DiagnosticReport)
    if len(reports) != 1:
        raise refusal(Trouble.BAD_SHAPE if reports else Trouble.MISSING, "DiagnosticReport", str(len(reports) or ""))
    return reports[0]


def _whole(found: Found[DiagnosticReport], contents: Contents, notes: Notes) -> Screening | None:
    """The screening, with nothing observed beside it."""
    screening = read_screening(found, contents, notes, sender=None)
    for label in contents.unread(Observation):
        notes.refuse(Trouble.RESULT_FOREIGN, label)
    return screening


def _issued(found: Found[DiagnosticReport], notes: Notes) -> datetime | None:
    where = f"{found.label}.issued"
    if found.resource.issued:
        return moment(found.resource.issued, where=where, notes=notes)
    notes.refuse(Trouble.MISSING, where)
    return None


def _own_id(bundle: Bundle, notes: Notes) -> UUID | None:
    identifier = bundle.identifier
    if identifier is None or identifier.system != profile.URIS:
        notes.refuse(Trouble.MISSING if identifier is None else Trouble.UNKNOWN_SYSTEM, "Bundle.identifier")
        return None
    return read_uuid(identifier.value, where="Bundle.identifier.value", notes=notes)
