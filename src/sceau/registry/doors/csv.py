"""`POST /csv`: a table, answered row by row with the column, the problem and its fix."""

import msgspec
from django.http import HttpResponse

from sceau.core.report.errors import Problem, ReportError
from sceau.registry.api.auth import refusal
from sceau.registry.doors.door import Door, language
from sceau.registry.submissions.actions import Submitted
from sceau.registry.submissions.told import Place, RowTold, TableTold


def tell(data: bytes, submitted: Submitted) -> HttpResponse:
    """422 where nothing was taken."""
    rows = [RowTold(row.number, _places(row.problems)) for row in submitted.read.rows if row.problems]
    told = TableTold(
        submission=submitted.id,
        rows=len(submitted.read.rows),
        taken=submitted.taken,
        refused=rows,
        warnings=_places(submitted.read.warnings),
    )
    return _json(told, status=200 if submitted.taken else 422)


def unread(data: bytes, error: ReportError) -> HttpResponse:
    return _json(TableTold(submission=None, rows=0, taken=0, refused=[RowTold(0, _places(error.problems))]), status=422)


def _places(problems: tuple[Problem, ...]) -> list[Place]:
    return [Place(one.where, one.trouble.value, one.text(language())) for one in problems]


def _json(told: TableTold, *, status: int) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(told), content_type="application/json", status=status)


CSV = Door("csv", ("text/csv",), tell, refusal, unread)
