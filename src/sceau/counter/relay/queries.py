from datetime import datetime

from django.db.models import Min

from sceau.counter.relay.models import Envelope, EnvelopeState

OUTSTANDING = (EnvelopeState.WAITING, EnvelopeState.RECEIVED)


def next_due() -> datetime | None:
    """When something is to be tried or looked for again; None when nothing is under way."""
    due: datetime | None = Envelope.objects.filter(state__in=OUTSTANDING).aggregate(due=Min("next_attempt_at"))["due"]
    return due
