"""From a table to a reading: finds the dialect by the header, then gives one row after the other. Never stops at a wrong row.

A file is refused as a whole only where its header is of no dialect, or its text is broken; the refusal names the nearest dialect
and the columns it lacks. A row's `canonical` holds all its cells, those we leave out too, whatever the order of the columns.
"""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import msgspec

from sceau.core.report.csv.assemble import Assembly
from sceau.core.report.csv.cells import BadCell
from sceau.core.report.csv.mapping import ADDING_UP, Column, Dialect, normal
from sceau.core.report.csv.neutral import is_formula, restore
from sceau.core.report.csv.reportstream import REPORTSTREAM
from sceau.core.report.csv.simplereport import SIMPLEREPORT
from sceau.core.report.csv.table import Table, open_table
from sceau.core.report.csv.template import TEMPLATE
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.reading import Reading, Row

DIALECTS = (TEMPLATE, SIMPLEREPORT, REPORTSTREAM)
_LONGEST_NAME = 60


class Plan(NamedTuple):
    """A dialect bound to a file: which cell goes through which column of the mapping, in the mapping's order."""

    dialect: Dialect
    names: tuple[str, ...]
    columns: tuple[tuple[int, Column], ...]
    places: dict[str, str]
    zone: tzinfo


def read_table(data: bytes, encoding: str, zone: tzinfo) -> Reading:
    """The rows of a CSV file; raises `ReportError` where there is no table, or one of no dialect."""
    table = open_table(data, encoding)
    names = tuple(normal(name) for name in table.header)
    dialect = _recognise(names)
    if not table.total:
        raise ReportError(Problem(Trouble.NO_ROWS, "file"))
    plan = _plan(dialect, names, zone)
    return Reading(
        form=dialect.form,
        rows=_rows(table, plan),
        total=table.total,
        warnings=tuple(_left_out(table, plan)),
    )


def _recognise(names: tuple[str, ...]) -> Dialect:
    """The dialect that the header is of; raises with every column that the nearest one lacks."""
    twice = sorted({name for name in names if name and names.count(name) > 1})
    dialect = max(DIALECTS, key=lambda dialect: _likeness(dialect, names))
    missing = [name for name in dialect.required if normal(name) not in names]
    if len(missing) == len(dialect.required):
        raise ReportError(*_unknown(names))
    if missing or twice:
        lacks = [Problem(Trouble.COLUMN_MISSING, name, dialect.form) for name in missing]
        raise ReportError(*lacks, *(Problem(Trouble.COLUMN_TWICE, name[:_LONGEST_NAME]) for name in twice))
    return dialect


def _likeness(dialect: Dialect, names: tuple[str, ...]) -> float:
    """Which share of the columns that the dialect requires is there."""
    required = dialect.required
    return sum(normal(name) in names for name in required) / len(required)


def _unknown(names: tuple[str, ...]) -> Iterator[Problem]:
    """A header of no dialect. With several columns it is a table, whose writer may be told what the nearest dialect asks for."""
    if len(names) == 1:
        yield Problem(Trouble.FILE_UNKNOWN, "file")
        return
    dialect = max(DIALECTS, key=lambda dialect: _resemblance(dialect, names))
    yield Problem(Trouble.FILE_UNKNOWN, "file", f"≈ {dialect.form}")
    yield from (Problem(Trouble.COLUMN_MISSING, name, dialect.form) for name in dialect.required)


def _resemblance(dialect: Dialect, names: tuple[str, ...]) -> int:
    """How many names of the header occur within names of the dialect, as `first_name` does in `patient_first_name`."""
    known = [normal(name) for name in dialect.required]
    return sum(any(name in other for other in known) for name in names if name)


def _plan(dialect: Dialect, names: tuple[str, ...], zone: tzinfo) -> Plan:
    index = {name: place for place, name in enumerate(names)}
    columns = tuple((index[normal(column.name)], column) for column in dialect.columns if normal(column.name) in index)
    return Plan(dialect, names, columns, dialect.places(), zone)


