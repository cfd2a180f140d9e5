"""Storing envelopes at the door: one round trip, which is one transaction. Nothing here is opened.

The statements of one message are one transaction (PostgreSQL, "Multiple Statements in a Simple Query"): what is stored, that it
is told to the log, and that the intake is woken, all of it or nothing. Each sees what was committed before it began, so that an
envelope stored by another call meanwhile is seen too.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from sceau.core import jobs
from sceau.core.audit.events import Event
from sceau.core.sealing.header import Header
from sceau.registry.intake.enums import InboxState
from sceau.registry.intake.job import INTAKE

_RECEIVE = f"""
{jobs.HOLD};
insert into intake_inboxenvelope (id, software_id, finess, reports, digest, received_at, state, body, flaw, signature_key)
select id, software, finess, reports, digest, %(at)s, '{InboxState.WAITING}', body, '', ''
from unnest(%(ids)s::uuid[], %(software)s::uuid[], %(finess)s::text[], %(reports)s::smallint[], %(digests)s::bytea[],
    %(bodies)s::bytea[]) as told (id, software, finess, reports, digest, body)
on conflict do nothing;
{jobs.QUEUE};
with kept as (select id from intake_inboxenvelope join unnest(%(ids)s::uuid[], %(digests)s::bytea[]) as told (id, digest)
        using (id, digest)),
    told as (insert into audit_entry (id, at, event, by, subject, purpose)
        values (%(entry)s, %(at)s, '{Event.ENVELOPES_RECEIVED}', %(by)s, 'envelopes:' || (select count(*) from kept), ''))
select id from kept
"""  # noqa: S608 - constants


class Envelope(NamedTuple):
    """One whose signature was checked: its header, read, and all of its bytes."""

    header: Header
    data: bytes


def receive(envelopes: Iterable[Envelope], *, by: str, at: datetime) -> set[UUID]:
    """Keeps these and wakes the intake; gives those that lie in the inbox now. The others' ids belong to another envelope; one that
    is there already is kept as it is.
    """
    ordered = sorted(envelopes, key=lambda one: one.header.envelope)  # two callers never wait for each other
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVE, _columns(ordered) | jobs.named(INTAKE) | {"entry": uuid7(), "by": by, "at": at})
        while cursor.nextset():
            pass
        return {envelope for (envelope,) in cursor.fetchall()}


def _columns(envelopes: list[Envelope]) -> dict[str, Any]:
    headers = [one.header for one in envelopes]
    return {
        "ids": [one.envelope for one in headers],
        "software": [one.software for one in headers],
        "finess": [str(one.finess) for one in headers],
        "reports": [one.reports for one in headers],
        "digests": [hashlib.sha256(one.data).digest() for one in envelopes],
        "bodies": [one.data for one in envelopes],
    }
