"""The history of one kit: how its lots did with their controls, who ran them, and why one that failed was used."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sceau.core.codes.snomed import Result
from sceau.counter.kits.models import Control, Kit
from sceau.counter.kits.queries import controls
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web import labels
from sceau.counter.web.presence import for_member

MOST = 200


@never_cache
@require_safe
@for_member
def history(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    kit = get_object_or_404(Kit, pk=pk, pharmacy=present.pharmacy)
    zone = ZoneInfo(present.pharmacy.time_zone)
    page = {
        "pharmacy": present.pharmacy,
        "kit": kit,
        "test": labels.kit_test(kit),
        "controls": [_row(one, zone) for one in controls(kit, MOST)],
    }
    return render(request, "kits/history.html", page)


def _row(control: Control, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "at": control.at.astimezone(zone),
        "lot": control.lot,
        "positive": labels.found(Result(control.positive)),
        "negative": labels.found(Result(control.negative)),
        "passed": control.passed,
        "override": control.override,
        "by": control.by.name,
    }
