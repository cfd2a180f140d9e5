"""The bench as its publisher sees it: what to send about whom, and what arrived of it so far."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.registry.approvals import actions, showing
from sceau.registry.approvals.errors import BenchAway
from sceau.registry.web.publishing.views import own
from sceau.registry.web.scenarios import persons, shown


@never_cache
@require_safe
def bench(request: HttpRequest, pk: UUID) -> HttpResponse:
    software = own(request, pk)
    page = {
        "software": software,
        "url": settings.BENCH_URL,
        "root": settings.BENCH_ROOT,
        "testable": showing.testable(software),
        "persons": persons(),
        "evidence": shown(actions.latest(software)),
    }
    return render(request, "publishing/bench.html", page)


@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    software = own(request, pk)
    try:
        if showing.testable(software):
            showing.begin(software, by=f"user:{request.user.pk}", at=timezone.now())
            messages.success(request, _("The test begins now: have your software send."))
    except BenchAway:
        messages.error(request, _away())
    return redirect("bench", pk=pk)


@require_POST
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    software = own(request, pk)
    try:
        if showing.testable(software) and software.tested_from:
            showing.look(software, by=f"user:{request.user.pk}", at=timezone.now())
    except BenchAway:
        messages.error(request, _away())
    return redirect("bench", pk=pk)


def _away() -> str:
    return _("The bench does not answer now. Try again later; if it stays so, tell the registry's operator.")
