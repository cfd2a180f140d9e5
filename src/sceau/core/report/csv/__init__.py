"""Screenings as CSV: our own template, SimpleReport's bulk upload, ReportStream's file. The dialects are `docs/reference/csv.md`.

Each dialect is a mapping table, recognised by its header. A row is understood or refused with every problem found; optional
columns that we do not understand are left out with a warning. Never evaluates a formula, never writes one.
"""

from datetime import tzinfo

from sceau.core.report.csv.returned import returned
from sceau.core.report.csv.rows import read_table
from sceau.core.report.csv.write import template, write
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.reading import Reading

__all__ = ["read_rows", "read_table", "returned", "template", "write"]


def read_rows(text: str, zone: tzinfo) -> Reading:
    """The rows of a CSV text; `zone` is the pharmacy's, for times without one. Raises `ReportError` where it is no such table."""
    try:
        data = text.removeprefix("\ufeff").encode()
    except UnicodeEncodeError:
        raise ReportError(Problem(Trouble.UNREADABLE, "file")) from None
    return read_table(data, "utf-8", zone)
