from datetime import datetime

from django.db.models import Min, Sum

from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.relay.enrolments import free, open_requests
from sceau.counter.relay.models import Envelope, EnvelopeState

OUTSTANDING = (EnvelopeState.WAITING, EnvelopeState.RECEIVED)


def next_due() -> datetime | None:
    """When something is to be tried, asked or looked for again; None when nothing is under way."""
    envelopes = free().filter(state__in=OUTSTANDING).aggregate(due=Min("next_attempt_at"))["due"]
    keys = open_requests().aggregate(due=Min("next_at"))["due"]
    return min((due for due in (envelopes, keys) if due), default=None)


def waiting_for_key(pharmacy: Pharmacy) -> int:
    """How many reports wait until the owner has confirmed the pharmacy's key at the registry."""
    mine = Envelope.objects.filter(pharmacy=pharmacy, state=EnvelopeState.WAITING)
    waiting: int | None = mine.exclude(pk__in=free().filter(pharmacy=pharmacy).values("pk")).aggregate(reports=Sum("reports"))[
        "reports"
    ]
    return waiting or 0


def held(pharmacy: Pharmacy) -> int:
    """How many reports the registry was offered and did not take yet."""
    waiting = Envelope.objects.filter(pharmacy=pharmacy, state=EnvelopeState.WAITING, attempts__gt=0)
    return waiting.aggregate(reports=Sum("reports"))["reports"] or 0
