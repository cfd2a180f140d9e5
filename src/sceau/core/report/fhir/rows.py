"""`read_rows`: what other senders send, a bundle alone or one a line (NDJSON), as rows understood or refused.

Each DiagnosticReport is one row, in the file's order; a bundle that cannot be read, or that holds none, is one row for each report it
seems to hold, at least one. Follows `docs/reference/fhir.md`; never stores, and never fetches what a reference points to.
"""

from collections.abc import Iterator
from datetime import tzinfo
from itertools import accumulate, pairwise

import msgspec

from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.fhir.canonical import canonical
from sceau.core.report.fhir.contents import Contents, Found, spread
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.resources import DiagnosticReport, Observation
from sceau.core.report.fhir.screening import read_screening, read_status
from sceau.core.report.fhir.sending import Surplus, accession, issued, refuse_tests, sender, surplus
from sceau.core.report.fhir.text import Tree, parsed, refusal
from sceau.core.report.model import Performer
from sceau.core.report.reading import Reading, Row, Statement

FORM, TRANSACTION = "fhir", "transaction"
MOST_ROWS = 10_000
MOST_REPORTS = 100  # in one bundle: each of its rows keeps the whole bundle's words
_BOM = b"\xef\xbb\xbf"


class _Kind(msgspec.Struct, rename="camel"):
    resource_type: str = ""


class _Entry(msgspec.Struct):
    resource: _Kind | None = None


class _Outline(msgspec.Struct):
    type: str = ""
    entry: tuple[_Entry, ...] = ()


_outline = msgspec.json.Decoder(_Outline)


def read_rows(data: bytes, zone: tzinfo) -> Reading:
    """The file's rows, lazily; `zone` is the pharmacy's. Raises `ReportError` for what is no FHIR JSON at all."""
    bundles = _bundles(data.removeprefix(_BOM))
    counts = [_report_count(bundle) for bundle in bundles]
    if sum(counts) > MOST_ROWS:
        raise refusal(Trouble.TOO_MANY_ROWS, "file", f"{sum(counts)} > {MOST_ROWS}")
    return Reading(form=FORM, rows=_numbered(bundles, counts, zone), total=sum(counts))


def transactions(data: bytes) -> list[range]:
    """The numbers of the rows that each transaction of a file holds: these are taken together or not at all."""
    try:
        bundles = _bundles(data.removeprefix(_BOM))
    except ReportError:
        return []
    ends = list(accumulate(map(_report_count, bundles), initial=1))
    rows = (range(first, end) for first, end in pairwise(ends))
    return [one for one, bundle in zip(rows, bundles, strict=True) if _type(bundle) == TRANSACTION]


def _type(bundle: bytes) -> str:
    try:
        return _outline.decode(bundle).type
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""


def _bundles(data: bytes) -> list[bytes]:
    """The bundles: each line one, or all lines together one where the first is not whole."""
    lines = [line for line in data.splitlines() if line.strip()]
    if not lines:
        raise refusal(Trouble.FILE_EMPTY, "file")
    first, second = lines[0].strip(), lines[1].strip() if len(lines) > 1 else b""
    if not first.startswith(b"{"):
        raise refusal(Trouble.FILE_UNKNOWN, "file")
    return lines if second and (first.endswith(b"}") or second.startswith(b"{")) else [data]


def _report_count(bundle: bytes) -> int:
    try:
        entries = _outline.decode(bundle).entry
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return 1
    kinds = (entry.resource.resource_type for entry in entries if entry.resource)
    reports = sum(kind == DiagnosticReport.__name__ for kind in kinds)
    return reports if 1 <= reports <= MOST_REPORTS else 1


def _numbered(bundles: list[bytes], counts: list[int], zone: tzinfo) -> Iterator[Row]:
    number = 1
    for bundle, count in zip(bundles, counts, strict=True):
        yield from _rows(bundle, first=number, count=count, zone=zone)
        number += count


def _rows(bundle: bytes, *, first: int, count: int, zone: tzinfo) -> Iterator[Row]:
    """The rows of one bundle, or its refusal, told once for each report it seems to hold."""
    try:
        tree, compact = parsed(bundle)
        contents = spread(tree, compact)
        yield from _understood(tree, contents, first=first, zone=zone)
    except ReportError as error:
        yield from _refused(bundle, error.problems, first=first, count=count)
    except RecursionError:
        yield from _refused(bundle, (Problem(Trouble.TOO_DEEP, "Bundle"),), first=first, count=count)


def _refused(bundle: bytes, problems: tuple[Problem, ...], *, first: int, count: int) -> Iterator[Row]:
    for number in range(first, first + count):
        yield Row(number=number, canonical=b"%d:%s" % (number - first, bundle.strip()), problems=problems)


def _understood(tree: Tree, contents: Contents, *, first: int, zone: tzinfo) -> list[Row]:
    """The row of each report. All are read before what was left out is told, because a bundle's reports share its parts."""
    reports = contents.all(DiagnosticReport)
    if not reports:
        raise refusal(Trouble.MISSING, DiagnosticReport.__name__)
    if len(reports) > MOST_REPORTS:
        raise refusal(Trouble.TOO_MANY_ROWS, DiagnosticReport.__name__, f"{len(reports)} > {MOST_REPORTS}")
    read = [(Notes(zone), report) for report in reports]
    statements = [_statement(report, contents, notes) for notes, report in read]
    rest = surplus(tree, contents.unread(Observation))
    return [
        _row(statement, notes, rest, number=first + place, content=canonical(tree, report=place))
        for place, (statement, (notes, _)) in enumerate(zip(statements, read, strict=True))
    ]


def _row(statement: Statement | None, notes: Notes, rest: Surplus, *, number: int, content: bytes) -> Row:
    if statement is None:
        return Row(number=number, canonical=content, problems=tuple(notes.problems))
    for where, details in rest.items():
        notes.leave_out(where, *details)
    return Row(number=number, canonical=content, statement=statement, warnings=notes.all_warnings())


def _statement(report: Found[DiagnosticReport], contents: Contents, notes: Notes) -> Statement | None:
    """What the report states, or None with every problem noted."""
    refuse_tests(contents, notes)
    source = sender(contents)
    screening = read_screening(report, contents, notes, sender=source)
    if any(problem.trouble is Trouble.NOT_A_SCREENING for problem in notes.problems):
        return None
    status = read_status(report, notes)
    at = issued(report, contents, notes)
    number = accession(report, contents, notes)
    if notes.problems or status is None or at is None or screening is None:
        return None
    name = source or _numbered_name(screening.performer)
    return Statement(sender=name, accession=number, status=status, issued=at, screening=screening)


def _numbered_name(performer: Performer) -> str:
    """The performer by its number, for a bundle that names no sender."""
    if performer.foreign is not None and performer.finess is None:
        return f"{performer.foreign.system}|{performer.foreign.value}"
    return str(performer.finess)
