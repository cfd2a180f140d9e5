"""What a measurement tells: figures beside what they are measured against, as a table or as JSON."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Figure(NamedTuple):
    """`ratio` is value / baseline, in the unit of the value."""

    name: str
    value: float
    unit: str
    baseline: float

    def told(self) -> dict[str, object]:
        ratio = round(self.value / self.baseline, 3)
        return {"name": self.name, "value": round(self.value, 2), "unit": self.unit, "baseline": self.baseline, "ratio": ratio}


def show(figures: Sequence[Figure], *, as_json: bool) -> None:
    if as_json:
        for figure in figures:
            print(json.dumps(figure.told()))
        return
    table = Table("figure", "value", "unit", "pgbench", "ratio")
    for figure in figures:
        table.add_row(*(str(value) for value in figure.told().values()))
    Console().print(table)
