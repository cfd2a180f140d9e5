"""A table out of bytes, in bounded time and memory: header, records one at a time. Never copies the text, never knows a dialect.

Follows RFC 4180 with `;`, `,` or a tab between cells; a misplaced quotation mark is refused, since every cell after it is in
doubt. The bound on a record is counted here, before the parser: `csv.field_size_limit` is one setting for the whole process, which
others may change, so it is neither set nor relied upon (its default lies above our bound).
"""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from sceau.core.report.errors import Problem, ReportError, Trouble

MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_RECORD = 100_000  # bytes, below the 131,072 characters at which the standard parser gives up by default
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_NOT_BLANK = re.compile(rb"[^\s;,]")
_DELIMITERS = (";", ",", "\t")


class Table(NamedTuple):
    """A header as written, and how many rows below it hold anything."""

    data: bytes
    encoding: str
    delimiter: str
    start: int
    header: tuple[str, ...]
    total: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with its number: 1 is the first below the header. Blank rows count, as in a spreadsheet, but are not given."""
        records = _records(self.data, self.encoding, self.delimiter, self.start)
        next(records)
        return ((number, record) for number, record in enumerate(records, 1) if not _is_blank(record))


def open_table(data: bytes, encoding: str) -> Table:
    """The table in a text of that encoding; raises `ReportError` for what is none, or more than we read."""
    if b"\0" in data:
        raise ReportError(Problem(Trouble.FILE_NUL, "file"))
    start = _header_start(data)
    delimiter = _delimiter(data, start)
    header = next(_records(data, encoding, delimiter, start))
    table = Table(data, encoding, delimiter, start, tuple(name.strip() for name in header), 0)
    return table._replace(total=_count(table))


def _header_start(data: bytes) -> int:
    """Where the first line that is not blank begins."""
    found = _NOT_BLANK.search(data)
    if found is None:
        raise ReportError(Problem(Trouble.FILE_EMPTY, "file"))
    return max(data.rfind(b"\n", 0, found.start()), data.rfind(b"\r", 0, found.start())) + 1


def _delimiter(data: bytes, start: int) -> str:
    """The sign that cuts the header into most cells, if they are not too many."""
    found = _LINE.match(data, start)
    end = found.end() if found else len(data)
    cells, delimiter = max((data.count(sign.encode(), start, end) + 1, sign) for sign in _DELIMITERS)
    if cells > MAX_COLUMNS:
        raise ReportError(Problem(Trouble.TOO_MANY_COLUMNS, "file", f"{cells} > {MAX_COLUMNS}"))
    return delimiter


def _count(table: Table) -> int:
    """How many rows are not blank. Reads the file to its end, so that what is broken is told before any row is taken."""
    total = 0
    records = _records(table.data, table.encoding, table.delimiter, table.start)
    for number, record in enumerate(records):
        if number > MAX_ROWS:
            raise ReportError(Problem(Trouble.TOO_MANY_ROWS, "file", f"> {MAX_ROWS}"))
        total += not _is_blank(record)
    return total - 1


def _is_blank(record: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in record)


class _Lines:
    """The lines the parser asks for; refuses a record that goes on too long, as one does whose quotation mark never closes."""

    def __init__(self, data: bytes, encoding: str, start: int) -> None:
        self.number = 0
        self.is_over = False
        self._first = 1  # line of the record being read
        self._fed = 0
        self._lines = self._read(data, encoding, start)

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def end_record(self) -> None:
        self._first = self.number + 1
        self._fed = 0

    def _read(self, data: bytes, encoding: str, start: int) -> Iterator[str]:
        for line in _LINE.finditer(data, start):
            size = line.end() - line.start()
            if not size:
                break
            self.number += 1
            self._fed += size
            if self._fed > MAX_RECORD:
                raise self._endless()
            yield line.group().decode(encoding)
        self.is_over = True

    def _endless(self) -> ReportError:
        """Over several lines only a quotation mark that never closes goes on for so long."""
        if self._first < self.number:
            return ReportError(Problem(Trouble.UNREADABLE, f"line {self._first}", '"'))
        return ReportError(Problem(Trouble.TOO_LONG, f"line {self.number}", f"> {MAX_RECORD}"))


def _records(data: bytes, encoding: str, delimiter: str, start: int) -> Iterator[list[str]]:
    lines = _Lines(data, encoding, start)
    try:
        for record in csv.reader(lines, delimiter=delimiter, strict=True):
            lines.end_record()
            yield record
    except csv.Error:
        trouble = Trouble.FILE_TRUNCATED if lines.is_over else Trouble.UNREADABLE
        raise ReportError(Problem(trouble, f"line {lines.number}")) from None
