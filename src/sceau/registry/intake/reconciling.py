"""What became of what a software sent: numbers, and the ids of envelopes with something refused in them. Nothing about a person."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from sceau.registry.intake.enums import Outcome

MOST = 50
_BY_STATE = """
select coalesce(sum(reports), 0), count(*), coalesce(sum(reports) filter (where state = 'waiting'), 0),
    coalesce(sum(reports) filter (where state = 'set-aside'), 0), min(received_at) filter (where state = 'waiting')
from intake_inboxenvelope where software_id = %s
"""
_BY_OUTCOME = """
select outcome, count(*) from intake_inboxenvelope, unnest(outcomes) as outcome where software_id = %s group by outcome
"""
_REFUSED = """
select id, received_at, reports, cardinality(array_positions(outcomes, 'refused')) from intake_inboxenvelope
where software_id = %s and 'refused' = any(outcomes) order by received_at desc limit %s
"""


class RefusedEnvelope(NamedTuple):
    id: UUID
    received_at: datetime
    reports: int
    refused: int


class Reconciled(NamedTuple):
    """`sent` reports, in `envelopes`; of each outcome so many; `waiting` and `set_aside` have no answer yet; `refused`, the latest."""

    sent: int
    envelopes: int
    waiting: int
    set_aside: int
    oldest: datetime | None
    outcomes: dict[str, int]
    refused: list[RefusedEnvelope]


def reconciled(software: UUID) -> Reconciled:
    """Three queries, however much it sent."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_STATE, [software])
        sent, envelopes, waiting, set_aside, oldest = cursor.fetchone()
        cursor.execute(_BY_OUTCOME, [software])
        found = dict(cursor.fetchall())
        cursor.execute(_REFUSED, [software, MOST])
        refused = [RefusedEnvelope(*row) for row in cursor.fetchall()]
    outcomes = {one.value: found.get(one.value, 0) for one in Outcome}
    return Reconciled(sent, envelopes, waiting, set_aside, oldest, outcomes, refused)
