"""Who keeps the registry running, and what they may have done to its inbox. They see counts, and no person."""

from datetime import datetime

from django.db import transaction

from sceau.core.accounts.models import User
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.jobs import wake
from sceau.registry.intake.enums import InboxState
from sceau.registry.intake.job import REPLAY
from sceau.registry.intake.models import InboxEnvelope, Operator


@transaction.atomic
def appoint(user: User, *, by: str, at: datetime) -> None:
    """Somebody of the staff operates the registry from now on."""
    Operator.objects.get_or_create(user=user)
    record(Event.OPERATOR_APPOINTED, by=by, subject=f"user:{user.pk}", at=at)


@transaction.atomic
def ask_replay(*, by: str, at: datetime) -> int:
    """Has the worker take in again all that is set aside; gives how many envelopes that is, 0 where nothing is to be done."""
    aside = InboxEnvelope.objects.filter(state=InboxState.SET_ASIDE).count()
    if aside:
        record(Event.REPLAY_ASKED, by=by, subject=f"envelopes:{aside}", at=at)
        wake(REPLAY)
    return aside
