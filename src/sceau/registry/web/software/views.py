"""The public list of approved software."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sceau.registry.approvals.enums import ApprovalState
from sceau.registry.approvals.models import Decision, Software


def state_label(state: str) -> str:
    labels = {
        ApprovalState.APPROVED: _("approved"),
        ApprovalState.SUSPENDED: _("suspended"),
        ApprovalState.WITHDRAWN: _("withdrawn"),
    }
    return labels[ApprovalState(state)]


@login_not_required
@require_safe
def software_list(request: HttpRequest) -> HttpResponse:
    last = Prefetch("decisions", Decision.objects.order_by("software_id", "-id").distinct("software_id"), to_attr="last")
    found = Software.objects.prefetch_related(last).order_by("publisher", "name", "version")
    return render(request, "software/list.html", {"rows": [_row(software) for software in found]})


def _row(software: Software) -> dict[str, object]:
    decision: Decision = software.last[0]  # type: ignore[attr-defined]
    shown = ("name", "publisher", "version", "scope", "since")
    row = {name: getattr(software, name) for name in shown}
    state = {"state": state_label(software.state), "state_key": software.state}
    return row | state | {"authority": decision.by, "reason": decision.reason}
