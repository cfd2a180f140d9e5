"""Who follows a case up: claimed by one agent, released, done. Each change is one statement, so that two agents never both have it."""

from datetime import datetime

from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.registry.cases.errors import AlreadyClaimed, NotYours
from sceau.registry.cases.models import Case, CaseState


def check_follows(case: Case, *, by: str) -> None:
    """Raises `NotYours` for whoever has not claimed this case."""
    if case.claimed_by != by:
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
def finish(case: Case, *, by: str, at: datetime) -> None:
    """The follow-up is done. Raises `NotYours`."""
    if not Case.objects.filter(pk=case.pk, claimed_by=by, done_at=None).update(done_at=at):
        raise NotYours
    record(Event.CASE_FOLLOWED_UP, by=by, subject=f"case:{case.pk}", at=at)