def _left_out(table: Table, plan: Plan) -> Iterator[Problem]:
    """The columns we do not read, told once, by the name the file gives them where that is fit to be shown."""
    read = {place for place, _column in plan.columns}
    left = [name for place, name in enumerate(table.header) if place not in read and name]
    if left:
        shown = [name[:_LONGEST_NAME] for name in left if name.isprintable()]
        yield Problem(Trouble.LEFT_OUT, "columns", f"{len(left)}: {', '.join(shown)}")


def _rows(table: Table, plan: Plan) -> Iterator[Row]:
    expected = len(plan.names)
    for number, cells in table.rows():
        extra = any(cell.strip() for cell in cells[expected:])
        if len(cells) < expected or extra:
            trouble = Trouble.ROW_LONG if extra else Trouble.ROW_SHORT
            problem = Problem(trouble, plan.dialect.form, f"{len(cells)} / {expected}")
            yield Row(number=number, canonical=_canonical(plan, cells), problems=(problem,))
        else:
            yield _Reader(plan, cells).row(number)


def _canonical(plan: Plan, cells: list[str]) -> bytes:
    """Every cell that holds something, as pairs of column and text, sorted; JSON keeps any two rows apart."""
    names = plan.names + ("",) * (len(cells) - len(plan.names))
    stripped = ((name, cell.strip()) for name, cell in zip(names, cells, strict=False))
    undone = restore if plan.dialect.neutralised else str
    return msgspec.json.encode(sorted((name, undone(cell)) for name, cell in stripped if cell))


class _Reader:
    """One row being read."""

    def __init__(self, plan: Plan, cells: list[str]) -> None:
        self._plan = plan
        self._cells = cells
        self._values: dict[str, Any] = dict(plan.dialect.constants)
        self._sources: dict[str, str] = {}
        self._refused: set[str] = set()
        self._problems: list[Problem] = []
        self._warnings: list[Problem] = []

    def row(self, number: int) -> Row:
        for place, column in self._plan.columns:
            cell = self._cells[place].strip()
            if cell and (column.target not in self._sources or column.target in ADDING_UP):
                self._sources.setdefault(column.target, column.name)
                self._take(column, cell)
        self._miss()
        assembly = Assembly(self._values, frozenset(self._refused))
        statement = assembly.statement()
        problems = tuple(self._problems + [self._placed(problem) for problem in assembly.problems])
        return Row(
            number=number,
            canonical=_canonical(self._plan, self._cells),
            statement=None if problems else statement,
            problems=problems,
            warnings=tuple(self._warnings + [self._placed(problem) for problem in assembly.warnings]),
        )

    def _take(self, column: Column, cell: str) -> None:
        try:
            if is_formula(cell):
                raise BadCell(Trouble.BAD_SHAPE, cell[0])
            value = column.kind.parse(restore(cell) if self._plan.dialect.neutralised else cell)
        except BadCell as bad:
            self._refuse(column, bad)
            return
        if isinstance(value, datetime) and value.tzinfo is None:
            self._warnings.append(Problem(Trouble.ASSUMED_ZONE, column.name))
            value = value.replace(tzinfo=self._plan.zone)
        known = self._values.get(column.target, ()) if column.target in ADDING_UP else None
        self._values[column.target] = value if known is None else known + value

    def _refuse(self, column: Column, bad: BadCell) -> None:
        if column.strict:
            self._refused.add(column.target)
            self._problems.append(Problem(bad.trouble, column.name, bad.detail))
        else:
            self._warnings.append(Problem(Trouble.LEFT_OUT, column.name, bad.trouble))

    def _miss(self) -> None:
        """Notes what the row must say and does not."""
        for _place, column in self._plan.columns:
            if column.required and column.target not in self._values and column.target not in self._refused:
                self._refused.add(column.target)
                self._problems.append(Problem(Trouble.MISSING, column.name))

    def _placed(self, problem: Problem) -> Problem:
        """The problem with the column's name where the model, or the assembly, used its own."""
        where = self._sources.get(problem.where) or self._plan.places.get(problem.where, problem.where)
        return Problem(problem.trouble, where, problem.detail)
