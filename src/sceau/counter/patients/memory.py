"""The directories of pharmacies that are at work, in this process's memory alone; each is dropped when nobody has asked for a while.

A pharmacy's sessions are served by one process; another process may add cards (an import), which are looked for at each question.
"""

from bisect import bisect_right, insort
from datetime import date, datetime, timedelta
from threading import Lock, Timer
from uuid import UUID

from django.utils import timezone

from sceau.core.accounts.unlocking import IDLE
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.counter.patients.directory import Directory
from sceau.counter.patients.models import Card
from sceau.counter.patients.unseal import open_cards
from sceau.counter.pharmacies.models import Pharmacy

_OVERLAP = timedelta(seconds=20)  # a card has its time before it is committed: the last seconds are looked through again
_BATCH = 2_000


class _Held:
    """One pharmacy's directory of one day: made anew each day, since days end."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.lock = Lock()
        self.directory = Directory()
        self.known: dict[UUID, datetime] = {}
        self.times: list[datetime] = []
        self.timer: Timer | None = None

    def follow(self, pharmacy: Pharmacy, keys: PharmacyKeys) -> None:
        """Takes in what was recorded since; one question when nothing was."""
        cards = Card.objects.filter(pharmacy=pharmacy).order_by("recorded_at")
        if self.times:
            since = self.times[-1] - _OVERLAP
            lately = cards.filter(recorded_at__gt=since)
            if lately.count() == len(self.times) - bisect_right(self.times, since):
                return
            cards = cards.filter(id__in=set(lately.values_list("id", flat=True)) - self.known.keys())
        for card, entry in open_cards(cards.iterator(_BATCH), keys):
            self.known[card.id] = card.recorded_at
            insort(self.times, card.recorded_at)
            self.directory.add(entry, card.recorded_at)

    def forget(self, report: UUID) -> None:
        self.directory.remove(report)
        if seen := self.known.pop(report, None):
            self.times.remove(seen)


_held: dict[UUID, _Held] = {}
_lock = Lock()


def directory(pharmacy: Pharmacy, keys: PharmacyKeys) -> Directory:
    """The pharmacy's people as of now; the first question of the day opens every card, if nobody prepared it."""
    held = _of(pharmacy)
    with held.lock:
        held.follow(pharmacy, keys)
    return held.directory


def prepare(pharmacy: Pharmacy, keys: PharmacyKeys) -> None:
    """Opens the cards before the first question, unless somebody is at it: they wait for nobody who only means to ask later."""
    held = _of(pharmacy)
    if held.lock.acquire(blocking=False):
        try:
            held.follow(pharmacy, keys)
        finally:
            held.lock.release()


def forget(pharmacy: UUID, report: UUID) -> None:
    """A card that was taken back."""
    if held := _held.get(pharmacy):
        with held.lock:
            held.forget(report)


def drop(pharmacy: UUID) -> None:
    with _lock:
        if (held := _held.pop(pharmacy, None)) and held.timer:
            held.timer.cancel()


def _of(pharmacy: Pharmacy) -> _Held:
    today = pharmacy.day(timezone.now())
    with _lock:
        held = _held.get(pharmacy.id)
        if held is None or held.day != today:
            held = _held[pharmacy.id] = _Held(today)
        if held.timer:
            held.timer.cancel()
        held.timer = Timer(IDLE, drop, [pharmacy.id])
        held.timer.daemon = True
        held.timer.start()
        return held
