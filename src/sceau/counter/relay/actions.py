"""Delivering envelopes and collecting acknowledgements. Each step is safe to run twice and to be killed in: the registry takes an
envelope once, and nothing is believed that its keys have not signed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Protocol
from uuid import UUID

import msgspec
from django.db import connection, transaction

from sceau.core.audit import merkle
from sceau.core.jobs import wake
from sceau.core.problems import ProblemDetails, ProblemType
from sceau.core.sealing import signing, statements
from sceau.core.sealing.errors import SealingError
from sceau.core.wire import Acknowledgement, Acknowledgements, Receipt
from sceau.counter.config.keys import registry_keys
from sceau.counter.relay.backoff import delay
from sceau.counter.relay.enrolments import free
from sceau.counter.relay.errors import RegistryRefused, away, heals
from sceau.counter.relay.job import RELAY
from sceau.counter.relay.models import Envelope, EnvelopeState

MOST = 200
MOST_BYTES = 8 * 1024 * 1024
_CLAIM = timedelta(seconds=60)
_PROGRESS = ["state", "received_at", "problem", "attempts", "next_attempt_at"]


class Registry(Protocol):
    def send(self, envelopes: Sequence[bytes], *, at: datetime) -> Receipt: ...

    def acknowledgements(self, envelopes: Sequence[UUID], *, at: datetime) -> Acknowledgements: ...


def deliver(registry: Registry, *, at: datetime, most: int = MOST) -> int:
    """Posts the envelopes that are due; gives how many it tried. Those it could not deliver wait, or stop and say why."""
    if not (due := _claim(at, most)):
        return 0
    try:
        receipt = registry.send([bytes(row.data or b"") for row in due], at=at)
        _check_receipt(receipt, due)
    except SealingError:
        _failed(due, away("ReceiptNotSigned"), at)
    except RegistryRefused as refused:
        if refused.details.kind is ProblemType.TOO_LARGE and len(due) > 1:
            return _one_by_one(registry, due, at)
        _failed(due, refused.details, at)
    else:
        _taken(due, receipt, at)
    return len(due)


def collect(registry: Registry, *, at: datetime) -> int:
    """Fetches the acknowledgements of received envelopes; gives how many are worth looking for again at once."""
    received = list(Envelope.objects.filter(state=EnvelopeState.RECEIVED).order_by("next_attempt_at").defer("data")[:1_000])
    if not received:
        return 0
    try:
        told = registry.acknowledgements([row.id for row in received], at=at).acknowledgements
    except RegistryRefused:
        return 0
    answered = {one.envelope: one for one in told if _signed(one)}
    rows = {row.id: row for row in received}
    for envelope in answered.keys() & rows.keys():
        acknowledge(rows[envelope], answered[envelope], at=at)
    return len(rows.keys() - answered.keys())


def postpone(*, at: datetime) -> None:
    """Received envelopes without an answer are looked for again later, each time after a longer while."""
    rows = list(Envelope.objects.filter(state=EnvelopeState.RECEIVED, next_attempt_at__lte=at).defer("data"))
    for row in rows:
        row.next_attempt_at = at + delay(row.attempts)
        row.attempts += 1
    Envelope.objects.bulk_update(rows, ["attempts", "next_attempt_at"])


@transaction.atomic
def acknowledge(row: Envelope, told: Acknowledgement, *, at: datetime) -> None:
    """Writes what became of each report and lets the envelope's bytes go."""
    outcomes = told.outcomes
    with connection.cursor() as cursor:
        cursor.execute(
            "update screenings_screening set outcome = told.outcome from unnest(%s::text[]) with ordinality as told(outcome, nth)"
            " where envelope_id = %s and position = told.nth - 1",
            [outcomes, row.id],
        )
    problem = {"type": "unopened", "detail": told.flaw} if told.flaw else None
    Envelope.objects.filter(pk=row.pk).update(
        state=EnvelopeState.ACKNOWLEDGED,
        data=None,
        acknowledged_at=at,
        sealed_reasons=told.sealed_reasons,
        problem=problem,
        outcomes=outcomes,
        told_at=told.acknowledged_at,
        flaw=told.flaw,
        signature=told.signature,
    )


@transaction.atomic
def requeue(envelope: Envelope, *, at: datetime) -> None:
    """Tries a stopped envelope again, now."""
    stopped = Envelope.objects.filter(pk=envelope.pk, state=EnvelopeState.STOPPED)
    stopped.update(state=EnvelopeState.WAITING, attempts=0, next_attempt_at=at)
    wake(RELAY)


@transaction.atomic
def _claim(at: datetime, most: int) -> list[Envelope]:
    """The envelopes that are due, taken for a minute: if this process dies, another tries them then."""
    waiting = free().select_for_update(skip_locked=True).filter(state=EnvelopeState.WAITING, next_attempt_at__lte=at)
    rows = list(waiting.order_by("created_at")[:most])
    sizes = accumulate(len(row.data or b"") for row in rows)
    due = [row for nth, (row, size) in enumerate(zip(rows, sizes, strict=True)) if nth == 0 or size <= MOST_BYTES]
    Envelope.objects.filter(id__in=[row.id for row in due]).update(next_attempt_at=at + _CLAIM)
    return due


def _one_by_one(registry: Registry, due: Sequence[Envelope], at: datetime) -> int:
    Envelope.objects.filter(id__in=[row.id for row in due]).update(next_attempt_at=at)
    return sum(deliver(registry, at=at, most=1) for _ in due)


def _check_receipt(receipt: Receipt, due: Sequence[Envelope]) -> None:
    """The receipt answers for these very bytes, in this order, under the registry's pinned key; else `SealingError`."""
    taken = {one.id for one in receipt.envelopes if one.problem is None}
    leaves = [merkle.leaf(bytes(row.data or b"")) for row in due if row.id in taken]
    statement = statements.receipt(merkle.root(leaves), len(leaves), receipt.received_at)
    signing.check(registry_keys().receipt, receipt.signature, statement)


def _signed(told: Acknowledgement) -> bool:
    statement = statements.acknowledgement(told.envelope, told.outcomes, told.sealed_reasons, told.acknowledged_at, told.flaw)
    try:
        signing.check(registry_keys().receipt, told.signature, statement)
    except SealingError:
        return False
    return True


def _taken(due: Sequence[Envelope], receipt: Receipt, at: datetime) -> None:
    problems = {one.id: one.problem for one in receipt.envelopes}
    for row in due:
        problem = problems.get(row.id, away("NotInReceipt"))
        if problem is None:
            row.state, row.received_at, row.problem, row.attempts, row.next_attempt_at = EnvelopeState.RECEIVED, at, None, 0, at
        else:
            _fail(row, problem, at)
    Envelope.objects.bulk_update(due, _PROGRESS)


def _failed(due: Sequence[Envelope], problem: ProblemDetails, at: datetime) -> None:
    for row in due:
        _fail(row, problem, at)
    Envelope.objects.bulk_update(due, _PROGRESS)


def _fail(row: Envelope, problem: ProblemDetails, at: datetime) -> None:
    row.state = EnvelopeState.WAITING if heals(problem) else EnvelopeState.STOPPED
    row.problem = msgspec.to_builtins(problem)
    row.next_attempt_at = at + delay(row.attempts, least=problem.retry_after)
    row.attempts += 1
