"""The queue as it is shown: one question, whoever is in it."""

from datetime import date

from django.db.models import QuerySet

from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.visits.models import Visit, VisitState

RECENT = 30


def queue(pharmacy: Pharmacy, day: date) -> list[Visit]:
    """Who waits and whose test runs, the longest first; then what was found, the latest first."""
    rows = _rows(pharmacy, day)
    under_way = rows.filter(state__in=[VisitState.WAITING, VisitState.RUNNING]).order_by("created_at")
    done = rows.filter(state=VisitState.DONE).order_by("-done_at")[:RECENT]
    return [*under_way, *done]


def _rows(pharmacy: Pharmacy, day: date) -> "QuerySet[Visit]":
    rows = Visit.objects.filter(pharmacy=pharmacy, day=day)
    return rows.select_related("kit", "report__envelope").defer("report__envelope__data")
