"""What happens to a visit: it comes, starts, is read, may be taken back within seconds, or leaves untested.

Each act holds the row and checks the state that it goes out from: two workstations cannot both take the same step.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from msgspec.structs import replace
from uuid_utils.compat import uuid7

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.codes.snomed import Result
from sceau.core.report.model import Consent
from sceau.core.sealing.seal import seal_row
from sceau.counter.kits.actions import usable
from sceau.counter.kits.models import Kit
from sceau.counter.patients import memory
from sceau.counter.pharmacies.policies import check_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.screenings import actions as screenings
from sceau.counter.visits.draft import Draft, draft_place
from sceau.counter.visits.errors import Known, Moved, NoKit, ResultsMissing
from sceau.counter.visits.models import Visit, VisitState
from sceau.counter.visits.unseal import open_draft


class Kept(NamedTuple):
    """When a result was found that is recorded later, the id of its report, and the kit with the box that was in hand then."""

    at: datetime
    report: UUID | None = None
    kit: Kit | None = None


@transaction.atomic
def add(draft: Draft, *, by: Present, at: datetime, number: UUID | None = None) -> Visit:
    """Somebody comes and waits. A page that gives their `number` may ask again when no answer came: raises `Known`."""
    pharmacy, day = by.pharmacy, by.pharmacy.day(at)
    visit = Visit(id=number or uuid7(), pharmacy=pharmacy, day=day, state=VisitState.WAITING, created_at=at)
    _seal(visit, draft, by)
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        raise Known from None
    return visit


@transaction.atomic
def note_consent(visit: UUID, consent: Consent, *, by: Present) -> Visit:
    """What a person answered who had not been asked. Raises `Moved`."""
    row = _held(visit, by, VisitState.WAITING, VisitState.RUNNING)
    _seal(row, replace(open_draft(row, by.keys), consent=consent), by)
    row.save(update_fields=["sealed"])
    return row


@transaction.atomic
def start(visit: UUID, kit: Kit | None, *, by: Present, at: datetime) -> Visit:
    """The sample is taken with this kit, whose time runs from now. Raises `Moved`, `NoKit`."""
    if kit is None or not usable(kit, by.pharmacy.day(at)):
        raise NoKit
    row = _held(visit, by, VisitState.WAITING)
    row.state, row.kit = VisitState.RUNNING, kit
    row.started_at, row.ready_at = at, at + timedelta(minutes=kit.minutes)
    row.save(update_fields=["state", "kit", "started_at", "ready_at"])
    return row


@transaction.atomic
def finish(visit: UUID, results: Sequence[Result], *, by: Present, at: datetime, kept: Kept | None = None) -> Visit:
    """Records what was found, now or as it was `kept` earlier; it leaves for the registry when nobody has taken it back for some
    seconds. Raises `Moved`, `ResultsMissing`, `NotAllowed`, `ReportError`.
    """
    check_sign_off(by.member)
    row = _held(visit, by, VisitState.RUNNING)
    assert row.kit is not None
    assert row.started_at is not None
    if len(results) != len(row.kit.parts):
        raise ResultsMissing
    told = kept or Kept(at)
    box = row.kit if told.kit is None else told.kit
    draft = open_draft(row, by.keys)
    report = draft.report(results, kit=box, pharmacy=by.pharmacy, taken_at=row.started_at, at=told.at, number=told.report)
    screenings.record([report], pharmacy=by.pharmacy, keys=by.keys, source=None, at=at, held=True)
    row.state, row.done_at, row.done_by, row.report_id = VisitState.DONE, at, by.member, report.id
    row.save(update_fields=["state", "done_at", "done_by", "report"])
    _tell(Event.RESULT_RECORDED, by, report.id, at)
    return row


@transaction.atomic
def take_back(visit: UUID, *, by: Present, at: datetime) -> Visit:
    """The result was typed wrong a moment ago: it has not left, and the test waits for its result again.
    Raises `Moved`, `AlreadySent`.
    """
    row = _held(visit, by, VisitState.DONE)
    report = row.report_id
    if report is None:
        raise Moved
    row.state, row.done_at, row.done_by, row.report = VisitState.RUNNING, None, None, None
    row.save(update_fields=["state", "done_at", "done_by", "report"])
    screenings.withdraw(report, pharmacy=by.pharmacy, at=at)
    memory.forget(by.pharmacy.id, report)
    _tell(Event.RESULT_TAKEN_BACK, by, report, at)
    return row


@transaction.atomic
def leave(visit: UUID, *, by: Present) -> Visit:
    """Goes away untested, or was started by mistake. Raises `Moved`."""
    return _moved(_held(visit, by, VisitState.WAITING, VisitState.RUNNING), VisitState.LEFT)


@transaction.atomic
def come_back(visit: UUID, *, by: Present) -> Visit:
    """Is in the queue again. Raises `Moved`."""
    return _moved(_held(visit, by, VisitState.LEFT), VisitState.WAITING)


@transaction.atomic
def resume(visit: UUID, *, by: Present) -> Visit:
    """A test that was under way when the person was taken off the queue goes on. Raises `Moved`."""
    row = _held(visit, by, VisitState.LEFT)
    if row.started_at is None:
        raise Moved
    return _moved(row, VisitState.RUNNING)


def _seal(row: Visit, draft: Draft, by: Present) -> None:
    place = draft_place(row.id, row.pharmacy_id, row.day)
    row.sealed = seal_row(by.keys.day_key(row.day), draft.encode(), place)


def _held(visit: UUID, by: Present, *states: VisitState) -> Visit:
    rows = Visit.objects.select_for_update(of=("self",)).select_related("kit")
    row = rows.filter(pk=visit, pharmacy=by.pharmacy, state__in=states).first()
    if row is None:
        raise Moved
    return row


def _moved(row: Visit, state: VisitState) -> Visit:
    row.state = state
    row.save(update_fields=["state"])
    return row


def _tell(event: Event, by: Present, report: UUID, at: datetime) -> None:
    record(event, by=f"user:{by.member.user_id}", subject=f"report:{report}", at=at)
