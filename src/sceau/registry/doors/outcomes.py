"""`OperationOutcome` (FHIR R4): what is wrong, in FHIR's words and in ours. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from sceau.core.problems import ProblemDetails
from sceau.core.report.errors import Language, Problem, Trouble

SYSTEM = "urn:sceau:trouble"
_OTHERWISE = "invalid"
# Value set issue-type, as far as a problem is one of its kinds.
_TYPES = {
    Trouble.MISSING: "required",
    Trouble.RESULT_MISSING: "required",
    Trouble.REPLACES_MISSING: "required",
    Trouble.NO_IDENTIFIER: "required",
    Trouble.UNREADABLE: "structure",
    Trouble.FILE_UNKNOWN: "structure",
    Trouble.NOT_A_BUNDLE: "structure",
    Trouble.FILE_TRUNCATED: "incomplete",
    Trouble.TOO_LONG: "too-long",
    Trouble.FILE_TOO_LARGE: "too-costly",
    Trouble.TOO_MANY_ROWS: "too-costly",
    Trouble.TOO_DEEP: "too-costly",
    Trouble.UNKNOWN_CODE: "code-invalid",
    Trouble.UNKNOWN_SYSTEM: "code-invalid",
    Trouble.UNKNOWN_VALUE: "value",
    Trouble.BAD_SHAPE: "value",
    Trouble.BAD_CHECK_DIGIT: "value",
    Trouble.NOT_A_SCREENING: "not-supported",
    Trouble.UNKNOWN_MODIFIER: "extension",
    Trouble.DANGLING_REFERENCE: "not-found",
    Trouble.FOREIGN_REFERENCE: "not-supported",
    Trouble.DUPLICATE_ID: "duplicate",
    Trouble.OTHER_PHARMACY: "forbidden",
}
_STATUSES = {401: "login", 403: "forbidden", 413: "too-long", 429: "throttled", 503: "transient"}

Json = dict[str, Any]


def outcome(issues: Sequence[Json]) -> Json:
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def issues(problems: Iterable[Problem], *, severity: str, language: Language, row: int | None = None) -> list[Json]:
    """One for each problem; `row` is its report's number where several came."""
    return [_issue(problem, severity, language, row) for problem in problems]


def informed(text: str) -> Json:
    return {"severity": "information", "code": "informational", "details": {"text": text}}


def failed(text: object) -> Json:
    return {"severity": "error", "code": "processing", "details": {"text": str(text)}}


def refused(problem: ProblemDetails) -> Json:
    """Why nobody is heard."""
    coding = {"system": "urn:sceau:problem", "code": problem.type.rpartition(":")[2]}
    more = " ".join(filter(None, (problem.detail, problem.see)))
    issue: Json = {"severity": "error", "code": _STATUSES.get(problem.status, _OTHERWISE)}
    issue |= {"details": {"coding": [coding], "text": problem.title}} | ({"diagnostics": more} if more else {})
    return outcome([issue])


def _issue(problem: Problem, severity: str, language: Language, row: int | None) -> Json:
    details = {"coding": [{"system": SYSTEM, "code": problem.trouble.value}], "text": problem.text(language)}
    issue = {"severity": severity, "code": _TYPES.get(problem.trouble, _OTHERWISE), "details": details}
    return issue | ({"diagnostics": f"DiagnosticReport {row}"} if row else {})
