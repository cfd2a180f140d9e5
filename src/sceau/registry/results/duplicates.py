"""Reports that repeat another by content: the same person, test and pharmacy, within two hours. Flagged, never dropped: there may have
been two acts.

The rows in clear say which may be meant (same person, same test, same day or the next); the keyholder says whether the acts are one.
The worker looks after the intake, at those alone whose person was known already.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from sceau.core.bulk import insert_new
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.results.models import Duplicate

BATCH = 500
_TAKE = """
delete from results_unlooked where report_id in (select report_id from results_unlooked limit %s for update skip locked)
returning report_id
"""
_LIKE = """
select distinct one.report_id, one.department, one.day, one.sealed, other.report_id, other.department, other.day, other.sealed
from persons_identity one join results_report said on said.id = one.report_id join results_fact found on found.report_id = said.id
join persons_identity other on other.person_id = one.person_id and other.report_id <> one.report_id
join results_report before on before.id = other.report_id and before.lineage <> said.lineage
join results_fact same on same.report_id = before.id and same.loinc = found.loinc and abs(same.taken_on - found.taken_on) <= 1
where one.report_id = any(%s)
"""
_DUPLICATE = (("report_id", "uuid"), ("other_id", "uuid"), ("day", "date"), ("found_at", "timestamptz"))


class Keyholder(Protocol):
    """What the worker asks."""

    def same_acts(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[bool]: ...


@transaction.atomic
def look(keyholder: Keyholder, *, at: datetime) -> int:
    """Looks at up to `BATCH` reports that nobody has looked at; gives how many. Raises `KeyholderError`."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        taken = [report for (report,) in cursor.fetchall()]
        cursor.execute(_LIKE, [taken])
        pairs = [(_sealed(row[:4]), _sealed(row[4:])) for row in cursor.fetchall()]
    places = [(2 * nth, 2 * nth + 1) for nth in range(len(pairs))]
    answers = keyholder.same_acts([one for pair in pairs for one in pair], places) if pairs else []
    found = {_row(*pair, at) for pair, same in zip(pairs, answers, strict=True) if same}
    insert_new(Duplicate, _DUPLICATE, sorted(found))
    return len(taken)


def repeats(report: UUID | None) -> bool:
    """Whether this report is likely of an act that was reported before or after."""
    return Duplicate.objects.filter(Q(report_id=report) | Q(other_id=report)).exists()


def _sealed(row: Sequence[Any]) -> SealedAt:
    report, department, day, sealed = row
    return SealedAt(report, department, day, bytes(sealed))


def _row(one: SealedAt, other: SealedAt, at: datetime) -> tuple[object, ...]:
    """The same whichever of the two was looked at: the one made later first."""
    later, earlier = sorted((one, other), key=lambda each: each.report, reverse=True)
    return (later.report, earlier.report, min(one.day, other.day), at)
