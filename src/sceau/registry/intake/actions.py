"""Taking in what the door stored (`receiving`). Nothing here is plain text: the keyholder gives facts and sealed bytes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate, takewhile
from uuid import UUID

from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError, connection, transaction
from django.db.models import F
from uuid_utils.compat import uuid7

from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.bulk import copy, update_each
from sceau.core.keyholder.client import Client
from sceau.core.keyholder.envelope_verbs import (
    Accepted,
    Acknowledge,
    AlreadyAcknowledged,
    Ingested,
    NotApproved,
    NotStamped,
    Readmit,
    Refused,
    RegistryKeyholder,
    Unopened,
)
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.report.model import Status
from sceau.registry.approvals.queries import diseases_of
from sceau.registry.cases import actions as cases
from sceau.registry.contacts import erasure
from sceau.registry.contacts.links import link
from sceau.registry.intake.counting import Answer, count, day_of
from sceau.registry.intake.enums import InboxState, Outcome
from sceau.registry.intake.models import InboxEnvelope, Unconfirmed
from sceau.registry.persons import actions as persons
from sceau.registry.results import actions as results
from sceau.registry.results import digest
from sceau.registry.results.models import Standing, Unlooked

MOST_REPORTS = 4_000
MOST_CONFIRMED = 10_000
_TOLD = """
delete from intake_unconfirmed where envelope in (select envelope from intake_unconfirmed limit %s for update skip locked)
returning envelope
"""


def take_in(keyholder: RegistryKeyholder, *, limit: int, at: datetime) -> int:
    """Takes in up to `limit` waiting envelopes in one transaction; gives how many.

    An envelope that makes the intake fail is set aside and the others go on; when the machine fails (disk, database, keyholder),
    all wait.
    """
    chosen: list[UUID] = []
    try:
        return _take(keyholder, _waiting(limit, chosen), at)
    except _MACHINE:
        raise
    except Exception as error:
        if isinstance(error, KeyholderError) and error.refusal is not Refusal.FAILED:
            raise
        if limit == 1:
            return _set_aside(chosen)
        return sum(takewhile(bool, (take_in(keyholder, limit=1, at=at) for _ in range(limit))))


@transaction.atomic
def _take(keyholder: RegistryKeyholder, coming: Iterable[InboxEnvelope], at: datetime) -> int:
    """The keyholder hears with each batch which envelopes of those before are acknowledged and committed: those it opens no more.
    What it signs here may still be rolled back, and then has to be opened again.
    """
    waiting, confirmed = list(coming), _confirmed()
    if not waiting and not confirmed:
        return 0
    bodies = [bytes(row.body or b"") + bytes(row.stamp) for row in waiting]
    scopes = diseases_of({row.software_id for row in waiting})
    answers = keyholder.ingest(bodies, at=at, acknowledged=confirmed, diseases=scopes)
    opened = {row: answer for row, answer in zip(waiting, answers, strict=True) if not isinstance(answer, _SHUT)}
    outcomes = _record([report for answer in opened.values() for report in _accepted(answer)], keyholder, at)
    for row, answer in opened.items():
        _answer(row, answer, outcomes, at)
    _sign(list(opened), keyholder, at)
    update_each(InboxEnvelope, _ACKNOWLEDGED, [_acknowledged_row(row) for row in opened])
    copy(Unconfirmed, ("envelope",), ((row.id,) for row in opened))
    _set_aside([row.id for row in waiting if row not in opened])
    count(_counted(opened))
    if opened:
        record(Event.BATCH_INGESTED, by="system:intake", subject=f"envelopes:{len(opened)}", at=at)
    return len(waiting)


def _confirmed() -> list[UUID]:
    """Envelopes whose acknowledgement was committed in a transaction before this one, taken from those to be told."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [MOST_CONFIRMED])
        return [envelope for (envelope,) in cursor.fetchall()]


_SHUT = (AlreadyAcknowledged, NotStamped, NotApproved)
"""What the keyholder does not open waits for somebody to look."""
_MACHINE = (OSError, MemoryError, OperationalError, InterfaceError, InternalError, ProgrammingError)
_ACKNOWLEDGED = (
    ("id", "uuid"),
    ("state", "text"),
    ("body", "bytea"),
    ("flaw", "text"),
    ("outcomes", "text[]"),
    ("sealed_reasons", "bytea"),
    ("acknowledged_at", "timestamptz"),
    ("signature", "bytea"),
    ("signature_key", "text"),
)


def _set_aside(chosen: Sequence[UUID]) -> int:
    """The very envelopes that failed, unless somebody has taken them meanwhile."""
    waiting = InboxEnvelope.objects.filter(id__in=chosen, state=InboxState.WAITING)
    waiting.update(state=InboxState.SET_ASIDE, failures=F("failures") + 1)
    return len(chosen)


def crowded(limit: int) -> bool:
    """Whether more waits than one batch of up to `limit` envelopes takes, be it in somebody's hands already."""
    waiting = InboxEnvelope.objects.filter(state=InboxState.WAITING).order_by("received_at")
    oldest = list(waiting.values_list("reports", flat=True)[: limit + 1])
    return len(oldest) > limit or sum(oldest) > MOST_REPORTS


