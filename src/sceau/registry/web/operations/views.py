"""How the registry runs, for its operator, and for the authority without the deeds: who sends what, what is refused and why, what
waits, what is set aside and is taken in again from here. Numbers alone; what they cost does not grow with the inbox.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from sceau.registry.approvals.enums import ApprovalState
from sceau.registry.approvals.models import Software
from sceau.registry.intake import operators, overview
from sceau.registry.intake.counting import day_of
from sceau.registry.intake.overview import Sums
from sceau.registry.web.confined import Kind, account, after_signing_in_again, only_for
from sceau.registry.web.words import look, outcome_labels, outcomes_told, reasons_told

PERIODS = (1, 7, 31)


@never_cache
@require_safe
@only_for(Kind.OPERATOR, Kind.AUTHORITY)
def operations(request: HttpRequest) -> HttpResponse:
    at, days = timezone.now(), _days(request)
    sums = overview.by_software(since=day_of(at) - timedelta(days=days - 1))
    queue = overview.queue(at=at)
    page = {
        "days": days,
        "periods": PERIODS,
        "queue": queue,
        "age": timedelta(seconds=int(queue.age.total_seconds())) if queue.age else None,
        "aside": overview.aside(),
        "outcomes": outcome_labels().values(),
        "senders": _senders(sums),
        "reasons": reasons_told(overview.together(sums.values()).reasons),
        "jobs": _failed_jobs(),
        "approvals": _approvals(),
        "may_replay": account(request).kind is Kind.OPERATOR,
    }
    return render(request, "operations/operations.html", page)


@require_POST
@only_for(Kind.OPERATOR)
@after_signing_in_again("operations")
def replay(request: HttpRequest) -> HttpResponse:
    asked = operators.ask_replay(by=f"user:{request.user.pk}", at=timezone.now())
    told = ngettext("%(count)d envelope is taken in again.", "%(count)d envelopes are taken in again.", asked) % {"count": asked}
    if asked:
        messages.success(request, told + " " + _("What fails again comes back here, with how often it did."))
    else:
        messages.info(request, _("Nothing is set aside any more."))
    return redirect("operations")


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, PERIODS) else PERIODS[0]


def _senders(sums: Mapping[UUID, Sums]) -> list[dict[str, Any]]:
    """Who sent anything, and who may send: a sender that fell silent is seen too."""
    listed = Software.objects.filter(state=ApprovalState.APPROVED) | Software.objects.filter(id__in=list(sums))
    nothing = overview.together(())
    rows = [(one, sums.get(one.id, nothing)) for one in listed.select_related("publisher").order_by("publisher__name", "name")]
    return [_sender(one, told) for one, told in rows]


def _sender(software: Software, told: Sums) -> dict[str, Any]:
    return {"software": software, "look": look(software.state), "sums": told, "counted": outcomes_told(told)}


def _failed_jobs() -> Sequence[dict[str, Any]]:
    """Jobs that ended in an error; those that went well are not kept."""
    failed = ProcrastinateJob.objects.filter(status="failed").values("task_name")
    return list(failed.annotate(times=Count("id"), last=Max("procrastinateevent__at")).order_by("task_name"))


def _approvals() -> list[dict[str, Any]]:
    found = dict(Software.objects.exclude(state=ApprovalState.DRAFT).values_list("state").annotate(Count("id")))
    return [{"look": look(state), "count": found[state]} for state in ApprovalState if state in found]
