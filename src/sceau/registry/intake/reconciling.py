"""What became of what a software sent: numbers, and the ids of envelopes with something refused in them. Nothing about a person.

Read from counters (`overview`) and the index of refusals: what it costs does not grow with what was sent.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from sceau.registry.intake import overview
from sceau.registry.intake.enums import Outcome
from sceau.registry.intake.models import Sent

MOST = 50
_REFUSED = """
select id, received_at, array_positions(outcomes, 'refused'), reports from intake_inboxenvelope
where software_id = %s and outcomes @> array['refused']::varchar(10)[] order by received_at desc limit %s
"""


class Refused(NamedTuple):
    """Where something was refused: an envelope (`form` is `sealed`) or what came plain in that form, by the id that its sender knows;
    `rows` are counted from 1, of so many.
    """

    id: UUID
    form: str
    received_at: datetime
    rows: Sequence[int]
    of: int


class Reconciled(NamedTuple):
    """`sent` reports, `turned_away` at a plain door among them, in `envelopes`; of each outcome so many; `waiting` and `set_aside` have
    no answer yet, the first of them came on `oldest`.
    """

    sent: int
    envelopes: int
    turned_away: int
    waiting: int
    set_aside: int
    oldest: date | None
    outcomes: dict[str, int]


def reconciled(software: UUID) -> Reconciled:
    """Four queries, however much it sent."""
    days = overview.by_day(software, since=date.min)
    whole, aside = overview.together(days.values()), overview.aside(software).reports
    return Reconciled(
        sent=whole.sent,
        envelopes=Sent.objects.filter(software_id=software).aggregate(of=Sum("envelopes", default=0))["of"],
        turned_away=whole.turned_away,
        waiting=whole.open - aside,
        set_aside=aside,
        oldest=min((day for day, one in days.items() if one.open), default=None),
        outcomes={one.value: whole.outcomes.get(one, 0) for one in Outcome},
    )


def refused(software: UUID, *, most: int = MOST) -> list[Refused]:
    """The latest envelopes in which something was refused."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [software, most])
        return [Refused(name, "sealed", at, rows, of) for name, at, rows, of in cursor.fetchall()]
