"""How the statements about one screening stand to each other, whatever the order in which they arrive (ADR 0003). Pure.

A cancellation that names a report or its lineage cancels it, unless that cancellation has itself been cancelled by its id. A
correction supersedes what it names and, among corrections, the one issued last stands. What is cancelled or superseded before it
arrives is born so.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sceau.core.report.model import Status
from sceau.registry.results.models import Standing


class Statement(NamedTuple):
    id: UUID
    lineage: UUID
    replaces: UUID | None
    status: str
    issued: datetime

    def names(self, other: "Statement") -> bool:
        return self.id != other.id and self.replaces in (other.id, other.lineage)

    def later_than(self, other: "Statement") -> bool:
        return other.status == Status.FINAL or (self.issued, self.id) > (other.issued, other.id)


def standings(statements: Collection[Statement]) -> dict[UUID, Standing]:
    """The standing of each, given all that share a lineage or name one another."""
    void = {one.replaces for one in statements if one.status == Status.ENTERED_IN_ERROR}
    cancelling = [one for one in statements if one.status == Status.ENTERED_IN_ERROR and one.id not in void]
    cancelled = {one.id for one in statements for by in cancelling if by.names(one) and one.status != Status.ENTERED_IN_ERROR}
    correcting = [one for one in statements if one.status == Status.CORRECTED and one.id not in cancelled]
    superseded = {one.id for one in statements for by in correcting if by.names(one) and by.later_than(one)}
    return {one.id: _standing(one.id, cancelled, superseded) for one in statements}


def _standing(report: UUID, cancelled: set[UUID], superseded: set[UUID]) -> Standing:
    if report in cancelled:
        return Standing.CANCELLED
    return Standing.SUPERSEDED if report in superseded else Standing.CURRENT
