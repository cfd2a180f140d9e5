"""Cells that a spreadsheet would take for a formula: an apostrophe before them on the way out, taken away on the way in.

Which cells those are follows OWASP's page on CSV injection. A cell that has apostrophes already gets one more, so that taking one
away always gives back what was written. A formula is never evaluated here, whatever a cell holds.
"""

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")
_FORMULAS = ("=", "@")


def neutralise(cell: str) -> str:
    """The cell as it may be opened in a spreadsheet."""
    return "'" + cell if _DANGEROUS.match(cell) else cell


def restore(cell: str) -> str:
    """What `neutralise` was given."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether nothing but a formula begins like this; a telephone number may begin with `+`, a name that is missing be `-`."""
    return cell.startswith(_FORMULAS)
