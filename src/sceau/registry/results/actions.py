"""Recording statements: each once, and every one that it touches set to its standing. Part of the intake's transaction."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from sceau.core.bulk import array, copy
from sceau.core.keyholder.envelope_verbs import Accepted, Facts
from sceau.registry.results.models import Fact, Report, Standing
from sceau.registry.results.standing import Statement, standings

_LOCK = 7_310_001
_IN_COMPANY = """
with after as (select * from results_report where lineage <> id and lineage = any(%s::uuid[]))
select id, lineage, replaces, status, issued, standing from after union all
select id, lineage, replaces, status, issued, standing from results_report
    where lineage = id and id = any(array(select lineage from after))
"""
"""The first of a lineage may have its number: the index has the others alone."""
# A new table has no statistics yet, and would be read whole for each batch.
_THERE = "set local enable_seqscan = off; select id from results_report where id = any(%s::uuid[])"
_REPORT = ("id", "lineage", "replaces", "status", "issued", "standing", "recorded_on", "batch", "day")
_FACT = (
    "report_id",
    "disease",
    "loinc",
    "result",
    "department",
    "age_class",
    "sex",
    "specimen",
    "taken_on",
    "symptomatic",
    "reason",
)


def record(reports: Sequence[Accepted], *, batch: UUID, on: date) -> list[Accepted]:
    """Writes the reports that are not there yet, with their facts, as of that batch; gives those."""
    alone()
    there = _there(reports)
    new = [one for one in reports if one.id not in there]
    copy(Report, _REPORT, ((*_statement(one), Standing.CURRENT, on, batch, one.day) for one in new))
    copy(Fact, _FACT, (row for one in new if one.facts for row in _facts(one.id, one.facts)))
    return new


def _there(reports: Sequence[Accepted]) -> set[UUID]:
    """Of these, those that were recorded before. Nobody else records meanwhile; whoever did would meet the key, and fail."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [array("uuid", [one.id for one in reports])])
        while cursor.nextset():
            pass
        return {report for (report,) in cursor.fetchall()}


def alone() -> None:
    """Standings need to see one another: one writer at a time, until it commits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def settle(reports: Sequence[Accepted]) -> dict[UUID, Standing]:
    """Sets the standing of every statement that shares a screening with one of these; gives those that now differ. One that is alone
    in its lineage stands as it was written: current.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_COMPANY, [array("uuid", [one.lineage for one in reports])])
        before = {Statement(*row[:5]): Standing(row[5]) for row in cursor.fetchall()}
    changed: dict[UUID, Standing] = {}
    for group in _groups(before):
        changed |= standings(group)
    changed = {one.id: changed[one.id] for one, was in before.items() if changed[one.id] != was}
    for standing in set(changed.values()):
        Report.objects.filter(id__in=[report for report, now in changed.items() if now == standing]).update(standing=standing)
    return changed


def of_lineages(lineages: Collection[UUID]) -> QuerySet[Report]:
    """All statements of these screenings, by the two indexes that know them."""
    first = Q(lineage=F("id"))
    return Report.objects.filter(Q(first, id__in=lineages) | Q(~first, lineage__in=lineages))


def _groups(statements: Iterable[Statement]) -> list[list[Statement]]:
    """Statements that share a lineage: the only ones that can name one another, as a correction keeps the lineage."""
    groups: dict[UUID, list[Statement]] = {}
    for one in statements:
        groups.setdefault(one.lineage, []).append(one)
    return list(groups.values())


def _statement(one: Accepted) -> tuple[object, ...]:
    return (one.id, one.lineage, one.replaces, one.status, one.issued)


def _facts(report: UUID, facts: Facts) -> Iterable[tuple[object, ...]]:
    shared = (facts.department, facts.age_class, facts.sex, facts.specimen, facts.taken_on, facts.symptomatic, facts.reason)
    return ((report, found.disease, found.loinc, found.result, *shared) for found in facts.findings)
