"""`POST /fhir`: a Bundle, or several as NDJSON, each DiagnosticReport a row; `GET /fhir/metadata` says what is understood.

A transaction is taken whole or not at all, as FHIR R4 asks (http.html#transaction), as one of several lines too; of everything else
what can be taken is. A batch and a transaction are answered entry by entry, a message by a message, several bundles by a
batch-response with an entry for each report, and what is none of these by an OperationOutcome. Nothing is stored as a resource, so
that no entry has an address: the submission has one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from sceau.core.problems import ProblemDetails
from sceau.core.report.errors import ReportError
from sceau.core.report.fhir.rows import TRANSACTION, transactions
from sceau.registry.api.auth import endpoint, headed
from sceau.registry.doors.door import Door, language
from sceau.registry.doors.outcomes import Json, failed, informed, issues, outcome, refused
from sceau.registry.submissions.actions import Submitted
from sceau.registry.submissions.reading import Told

JSON, NDJSON = "application/fhir+json", "application/fhir+ndjson"
TYPES = (JSON, "application/json", NDJSON, "application/x-ndjson", "application/ndjson")
_RESPONSES = {"transaction": "transaction-response", "batch": "batch-response"}
_LOST = gettext_lazy(
    "Not taken: another report of the same transaction is refused. Put that one right and send the transaction again."
)
_SINCE = datetime(2026, 11, 25, tzinfo=UTC)


class _Resource(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    id: str = ""


class _Entry(msgspec.Struct):
    resource: _Resource | None = None


class _Outline(msgspec.Struct):
    """As much of a bundle as its answer needs."""

    type: str = ""
    entry: tuple[_Entry, ...] = ()


def tell(data: bytes, submitted: Submitted) -> HttpResponse:
    """422 where nothing was taken."""
    outline, several = _outline(data), data.strip().count(b"\n{") > 0
    rows = submitted.read.rows
    if outline.type == TRANSACTION and not submitted.taken:
        told = _overview(submitted)
    elif outline.type in _RESPONSES:
        told = _bundle(_RESPONSES[outline.type], _entries(outline, rows))
    elif several:
        told = _bundle("batch-response", [_entry(row, lost=row.number in submitted.lost) for row in rows])
    else:
        told = _message(outline, submitted) if outline.type == "message" else _overview(submitted)
    return _json(told, status=200 if submitted.taken else 422)


def unread(data: bytes, error: ReportError) -> HttpResponse:
    return _json(outcome(issues(error.problems, severity="error", language=language())), status=422)


def refuse(problem: ProblemDetails) -> HttpResponse:
    return headed(_json(refused(problem), status=problem.status), problem)


@endpoint("GET")
def metadata(request: HttpRequest) -> HttpResponse:
    """The CapabilityStatement."""
    return _json(_capabilities(), status=200)


def _outline(data: bytes) -> _Outline:
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Outline)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _Outline()


def _bundle(kind: str, entries: list[Json]) -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def _entries(outline: _Outline, rows: Sequence[Told]) -> list[Json]:
    """One for each entry that came: a report's says what became of it, the others are parts of reports."""
    waiting = iter(rows)
    kinds = (entry.resource.resource_type if entry.resource else "" for entry in outline.entry)
    return [_entry(next(waiting, None) if kind == "DiagnosticReport" else None) for kind in kinds]


def _entry(row: Told | None, *, lost: bool = False) -> Json:
    """Accepted, since what becomes of it in the registry is settled later; `lost` with its transaction."""
    if row is None:
        return {"response": {"status": "202 Accepted"}}
    status = "422 Unprocessable Entity" if row.problems or lost else "202 Accepted"
    found = [*_issues([row]), *([failed(_LOST)] if lost else [])]
    return {"response": {"status": status} | ({"outcome": outcome(found)} if found else {})}


def _issues(rows: Sequence[Told]) -> list[Json]:
    speaking, several = language(), len(rows) > 1
    found = list[Json]()
    for row in rows:
        number = row.number if several else None
        found += issues(row.problems, severity="error", language=speaking, row=number)
        found += issues(row.warnings, severity="warning", language=speaking, row=number)
    return found


def _overview(submitted: Submitted) -> Json:
    taken = _("Reports taken: %(taken)s of %(rows)s.") % {"taken": submitted.taken, "rows": len(submitted.read.rows)}
    return outcome([*_issues(submitted.read.rows), informed(taken)])


def _message(outline: _Outline, submitted: Submitted) -> Json:
    """A response message, whose outcome lies beside its header."""
    header = next((one.resource for one in outline.entry if one.resource and one.resource.resource_type == "MessageHeader"), None)
    code, name = "ok" if submitted.taken else "fatal-error", f"urn:uuid:{uuid7()}"
    response: Json = {"identifier": header.id if header and header.id else str(submitted.id), "code": code}
    response |= {"details": {"reference": name}}
    event = {"system": "http://terminology.hl7.org/CodeSystem/v2-0003", "code": "R01"}
    told = {
        "resourceType": "MessageHeader",
        "eventCoding": event,
        "response": response,
        "source": {"endpoint": settings.PUBLIC_URL},
    }
    first = {"fullUrl": f"urn:uuid:{submitted.id}", "resource": told}
    return _bundle("message", [first, {"fullUrl": name, "resource": _overview(submitted)}]) | {
        "timestamp": timezone.now().isoformat()
    }


def _capabilities() -> Json:
    service = {"system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR"}
    token = {"url": "token", "valueUri": f"{settings.PUBLIC_URL}/oauth/token"}
    uris = {"url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris", "extension": [token]}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _SINCE.date().isoformat(),
        "kind": "instance",
        "software": {"name": "Sceau"},
        "implementation": {"description": "Sceau registry, plain door", "url": f"{settings.PUBLIC_URL}/fhir"},
        "fhirVersion": "4.0.1",
        "format": ["json", NDJSON],
        "rest": [
            {
                "mode": "server",
                "documentation": "POST a Bundle of DiagnosticReports, or several as NDJSON, with ?finess= of the establishment.",
                "security": {"service": [{"coding": [service]}], "extension": [uris]},
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }


def _json(told: Json, *, status: int) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(told), content_type=f"{JSON}; fhirVersion=4.0", status=status)


FHIR = Door("fhir", TYPES, tell, refuse, unread, transactions)
