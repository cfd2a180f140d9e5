"""Writes reports as our own template: the header first, then a row each, lines ended as RFC 4180 has it. Never writes a formula.

A row names the screening by its lineage, so that a correction has the number of what it corrects. A cancellation carries no
screening: its row has its number, status and time only (DIVERGENCES.md).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from sceau.core.report.csv.mapping import FINDINGS, Column
from sceau.core.report.csv.neutral import neutralise
from sceau.core.report.csv.template import DELIMITER, TEMPLATE
from sceau.core.report.csv.words import UNKNOWN_PLACE
from sceau.core.report.model import Screening, ScreeningReport, Status


def template() -> str:
    """The header of our template, as one line."""
    return _line([column.name for column in TEMPLATE.columns])


def write(reports: Iterable[ScreeningReport]) -> Iterator[str]:
    """The lines of a file, one a report."""
    yield template()
    for report in reports:
        values = _values(report)
        yield _line([_spell(column, values.get(column.target)) for column in TEMPLATE.columns])


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=DELIMITER).writerow(neutralise(cell) for cell in cells)
    return line.getvalue()


def _spell(column: Column, value: Any) -> str:
    return "" if value is None else column.kind.spell(value)


def _values(report: ScreeningReport) -> dict[str, Any]:
    """What a report says, by the mapping's targets."""
    values: dict[str, Any] = {
        "accession": report.lineage,
        "status": report.status,
        "replaces": None if report.status is Status.FINAL else report.lineage,
        "issued": report.issued,
    }
    return values | _screening(report.screening) if report.screening else values


def _screening(screening: Screening) -> dict[str, Any]:
    patient, performer, foreign = screening.patient, screening.performer, screening.performer.foreign
    return {
        **_fields("patient", patient),
        # Said, because a reader otherwise takes the department of the address.
        "patient.department": patient.department or UNKNOWN_PLACE,
        **_fields("patient.ins", patient.ins),
        **_fields("address", patient.address),
        **_fields("performer", performer),
        **_fields("performer.foreign", foreign),
        **_fields("specimen", screening.specimen),
        **_fields("kit", screening.kit),
        "test.loinc": screening.loinc,
        **{f"{FINDINGS}.{finding.disease}": finding.result for finding in screening.findings},
        **{name: getattr(screening, name) for name in ("symptomatic", "onset", "pregnancy", "reason", "consent")},
    }


def _fields(area: str, part: Any) -> dict[str, Any]:
    return {f"{area}.{name}": getattr(part, name) for name in part.__struct_fields__} if part is not None else {}