def replay() -> int:
    """Lets the envelopes that were set aside wait again; gives how many."""
    return InboxEnvelope.objects.filter(state=InboxState.SET_ASIDE).update(state=InboxState.WAITING)


def readmit(keyholder: Client) -> int:
    """Has the keyholder open again what is set aside here though it was acknowledged: this database was put back to before that.
    Gives how many; for the operator.
    """
    aside = InboxEnvelope.objects.filter(state=InboxState.SET_ASIDE).values_list("id", flat=True)
    return int(keyholder.ask(Readmit(list(aside))))


def _waiting(limit: int, chosen: list[UUID]) -> Iterator[InboxEnvelope]:
    """The oldest waiting envelopes that nobody else has in hand, as many as hold `MOST_REPORTS` together, locked; `chosen` takes
    their ids.
    """
    rows = InboxEnvelope.objects.select_for_update(skip_locked=True).filter(state=InboxState.WAITING).order_by("received_at")
    oldest = list(rows.only("id", "reports")[:limit])
    totals = accumulate(row.reports for row in oldest)
    chosen += [row.id for row, total in zip(oldest, totals, strict=True) if total <= MOST_REPORTS]
    yield from InboxEnvelope.objects.filter(id__in=chosen)


def _accepted(answer: Ingested | Unopened) -> list[Accepted]:
    return [one for one in answer.reports if isinstance(one, Accepted)] if isinstance(answer, Ingested) else []


def _record(reports: Sequence[Accepted], keyholder: RegistryKeyholder, at: datetime) -> dict[UUID, Outcome]:
    """Writes what is new; gives the first outcome of each report id (a second statement of one id is a duplicate)."""
    unique, batch = list({one.id: one for one in reversed(reports)}.values()), uuid7()
    rows = digest.rows(unique)
    fresh = results.record(unique, batch=batch, on=at.date())
    told = digest.states(fresh, rows, batch=batch)
    states.tell(told, event=Event.FACTS_RECORDED, by="system:intake", keyholder=keyholder, at=at)
    barred = erasure.heed(fresh, keyholder=keyholder, at=at)
    again = persons.keep([one for one in fresh if one.lineage not in barred], comparer=keyholder, at=at)
    copy(Unlooked, ("report_id",), ((report,) for report in again))
    positive = cases.open_for(fresh, at=at)
    changed = results.settle(fresh)
    cases.follow(changed)
    link(positive | set(changed), by="system:intake", at=at)
    return {one.id: _outcome(one.status, changed.get(one.id, Standing.CURRENT)) for one in fresh}


def _outcome(status: Status, standing: Standing) -> Outcome:
    if status is Status.ENTERED_IN_ERROR or standing is Standing.CANCELLED:
        return Outcome.CANCELLED
    return Outcome.AMENDED if status is Status.CORRECTED or standing is Standing.SUPERSEDED else Outcome.RECORDED


def _answer(row: InboxEnvelope, answer: Ingested | Unopened, outcomes: dict[UUID, Outcome], at: datetime) -> None:
    """Sets what became of each report and drops the body; the first report of an id takes its outcome, later ones are duplicates."""
    if isinstance(answer, Unopened):
        told, reasons, row.flaw = [Outcome.REFUSED] * row.reports, b"", answer.flaw.value
    else:
        told = [
            outcomes.pop(one.id, Outcome.DUPLICATE) if isinstance(one, Accepted) else Outcome.REFUSED for one in answer.reports
        ]
        reasons = answer.sealed_reasons
    row.outcomes, row.sealed_reasons, row.acknowledged_at = [outcome.value for outcome in told], reasons, at
    row.state, row.body = InboxState.DONE, None


def _counted(opened: Mapping[InboxEnvelope, Ingested | Unopened]) -> Counter[Answer]:
    """Each report's outcome, and why those that are refused are."""
    counted = Counter[Answer]()
    for row, answer in opened.items():
        software, day = row.software_id, day_of(row.received_at)
        counted.update({Answer(software, day, outcome): times for outcome, times in Counter(row.outcomes).items()})
        counted.update(Answer(software, day, Outcome.REFUSED.value, reason) for reason in _reasons(row, answer))
    return counted


def _reasons(row: InboxEnvelope, answer: Ingested | Unopened) -> list[str]:
    """The kinds of problem, once a report; one envelope's flaw is that of every report in it."""
    if isinstance(answer, Unopened):
        return [row.flaw] * row.reports
    return [kind for one in answer.reports if isinstance(one, Refused) for kind in one.troubles]


def _sign(rows: Sequence[InboxEnvelope], keyholder: RegistryKeyholder, at: datetime) -> None:
    told = [Acknowledge(row.id, list(row.outcomes or ()), bytes(row.sealed_reasons or b""), at, row.flaw) for row in rows]
    for row, signature in zip(rows, keyholder.acknowledge_all(told), strict=True):
        row.signature, row.signature_key = signature.value, signature.key


def _acknowledged_row(row: InboxEnvelope) -> tuple[object, ...]:
    told = "{" + ",".join(row.outcomes or ()) + "}"
    signed = (row.acknowledged_at, row.signature, row.signature_key)
    return (row.id, row.state, row.body, row.flaw, told, row.sealed_reasons, *signed)
