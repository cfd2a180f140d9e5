from datetime import datetime

from django.db.models import Min, Sum

from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.relay.models import Envelope, EnvelopeState

OUTSTANDING = (EnvelopeState.WAITING, EnvelopeState.RECEIVED)


def next_due() -> datetime | None:
    """When something is to be tried or looked for again; None when nothing is under way."""
    due: datetime | None = Envelope.objects.filter(state__in=OUTSTANDING).aggregate(due=Min("next_attempt_at"))["due"]
    return due


def held(pharmacy: Pharmacy) -> int:
    """How many reports the registry was offered and did not take yet."""
    waiting = Envelope.objects.filter(pharmacy=pharmacy, state=EnvelopeState.WAITING, attempts__gt=0)
    return waiting.aggregate(reports=Sum("reports"))["reports"] or 0
