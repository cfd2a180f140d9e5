"""How many doubts wait for somebody, since when, and how many were opened in a day: whether those who look keep up."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from sceau.core.doctor import Finding
from sceau.registry.persons.models import Doubt, DoubtState

LONG, MANY = timedelta(days=7), 1_000
_DAY, _DANGER = timedelta(days=1), 5


class Waiting(NamedTuple):
    """`still` wait; `since` is when the oldest was opened; `of_today` were opened in the last 24 hours, settled or not."""

    still: int
    since: datetime | None
    of_today: int


def waiting(doubts: QuerySet[Doubt], *, at: datetime) -> Waiting:
    """Of these doubts, in one query."""
    waits, today = Q(state=DoubtState.OPEN), Q(opened_at__gt=at - _DAY)
    told = doubts.order_by().aggregate(
        still=Count("pk", filter=waits), since=Min("opened_at", filter=waits), of_today=Count("pk", filter=today)
    )
    return Waiting(**told)


def findings() -> Iterator[Finding]:
    """What `sceau doctor` says of the queue."""
    now = timezone.now()
    found = waiting(Doubt.objects.all(), at=now)
    since = f"the oldest since {found.since:%Y-%m-%d}" if found.since else "none"
    if found.still > MANY or (found.since and now - found.since > LONG):
        what = f"{found.still} doubts about who is who wait, {since}; {found.of_today} were opened in a day"
        yield Finding(
            _DANGER, what, "Have tracing agents of those departments settle them: until then each may be counted twice."
        )
