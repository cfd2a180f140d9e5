"""The report of an import by row, on the command line: runs the imports, waits for the registry if asked, shows one table."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from uuid import UUID

from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from sceau.core.report import files
from sceau.core.report.errors import Problem, ReportError
from sceau.counter.imports import actions
from sceau.counter.imports.actions import AlreadyRunning, Handled
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.relay.models import EnvelopeState
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import refusals

_LOOK = 0.2
_CHUNK = 5_000


@dataclass
class Line:
    """One row of one file, or the whole file (`row` is None) when it could not be read."""

    file: str
    row: int | None
    outcome: str
    reasons: list[str]
    warnings: list[str] = field(default_factory=list)
    report: UUID | None = None

    def told(self) -> dict[str, object]:
        return {"file": self.file, "row": self.row, "outcome": self.outcome, "reasons": self.reasons, "warnings": self.warnings}


@dataclass
class Told:
    """Every row, and what was remarked in taking them: about a file as a whole, and how often about its rows."""

    rows: list[Line]
    unreadable: bool
    remarks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        if self.unreadable:
            return 2
        return 1 if any(line.outcome in ("refused", "stopped") for line in self.rows) else 0


def import_all(paths: Sequence[Path], *, present: Present, wait: bool, quiet: bool) -> Told:
    """Imports each file in turn; a file that cannot be read does not keep the others from being done."""
    told = Told([], False)
    with _progress(quiet) as progress:
        for file in paths:
            try:
                rows, remarks = _import(file, present, progress)
                told.rows += rows
                told.remarks += [(file.name, remark) for remark in remarks]
            except ReportError as error:
                told.unreadable = True
                told.rows.append(Line(file.name, None, "unreadable", _texts(error.problems)))
            except (OSError, AlreadyRunning) as error:
                told.unreadable = True
                told.rows.append(Line(file.name, None, "unreadable", [_why(error)]))
        if wait:
            _wait(told.rows, present, progress)
    return told


def show(told: Told, *, as_json: bool) -> None:
    counts = Counter(line.outcome for line in told.rows)
    if as_json:
        remarks = [{"file": file, "remark": remark} for file, remark in told.remarks]
        json.dump(
            {"rows": [line.told() for line in told.rows], "counts": counts, "remarks": remarks}, sys.stdout, ensure_ascii=False
        )
        sys.stdout.write("\n")
        return
    table = Table("file", "row", "outcome", "why")
    for file, rows, outcome, reasons in _grouped(told.rows):
        table.add_row(file, rows, outcome, "\n".join(reasons))
    console = Console()
    console.print(table)
    for file, remark in told.remarks:
        console.print(f"{file}: {remark}", style="dim", highlight=False, markup=False)
    console.print(", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())) or "nothing to import")


def _import(file: Path, present: Present, progress: Progress) -> tuple[list[Line], list[str]]:
    keys, at = present.keys, timezone.now()
    files.check_size(file.stat().st_size)
    source, reading = actions.start(file.read_bytes(), name=file.name, pharmacy=present.pharmacy, keys=keys, at=at)
    task = progress.add_task(file.name, total=reading.total)
    done = actions.run(
        source, reading, keys=keys, clock=timezone.now, progress=lambda number: progress.update(task, completed=number)
    )
    often = Counter(text for row in done.rows for text in dict.fromkeys(_texts(row.warnings)))
    remarks = [*_texts(done.warnings), *(f"{text} ({number} rows)" for text, number in often.most_common())]
    return [_line(file.name, row) for row in done.rows], remarks


def _line(file: str, row: Handled) -> Line:
    outcome = "duplicate" if row.already else "refused" if row.report is None else "sent"
    return Line(file, row.number, outcome, _texts(row.problems), _texts(row.warnings), row.report)


def _wait(lines: Iterable[Line], present: Present, progress: Progress) -> None:
    """Until each row that was sent has the registry's outcome, or is stopped and waits for a person."""
    pending = {line.report: line for line in lines if line.outcome == "sent" and line.report}
    task, pause = progress.add_task("registry", total=len(pending)), Event()
    while pending:
        for report, outcome in _answered(list(pending)[:_CHUNK], present).items():
            pending.pop(report).outcome = outcome
        progress.update(task, completed=(progress.tasks[task].total or 0) - len(pending))
        if pending:
            pause.wait(_LOOK)
    _explain([line for line in lines if line.outcome == "refused" and line.report], present)


def _answered(reports: Sequence[UUID], present: Present) -> dict[UUID, str]:
    rows = Screening.objects.filter(pharmacy=present.pharmacy, id__in=reports)
    stopped = rows.filter(outcome="", envelope__state=EnvelopeState.STOPPED).values_list("id", flat=True)
    return dict.fromkeys(stopped, "stopped") | dict(rows.exclude(outcome="").values_list("id", "outcome"))


def _explain(lines: Sequence[Line], present: Present) -> None:
    rows = Screening.objects.filter(id__in=[line.report for line in lines]).select_related("envelope")
    why = refusals(list(rows), present.keys)
    for line in lines:
        line.reasons = _texts(why.get(line.report, ())) if line.report else []


def _grouped(lines: Sequence[Line]) -> list[tuple[str, str, str, list[str]]]:
    """Rows next to each other that fared alike, as one."""
    groups: list[tuple[Line, list[Line]]] = []
    for line in lines:
        alike = groups and (groups[-1][0].file, groups[-1][0].outcome, groups[-1][0].reasons) == (
            line.file,
            line.outcome,
            line.reasons,
        )
        if alike:
            groups[-1][1].append(line)
        else:
            groups.append((line, [line]))
    return [(first.file, _range(rows), first.outcome, first.reasons) for first, rows in groups]


def _range(rows: Sequence[Line]) -> str:
    first, last = rows[0].row, rows[-1].row
    return "" if first is None else str(first) if first == last else f"{first}–{last}"


def _texts(problems: Iterable[Problem]) -> list[str]:
    return [problem.text("en") for problem in problems]


def _why(error: Exception) -> str:
    return "this file is being imported at this moment" if isinstance(error, AlreadyRunning) else type(error).__name__


def _progress(quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True)
