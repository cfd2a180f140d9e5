"""The counter's first page: the day's screenings with their states, and what waits."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from sceau.counter.imports import actions as imports
from sceau.counter.imports.models import Import
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.pharmacies.policies import can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.relay import actions as relays
from sceau.counter.relay.models import Envelope, EnvelopeState
from sceau.counter.screenings.models import Screening
from sceau.counter.web import labels
from sceau.counter.web.keys import banner
from sceau.counter.web.presence import for_member
from sceau.counter.web.today import rows


@never_cache
@gzip_page  # nothing that a stranger could choose is on this page, so that its length tells nobody what else is (BREACH)
@require_safe
@for_member
def today(request: HttpRequest, present: Present) -> HttpResponse:
    pharmacy, keys = present.pharmacy, present.keys
    day = _day(request.GET.get("day"), pharmacy)
    found = Screening.objects.filter(pharmacy=pharmacy, day=day)
    latest = list(found.select_related("envelope").defer("envelope__data").order_by("-recorded_at", "position")[: rows.MOST])
    states = Counter({(row[0], row[1]): row[2] for row in found.values_list("envelope__state", "outcome").annotate(Count("id"))})
    page = {
        "pharmacy": pharmacy,
        "day": day,
        "counts": rows.counts(states) if latest else [],
        "rows": rows.rows(latest, pharmacy=pharmacy, keys=keys),
        "can_undo": can_sign_off(present.member),
        "imports": rows.imports(pharmacy, day, keys),
        "refresh": any(outcome == "" for _state, outcome in states),
        **_days(pharmacy, day),
        "key": banner(pharmacy),
        **_trouble(pharmacy),
    }
    return render(request, "today/today.html", page)


@require_POST
@for_member
def requeue(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    """Sends a stopped envelope again."""
    envelope = get_object_or_404(Envelope, pk=pk, pharmacy=present.pharmacy)
    relays.requeue(envelope, at=timezone.now())
    return redirect("today")


@require_POST
@for_member
def undo(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    """Cancels every result of an import, as who signs results off may."""
    if not can_sign_off(present.member):
        raise PermissionDenied
    source = get_object_or_404(Import, pk=pk, pharmacy=present.pharmacy)
    imports.undo(source, keys=present.keys, at=timezone.now())
    return redirect("today")


def _day(asked: str | None, pharmacy: Pharmacy) -> date:
    try:
        return date.fromisoformat(asked or "")
    except ValueError:
        return pharmacy.day(timezone.now())


def _days(pharmacy: Pharmacy, day: date) -> dict[str, Any]:
    known = Screening.objects.filter(pharmacy=pharmacy)
    before = known.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()
    after = day + timedelta(days=1) if day < pharmacy.day(timezone.now()) else None
    return {"previous_day": before, "next_day": after}


def _trouble(pharmacy: Pharmacy) -> dict[str, Any]:
    """What waits because the registry is away, and what stopped."""
    mine = Envelope.objects.filter(pharmacy=pharmacy)
    waiting = mine.filter(state=EnvelopeState.WAITING, attempts__gt=0)
    held = waiting.aggregate(reports=Sum("reports"), since=Min("created_at"))
    stopped = [_stopped(row) for row in mine.filter(state=EnvelopeState.STOPPED).defer("data")[:20]]
    if not held["reports"]:
        return {"waiting": 0, "link": None, "stopped": stopped}
    problem = waiting.order_by("-next_attempt_at").values_list("problem", flat=True).first() or {}
    link = {"since": held["since"], "why": _why(problem)}
    return {"waiting": held["reports"], "link": link, "stopped": stopped}


def _stopped(row: Envelope) -> dict[str, Any]:
    problem = row.problem or {}
    return {"id": row.id, "count": row.reports, "why": _why(problem), "fix": labels.fix(problem)}


def _why(problem: dict[str, Any]) -> str:
    told = " · ".join(part for part in (problem.get("title"), problem.get("detail"), problem.get("see")) if part)
    return told or _("no answer")
