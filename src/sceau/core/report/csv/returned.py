"""A file given back for correction: the rows that were not taken, as they came, with the reasons in a last column. Never a formula."""

import csv
import io
from collections.abc import Iterator, Mapping

from sceau.core.report.csv.neutral import neutralise, restore
from sceau.core.report.csv.table import open_table

REASONS = "sceau_a_corriger"


def returned(data: bytes, encoding: str, why: Mapping[int, str]) -> Iterator[str]:
    """The lines of that file; `why` by row number. Raises `ReportError` where there is no table."""
    table = open_table(data, encoding)
    kept = [place for place, name in enumerate(table.header) if name != REASONS]
    yield _line([table.header[place] for place in kept] + [REASONS], table.delimiter)
    for number, cells in table.rows():
        if number in why:
            told = [cells[place] if place < len(cells) else "" for place in kept]
            yield _line([*told, *cells[len(table.header) :], why[number]], table.delimiter)


def _line(cells: list[str], delimiter: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter).writerow(neutralise(restore(cell)) for cell in cells)
    return line.getvalue()
