"""The registry's first page: how much came in, what became of it, who sends. No person on it."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sceau.core.codes.loinc import Disease
from sceau.core.codes.snomed import Result
from sceau.core.web.labels import disease
from sceau.registry.approvals.enums import LISTED
from sceau.registry.approvals.models import Software
from sceau.registry.cases.models import Case, CaseState
from sceau.registry.intake import overview
from sceau.registry.results.models import Duplicate, Fact, Report, Standing, Tally
from sceau.registry.web.words import state_label


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    sent = overview.envelopes()
    page = {"counts": _counts(sent), "inbox": _inbox(), "diseases": _diseases(), "software": _software(sent)}
    page |= {"outcomes": _standings()}
    return render(request, "counts/counts.html", page)


def _counts(sent: dict[UUID, int]) -> list[dict[str, Any]]:
    return [
        {"label": _("Reports recorded"), "value": Report.objects.count() + sum(_ended().values())},
        {"label": _("Envelopes received"), "value": sum(sent.values())},
        {"label": _("Likely duplicates"), "value": Duplicate.objects.count()},
        {"label": _("Open cases"), "value": Case.objects.filter(state=CaseState.OPEN).count()},
    ]


def _ended() -> dict[str, int]:
    """By standing, the reports whose retention is over."""
    return dict(Tally.objects.values_list("standing").annotate(Sum("reports")))


def _standings() -> list[dict[str, Any]]:
    labels = {Standing.CURRENT: _("current"), Standing.SUPERSEDED: _("corrected since"), Standing.CANCELLED: _("cancelled")}
    found = Counter(dict(Report.objects.values_list("standing").annotate(Count("id")))) + Counter(_ended())
    return [{"label": label, "value": found.get(standing.value, 0)} for standing, label in labels.items()]


def _inbox() -> dict[str, Any]:
    queue = overview.queue(at=timezone.now())
    age = timedelta(seconds=int(queue.age.total_seconds())) if queue.age else timedelta(0)
    return {"waiting": queue.waiting, "oldest_age": age, "set_aside": overview.aside().envelopes}


def _diseases() -> list[dict[str, Any]]:
    current = Fact.objects.filter(report__standing=Standing.CURRENT)
    live = current.values("disease").annotate(tests=Count("report"), positive=Count("report", filter=Q(result=Result.DETECTED)))
    ended = Tally.objects.filter(standing=Standing.CURRENT).values("disease")
    past = ended.annotate(of=Sum("tests"), positive=Sum("tests", filter=Q(result=Result.DETECTED), default=0))
    tests, positive = Counter[str](), Counter[str]()
    for row in (*live.values_list("disease", "tests", "positive"), *past.values_list("disease", "of", "positive")):
        tests[row[0]] += row[1]
        positive[row[0]] += row[2]
    return [
        {"name": disease(Disease(one)), "disease": one, "tests": tests[one], "positive": positive[one]} for one in sorted(tests)
    ]


def _software(sent: dict[UUID, int]) -> list[dict[str, Any]]:
    rows = Software.objects.filter(state__in=LISTED).select_related("publisher").order_by("publisher__name", "name", "version")
    shown = [(one, {"state": state_label(one.state), "state_key": one.state, "envelopes": sent.get(one.id, 0)}) for one in rows]
    return [{"name": str(one), "publisher": one.publisher, "since": one.since} | extra for one, extra in shown]
