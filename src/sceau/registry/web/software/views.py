"""The public list of approved software: all of it, what a name means, one product's history; and how to report what only says so."""

from typing import Any
from uuid import UUID

from allauth.core.ratelimit import consume_or_429
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sceau.registry.approvals import suspicions
from sceau.registry.approvals.listing import looked_up, public_list
from sceau.registry.approvals.models import Decision, Software
from sceau.registry.approvals.suspicions import Told
from sceau.registry.web.software.forms import SuspicionForm
from sceau.registry.web.software.history import shown
from sceau.registry.web.words import scope_label, state_label

_LONGEST = 100


@login_not_required
@require_safe
def software_list(request: HttpRequest) -> HttpResponse:
    """`?q=` asks about a name."""
    asked = request.GET.get("q", "").strip()[:_LONGEST]
    found = looked_up(asked) if asked else list(public_list())
    return render(request, "software/list.html", {"rows": [_row(one) for one in found], "asked": asked})


@login_not_required
@require_safe
def software(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(public_list(), pk=pk)
    told: list[Decision] = found.told  # type: ignore[attr-defined]
    page = {"row": _row(found), "history": [shown(one) for one in told]}
    return render(request, "software/one.html", page)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    form = SuspicionForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "software/report.html", {"form": form}, status=422 if form.is_bound else 200)
    limited: HttpResponse | None = consume_or_429(request, action="suspicion")
    if limited:
        return limited
    suspicions.report(Told(**form.cleaned_data), at=timezone.now())
    return render(request, "software/reported.html")


def _row(software: Software) -> dict[str, Any]:
    decision: Decision = software.told[0]  # type: ignore[attr-defined]
    row = {name: getattr(software, name) for name in ("pk", "name", "version", "since")}
    state = {"state": state_label(software.state), "state_key": software.state, "scope": scope_label(software.scope)}
    return {**row, **state, "publisher": software.publisher.name, "authority": decision.by, "reason": decision.reason}
