"""What was sent plain, read row by row in memory: reports that can be taken, and what is wrong with the others. Stores nothing.

A row is named without a key here (`naming`): who else than the keyholder names it anew could tell from a name what it says.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sceau.core.codes.identifiers import Finess
from sceau.core.codes.loinc import Disease
from sceau.core.report import files
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.model import Screening, ScreeningReport
from sceau.core.report.naming import report_id, report_of
from sceau.core.report.reading import Row
from sceau.core.report.sent import check_sent
from sceau.registry.submissions.models import Sender

MOST_ROWS = 10_000
_NO_KEY = b"sceau/plain"


class Told(NamedTuple):
    """What is said of one row at once. Without problems it is taken."""

    number: int
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Read(NamedTuple):
    """Every row in order; `reports` are those without problems."""

    form: str
    rows: Sequence[Told]
    reports: Sequence[ScreeningReport]
    warnings: tuple[Problem, ...] = ()

    def lost(self, together: Sequence[range]) -> frozenset[int]:
        """The rows that nothing is wrong with but another one of those that are taken together or not at all."""
        wrong = {row.number for row in self.rows if row.problems}
        return frozenset(one for rows in together if not wrong.isdisjoint(rows) for one in rows if one not in wrong)

    def reasons(self) -> dict[str, int]:
        """How often each kind of problem was told."""
        return dict(Counter(problem.trouble.value for row in self.rows for problem in row.problems))


def read(data: bytes, *, form: str, sender: Sender, at: datetime, diseases: Collection[Disease] | None = None) -> Read:
    """The rows of one body of that form (`fhir`, `hl7v2`, `csv`); `diseases` are all that the software may report, where it is kept to
    some. Raises `ReportError` where the whole cannot be read."""
    reading = files.read(data, ZoneInfo(sender.time_zone))
    if reading.form.partition(":")[0] != form:
        raise ReportError(Problem(Trouble.FILE_UNKNOWN, "file", form))
    files.check_rows(reading.total, MOST_ROWS)
    check = partial(check_sent, by=Finess(sender.finess), at=at, diseases=diseases)
    reports, rows = list[ScreeningReport](), list[Told]()
    for row in reading.rows:
        report = _report(row, check)
        if isinstance(report, ScreeningReport):
            reports.append(report)
        rows.append(Told(row.number, () if isinstance(report, ScreeningReport) else report, row.warnings))
    return Read(reading.form, rows, reports, reading.warnings)


def _report(row: Row, check: Callable[[Screening], None]) -> ScreeningReport | tuple[Problem, ...]:
    if row.statement is None:
        return row.problems
    try:
        check(row.statement.screening)
        return report_of(_NO_KEY, row.statement, report_id(_NO_KEY, row))
    except ReportError as error:
        return error.problems
