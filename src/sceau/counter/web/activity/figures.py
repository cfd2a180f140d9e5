"""A pharmacy's work in numbers, from what lies in clear beside the sealed copies: nobody's name is opened for it. The reasons of
refusals are opened, which name fields and nobody.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q

from sceau.core.accounts.models import User, open_all
from sceau.core.report.errors import Language
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.relay.models import EnvelopeState
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import refusals
from sceau.counter.visits.models import Visit, VisitState

PERIODS = {"today": 1, "week": 7, "month": 31}
_WAITING = Q(outcome="") & ~Q(envelope__state=EnvelopeState.STOPPED)
_COUNTED = {
    "recorded": Q(outcome="recorded"),
    "amended": Q(outcome="amended"),
    "cancelled": Q(outcome="cancelled"),
    "refused": Q(outcome="refused"),
    "stopped": Q(outcome="", envelope__state=EnvelopeState.STOPPED),
    "waiting": _WAITING,
}


class Refused(NamedTuple):
    """Why, in words (empty when the envelope told none), and how many tests were refused for it."""

    reason: str
    tests: int


def days(pharmacy: Pharmacy, today: date, period: str) -> list[dict[str, Any]]:
    """Each day on which something was reported, the latest first, with the counts by the registry's answer."""
    counts = {name: Count("id", filter=wanted) for name, wanted in _COUNTED.items()}
    rows = Screening.objects.filter(pharmacy=pharmacy, day__range=_range(today, period))
    return [dict(row) for row in rows.values("day").annotate(**counts).order_by("-day")]


def totals(days: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(day[name] for day in days) for name in _COUNTED}


def kits(pharmacy: Pharmacy, today: date, period: str) -> list[dict[str, Any]]:
    """Tests by kit, the most used first."""
    return list(_done(pharmacy, today, period).values("kit__name").annotate(tests=Count("id")).order_by("-tests", "kit__name"))


def staff(pharmacy: Pharmacy, today: date, period: str) -> list[dict[str, Any]]:
    """Results by who gave them; without a name for those who have left. Raises `KeyholderError`."""
    rows = _done(pharmacy, today, period).values("done_by__user").annotate(tests=Count("id"))
    users = User.objects.in_bulk([row["done_by__user"] for row in rows])
    open_all(users.values())
    told = [{"name": users[who].name if (who := row["done_by__user"]) else "", "tests": row["tests"]} for row in rows]
    return sorted(told, key=lambda row: (-row["tests"], row["name"].casefold()))


def refused(pharmacy: Pharmacy, today: date, period: str, keys: PharmacyKeys, language: Language) -> list[Refused]:
    """Refusals by reason, the most frequent first; a test with two reasons counts under both."""
    rows = Screening.objects.filter(pharmacy=pharmacy, outcome="refused", day__range=_range(today, period))
    told = rows.select_related("envelope").defer("sealed", "envelope__data")
    why = refusals([one for one in told if keys.opens(one.day)], keys)
    count = Counter(text for problems in why.values() for text in {one.text(language) for one in problems} or {""})
    return [Refused(*one) for one in sorted(count.items(), key=lambda one: (-one[1], one[0]))]


def _done(pharmacy: Pharmacy, today: date, period: str) -> Any:
    return Visit.objects.filter(pharmacy=pharmacy, state=VisitState.DONE, day__range=_range(today, period))


def _range(today: date, period: str) -> tuple[date, date]:
    return today - timedelta(days=PERIODS[period] - 1), today
