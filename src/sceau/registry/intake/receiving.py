"""Storing envelopes at the door: one round trip, which is one transaction, for all calls that come at once. Nothing here is opened.

The statements of one message are one transaction (`prepared`): what is stored, that it is counted and told to the log, and that
the intake is woken, all of it or nothing. Each sees what was committed before it began, so that an envelope stored by another call
meanwhile is seen too. Beside each body lies the stamp of the door that took it in (`stamping`).
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from uuid_utils.compat import uuid7

from sceau.core import jobs
from sceau.core.audit.events import Event
from sceau.core.database import prepared
from sceau.core.sealing.header import Header
from sceau.registry.approvals.quota import DAY
from sceau.registry.intake.counting import lane
from sceau.registry.intake.enums import InboxState
from sceau.registry.intake.job import INTAKE
from sceau.registry.intake.stamping import stamp

_STORE = f"""
with stored as (insert into intake_inboxenvelope
    (id, software_id, finess, reports, digest, received_at, state, body, stamp, flaw, signature_key)
select id, software, finess, reports, digest, at, '{InboxState.WAITING}', body, stamp, '', ''
from unnest(%(ids)b::uuid[], %(software)b::uuid[], %(finess)b::text[], %(reports)b::smallint[], %(digests)b::bytea[],
    %(ats)b::timestamptz[], %(bodies)b::bytea[], %(stamps)b::bytea[])
    as told (id, software, finess, reports, digest, at, body, stamp)
on conflict do nothing returning id),
counted as (select distinct on (id) id, software, plain, reports, at, size from stored
    join unnest(%(ids)b::uuid[], %(software)b::uuid[], %(plain)b::bool[], %(reports)b::smallint[], %(ats)b::timestamptz[],
        %(sizes)b::int[]) as told (id, software, plain, reports, at, size) using (id))
insert into intake_sent as sent (software_id, day, plain, lane, envelopes, reports, bytes, minute, minute_reports, minute_bytes)
select software, {DAY.format(at="at")} as day, plain, %(lane)s, count(*), sum(reports), sum(size),
    date_trunc('minute', max(at)), sum(reports), sum(size)
from counted group by software, day, plain order by software, day, plain
on conflict (software_id, day, plain, lane) do update set envelopes = sent.envelopes + excluded.envelopes,
    reports = sent.reports + excluded.reports, bytes = sent.bytes + excluded.bytes, minute = excluded.minute,
    minute_reports = excluded.minute_reports + case when sent.minute = excluded.minute then sent.minute_reports else 0 end,
    minute_bytes = excluded.minute_bytes + case when sent.minute = excluded.minute then sent.minute_bytes else 0 end
"""  # noqa: S608 - constants
_TELL = f"""
with kept as (select id, call from unnest(%(ids)b::uuid[], %(digests)b::bytea[], %(calls)b::int[]) as told (id, digest, call)
        cross join lateral (select from intake_inboxenvelope kept where kept.id = told.id and kept.digest = told.digest limit 1) found),
    told as (insert into audit_entry (id, at, event, by, subject, purpose)
        select entry, at, '{Event.ENVELOPES_RECEIVED}', by, 'envelopes:' || (select count(*) from kept where call = any(own::int[])), ''
        from unnest(%(entries)b::uuid[], %(told_at)b::timestamptz[], %(by)b::text[], %(own)b::text[]) as who (entry, at, by, own))
select call, id from kept
"""  # noqa: S608 - constants
"""Row by row through the key: a plan is kept, and the first one is made while the inbox is empty."""
_RECEIVE = (jobs.HOLD, _STORE, jobs.QUEUE, _TELL)


class Envelope(NamedTuple):
    """One whose signature was checked: its header, read, and all of its bytes."""

    header: Header
    data: bytes


class Call(NamedTuple):
    """Envelopes that came together, from whom (`software:…`), and when."""

    envelopes: Sequence[Envelope]
    by: str
    at: datetime


def receive(envelopes: Iterable[Envelope], *, by: str, at: datetime) -> set[UUID]:
    """Keeps these and wakes the intake; gives those that lie in the inbox now. The others' ids belong to another envelope; one that
    is there already is kept as it is.
    """
    return receive_all([Call(list(envelopes), by, at)])[0]


def receive_all(calls: Sequence[Call]) -> list[set[UUID]]:
    """The same of several calls, in one transaction; the log is told once of each sender."""
    kept: list[set[UUID]] = [set() for _ in calls]
    for call, envelope in prepared.run(_RECEIVE, _columns(calls) | _told(calls) | jobs.named(INTAKE)):
        kept[call].add(envelope)
    return kept


def _columns(calls: Sequence[Call]) -> dict[str, Any]:
    """In the order of their ids, then of their senders: two transactions never wait for each other."""
    rows = sorted(
        ((one.header, one.data, nth, call.at) for nth, call in enumerate(calls) for one in call.envelopes),
        key=lambda row: row[0].envelope,
    )
    return {
        "ids": [header.envelope for header, *_ in rows],
        "software": [header.software for header, *_ in rows],
        "finess": [str(header.finess) for header, *_ in rows],
        "reports": [header.reports for header, *_ in rows],
        "digests": [hashlib.sha256(data).digest() for _, data, *_ in rows],
        "bodies": [data for _, data, *_ in rows],
        "stamps": [stamp(data, plain=header.door, at=timezone.now()) for header, data, *_ in rows],
        "calls": [nth for *_, nth, _ in rows],
        "ats": [at for *_, at in rows],
        "sizes": [len(data) for _, data, *_ in rows],
        "plain": [header.door for header, *_ in rows],
        "lane": lane(),
    }


def _told(calls: Sequence[Call]) -> dict[str, Any]:
    """Of each sender: an entry's id, when it last called, and which calls are its own."""
    last = {call.by: call.at for call in calls}
    own = {by: [nth for nth, call in enumerate(calls) if call.by == by] for by in last}
    return {
        "entries": [uuid7() for _ in last],
        "told_at": list(last.values()),
        "by": list(last),
        "own": ["{" + ",".join(map(str, numbers)) + "}" for numbers in own.values()],
    }
