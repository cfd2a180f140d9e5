"""How the registry runs, in numbers: what was sent and answered, what waits and since when, what is set aside. Nothing about a person.

Read from counters and partial indexes, so that a view costs what is waiting or wrong, and never the inbox, which is kept for ever.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from sceau.registry.intake.counting import TURNED_AWAY, day_of
from sceau.registry.intake.enums import InboxState, Outcome
from sceau.registry.intake.models import Answered, InboxEnvelope, Sent

Key = TypeVar("Key")
OUTCOMES = (*(one.value for one in Outcome), TURNED_AWAY)


class Aside(NamedTuple):
    """Envelopes that are set aside, the reports in them, since when; `again` failed more than once, `most` times at most."""

    envelopes: int
    reports: int
    oldest: datetime | None
    again: int
    most: int


class Queue(NamedTuple):
    """Reports that wait, and how long the oldest has."""

    waiting: int
    age: timedelta | None


class Sums(NamedTuple):
    """Of some days: reports in envelopes, sealed by the sender or at a plain door; by outcome; by reason, how often it was told."""

    sealed: int
    plain: int
    outcomes: Mapping[str, int]
    reasons: Mapping[str, int]

    @property
    def sent(self) -> int:
        """With the rows that a plain door turned away."""
        return self.sealed + self.plain + self.turned_away

    @property
    def turned_away(self) -> int:
        return self.outcomes.get(TURNED_AWAY, 0)

    @property
    def open(self) -> int:
        """Without an answer yet: waiting, or set aside."""
        return self.sent - sum(self.outcomes.values())


def aside(software: UUID | None = None) -> Aside:
    rows = InboxEnvelope.objects.filter(state=InboxState.SET_ASIDE)
    found = (rows.filter(software_id=software) if software else rows).aggregate(
        envelopes=Count("id"),
        reports=Sum("reports", default=0),
        oldest=Min("received_at"),
        again=Count("id", filter=Q(failures__gt=1)),
        most=Max("failures", default=0),
    )
    return Aside(**found)


def queue(*, at: datetime) -> Queue:
    """Counted from the day of the oldest envelope that waits: before it, nothing does."""
    waiting = InboxEnvelope.objects.filter(state=InboxState.WAITING).order_by("received_at")
    oldest = waiting.values_list("received_at", flat=True).first()
    if oldest is None:
        return Queue(0, None)
    since = day_of(oldest)
    sent = Sent.objects.filter(day__gte=since).aggregate(of=Sum("reports", default=0))["of"]
    told = Answered.objects.filter(day__gte=since, reason="").exclude(outcome=TURNED_AWAY).aggregate(of=Sum("reports", default=0))
    midnight = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    shelved = InboxEnvelope.objects.filter(state=InboxState.SET_ASIDE, received_at__gte=midnight)
    return Queue(sent - told["of"] - shelved.aggregate(of=Sum("reports", default=0))["of"], at - oldest)


def envelopes() -> dict[UUID, int]:
    """How many each ever sent."""
    return dict(Sent.objects.values_list("software_id").annotate(Sum("envelopes")))


def by_software(*, since: date) -> dict[UUID, Sums]:
    """What each sent from that day on."""
    sent = Sent.objects.filter(day__gte=since).values_list("software_id", "plain").annotate(Sum("reports"))
    told = Answered.objects.filter(day__gte=since).values_list("software_id", "outcome", "reason").annotate(Sum("reports"))
    return _sums(sent, told)


def by_day(software: UUID, *, since: date) -> dict[date, Sums]:
    """What one sent, day by day, the latest first."""
    sent = Sent.objects.filter(software_id=software, day__gte=since).values_list("day", "plain").annotate(Sum("reports"))
    told = Answered.objects.filter(software_id=software, day__gte=since).values_list("day", "outcome", "reason")
    found: dict[date, Sums] = _sums(sent, told.annotate(Sum("reports")))
    return dict(sorted(found.items(), reverse=True))


def together(sums: Iterable[Sums]) -> Sums:
    sealed, plain, outcomes, reasons = 0, 0, Counter[str](), Counter[str]()
    for one in sums:
        sealed, plain = sealed + one.sealed, plain + one.plain
        outcomes.update(one.outcomes)
        reasons.update(one.reasons)
    return Sums(sealed, plain, outcomes, reasons)


def _sums(sent: Iterable[tuple[Key, bool, int]], told: Iterable[tuple[Key, str, str, int]]) -> dict[Key, Sums]:
    """By software or by day: rows of what was sent (plain or not), and of what was answered (outcome, reason)."""
    doors, outcomes, reasons = Counter[tuple[Key, bool]](), dict[Key, Counter[str]](), dict[Key, Counter[str]]()
    for key, plain, reports in sent:
        doors[key, plain] += reports
    for key, outcome, reason, reports in told:
        (reasons if reason else outcomes).setdefault(key, Counter())[reason or outcome] += reports
    keys = {key for key, _ in doors} | outcomes.keys() | reasons.keys()
    return {
        key: Sums(doors[key, False], doors[key, True], outcomes.get(key, Counter()), reasons.get(key, Counter())) for key in keys
    }
