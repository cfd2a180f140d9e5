"""Panels as senders write them: one part may carry the panel's own code where the others are named.

It is read as the part that is left only when exactly one is: all other parts are reported by their own codes.
"""

from collections.abc import Sequence

from sceau.core.codes.loinc import Loinc, assay
from sceau.core.report.model import Finding


def remaining_part(test: Loinc, findings: Sequence[Finding]) -> Loinc | None:
    """The one part of the panel `test` that the finding carrying the panel's own code must be, or None."""
    named = {found.loinc for found in findings if found.loinc != test}
    left = [part for part in assay(test).parts if part not in named]
    alone = len(left) == 1 and len(named) == len(findings) - 1
    return Loinc(left[0]) if alone else None


def with_parts_named(test: Loinc, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with that one under its own code."""
    part = remaining_part(test, findings)
    return tuple(Finding(part, found.result) if part and found.loinc == test else found for found in findings)
