"""Telling the log, in the transaction of what is told: both happen, or neither."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from uuid_utils.compat import uuid7

from sceau.core.audit.events import Event

_INSERT = """
insert into audit_entry (id, at, event, by, subject, purpose)
select * from unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[])
"""


class Told(NamedTuple):
    """`by` and `subject`: a kind and an id (`user:12`), never a name."""

    event: Event
    by: str
    subject: str
    at: datetime
    purpose: str = ""


def record(event: Event, *, by: str, subject: str, at: datetime, purpose: str = "") -> None:
    record_all([Told(event, by, subject, at, purpose)])


def record_all(told: Sequence[Told]) -> None:
    """Many in one statement."""
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs into the transaction that it tells of")
    if not told:
        return
    rows = [(uuid7(), one.at, one.event.value, one.by, one.subject, one.purpose) for one in told]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])
