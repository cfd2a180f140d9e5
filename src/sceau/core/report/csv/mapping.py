"""What a mapping table is: which column of a dialect says what about a screening. Data; holds no rule of any one dialect.

A column's `target` is the model's own name for the place (`patient.family`, `test.loinc`), so that a problem the model finds can
be told with the name of the column. Where several columns have one target, the first that is filled counts, unless they add up.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sceau.core.report.csv.cells import Kind

ADDING_UP = frozenset({"patient.given", "address.lines"})
FINDINGS = "findings"  # of the test itself, or `findings.<disease>` for a column that belongs to one disease
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Column(NamedTuple):
    """One column. `required`: it must be there and its target filled. Not `strict`: what is not understood is left out."""

    name: str
    target: str
    kind: Kind
    required: bool = False
    strict: bool = True


class Dialect(NamedTuple):
    """One kind of file. `known` are columns that it has and we leave out, `constants` what every row of it says without a column.

    `neutralised`: a cell that a spreadsheet would take for a formula has an apostrophe before it, which reading removes.
    """

    form: str
    columns: tuple[Column, ...]
    known: tuple[str, ...] = ()
    constants: Mapping[str, Any] = _NOTHING
    neutralised: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which a file is not read."""
        return tuple(column.name for column in self.columns if column.required)

    def places(self) -> dict[str, str]:
        """Which column to name for each target: the required one, or else the first."""
        places: dict[str, str] = {}
        for column in sorted(self.columns, key=lambda column: not column.required):
            places.setdefault(column.target, column.name)
        places.setdefault("performer", places.get("performer.finess") or places.get("performer.foreign.value", "performer"))
        return places


def normal(name: str) -> str:
    """A column's name without case, spaces for underscores; two columns are one where these are equal."""
    return "_".join(name.casefold().replace("_", " ").split())
