"""The end of retention: keys first, then the rows that they opened, and a proof of both."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import models, transaction

from sceau.core.audit import schema, states
from sceau.core.audit.checkpoint import Signer
from sceau.core.audit.events import Event
from sceau.core.audit.models import Destruction, Expiry
from sceau.core.audit.record import record
from sceau.core.keyholder.retention import expired
from sceau.core.keyholder.service_verbs import Retire, Statement
from sceau.core.regime import REGIMES

LOG_KEPT = timedelta(days=366)


class Ended(NamedTuple):
    """How many keys are gone, and how many rows of each table."""

    keys: int
    rows: dict[str, int]


Over = Callable[[date], bool]


def _nothing(over: Over) -> dict[str, int]:
    return {}


def run(
    keyholder: Signer, tables: Sequence[type[models.Model]], *, at: datetime, then: Callable[[Over], dict[str, int]] = _nothing
) -> Ended:
    """Has the keyholder destroy the keys of days that are over, by its own regimes; deletes those days' rows (each table has a
    `day`), in the order given; `then` ends what else those days leave, told which are over. Safe to run again: what an
    interruption left is found by its day.
    """
    statement = keyholder.ask(Retire(at.date()))
    assert isinstance(statement, Statement)
    told = json.loads(statement.text)
    with transaction.atomic():
        signature = statement.signature
        kept = {"text": statement.text.decode(), "key": signature.key, "signature": signature.value}
        if told["destroyed"]:
            Destruction.objects.create(at=at, **kept)
        over = partial(expired, regimes=REGIMES[told["regime"]], on=at.date())
        rows = {table._meta.db_table: _delete(table, over) for table in tables} | then(over)
        gone = len(told["destroyed"])
        if gone or any(rows.values()):
            record(Event.RETENTION_RUN, by="system:retention", subject=f"keys:{gone}", at=at)
    return Ended(gone, rows)


def end_log(keyholder: Signer, *, at: datetime) -> list[str]:
    """Drops the log's months that are over, as the owner of its tables; their leaves stay, and with them every root. What they say
    of rows that are still there is told anew.
    """
    before = (at - LOG_KEPT).date().replace(day=1)
    with transaction.atomic():
        schema.make_ahead(at.date())
        states.carry(before=datetime(before.year, before.month, 1, tzinfo=UTC), keyholder=keyholder, at=at)
        if gone := schema.expire(before):
            Expiry.objects.create(before=before, at=at)
    return gone


def _delete(table: type[models.Model], ended: Over) -> int:
    rows = table._default_manager
    days = rows.values_list("day", flat=True).distinct()
    over = [day for day in days if ended(day)]
    return rows.filter(day__in=over)._raw_delete(rows.db) if over else 0
