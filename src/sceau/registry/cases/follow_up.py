"""Who follows a case up: claimed by one agent, released, done. Each change is one statement, so that two agents never both have it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import Told, record, record_all
from sceau.registry.cases.errors import AlreadyClaimed, NotYours
from sceau.registry.cases.models import Case, CaseState
from sceau.registry.cases.queries import EVERYWHERE


def check_follows(case: Case, *, by: str) -> None:
    """Raises `NotYours` for whoever has not claimed this case, or has ended its follow-up."""
    if case.claimed_by != by or case.done_at is not None:
        raise NotYours


@transaction.atomic
def claim(case: Case, *, by: str, at: datetime) -> None:
    """Raises `AlreadyClaimed`, naming who was first; claiming one's own again changes nothing."""
    free = Case.objects.filter(pk=case.pk, state=CaseState.OPEN, done_at=None, claimed_by=None)
    if free.update(claimed_by=by, claimed_at=at):
        record(Event.CASE_CLAIMED, by=by, subject=f"case:{case.pk}", at=at)
    elif (holder := Case.objects.values_list("claimed_by", flat=True).get(pk=case.pk)) != by:
        raise AlreadyClaimed(holder or "")


@transaction.atomic
def release(case: Case, *, by: str, at: datetime) -> None:
    """Raises `NotYours`."""
    if not Case.objects.filter(pk=case.pk, claimed_by=by, done_at=None).update(claimed_by=None, claimed_at=None):
        raise NotYours
    record(Event.CASE_RELEASED, by=by, subject=f"case:{case.pk}", at=at)


@transaction.atomic
def release_all(agent: str, *, kept: Collection[str] = (), by: str, at: datetime) -> int:
    """What somebody follows no more is free again, but in the departments that they keep (`EVERYWHERE`: all); gives how many cases."""
    if EVERYWHERE in kept:
        return 0
    claimed = Case.objects.select_for_update().filter(claimed_by=agent, done_at=None)
    cases = list(claimed.exclude(department__in=kept).values_list("pk", flat=True))
    Case.objects.filter(pk__in=cases).update(claimed_by=None, claimed_at=None)
    record_all([Told(Event.CASE_RELEASED, by, f"case:{case}", at) for case in cases])
    return len(cases)


@transaction.atomic
def finish(case: Case, *, by: str, at: datetime) -> None:
    """The follow-up is done. Raises `NotYours`."""
    if not Case.objects.filter(pk=case.pk, claimed_by=by, done_at=None).update(done_at=at):
        raise NotYours
    record(Event.CASE_FOLLOWED_UP, by=by, subject=f"case:{case.pk}", at=at)
