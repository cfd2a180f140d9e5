"""What a product sent, day by day, and what became of it: the publisher's reconciliation, on a page and as data. Numbers, ids of
envelopes and submissions, row numbers; nobody's name, and no pharmacy's.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sceau.registry.intake import overview, reconciling
from sceau.registry.intake.counting import day_of
from sceau.registry.intake.overview import OUTCOMES, Sums
from sceau.registry.intake.reconciling import Refused
from sceau.registry.submissions.turned import turned_away
from sceau.registry.web.publishing.views import own
from sceau.registry.web.words import outcome_labels, outcomes_told, reasons_told

DAYS = 31
MOST_AS_DATA = 1_000
_DAYS = ("day", "sent", "sealed", "plain", *OUTCOMES, "open")
_REFUSED = ("id", "form", "received_at", "row")


@never_cache
@require_safe
def sent(request: HttpRequest, pk: UUID) -> HttpResponse:
    software, days = own(request, pk), _days(pk)
    page = {
        "software": software,
        "days": [{"day": day, "sums": one, "counted": outcomes_told(one)} for day, one in days.items()],
        "outcomes": outcome_labels().values(),
        "reasons": reasons_told(overview.together(days.values()).reasons),
        "refused": _refused(pk, reconciling.MOST),
        "aside": overview.aside(pk),
    }
    return render(request, "publishing/sent.html", page)


@never_cache
@require_safe
def data(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """`days.csv`, `refused.csv`, `sent.json`."""
    software = own(request, pk)
    if what == "days.csv":
        return _csv(f"{software.pk}-{what}", _DAYS, (_flat(day, one).values() for day, one in _days(pk).items()))
    if what == "refused.csv":
        return _csv(f"{software.pk}-{what}", _REFUSED, _rows(_refused(pk, MOST_AS_DATA)))
    if what != "sent.json":
        raise Http404
    days = _days(pk)
    told = {
        "days": [_flat(day, one) for day, one in days.items()],
        "reasons": overview.together(days.values()).reasons,
        "refused": [one._asdict() for one in _refused(pk, MOST_AS_DATA)],
    }
    return HttpResponse(msgspec.json.encode(told), content_type="application/json")


def _days(software: UUID) -> dict[date, Sums]:
    return overview.by_day(software, since=day_of(timezone.now()) - timedelta(days=DAYS - 1))


def _refused(software: UUID, most: int) -> list[Refused]:
    """At the doors and afterwards, the latest first."""
    both = reconciling.refused(software, most=most) + turned_away(software, most=most)
    return sorted(both, key=lambda one: one.received_at, reverse=True)[:most]


def _flat(day: date, one: Sums) -> dict[str, object]:
    counted = {name: one.outcomes.get(name, 0) for name in OUTCOMES}
    return {"day": day.isoformat(), "sent": one.sent, "sealed": one.sealed, "plain": one.plain, **counted, "open": one.open}


def _rows(found: Sequence[Refused]) -> Iterable[Iterable[object]]:
    return ((one.id, one.form, one.received_at.isoformat(), row) for one in found for row in one.rows)


def _csv(name: str, header: Sequence[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
