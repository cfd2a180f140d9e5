"""How the desk answers an act: with the queue as it is now, and one sentence about what happened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sceau.counter.checkins import queries as checkins
from sceau.counter.pharmacies.policies import can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.visits import queries
from sceau.counter.web.desk import shown

DONE, WRONG, CHANGED = 200, 422, 409


def queue(request: HttpRequest, present: Present, say: str = "", *, status: int = DONE, **more: Any) -> HttpResponse:
    return render(request, "desk/_queue.html", context(present) | {"say": say} | more, status=status)


def quicker(request: HttpRequest, present: Present) -> HttpResponse:
    """Somebody else acted first: nothing was changed."""
    return queue(request, present, _("A colleague was quicker: this is how it stands now"), status=CHANGED)


def context(present: Present) -> dict[str, Any]:
    now = timezone.now()
    pharmacy, day = present.pharmacy, present.pharmacy.day(now)
    queue = shown.queue(queries.queue(pharmacy, day), by=present, at=now)
    return {
        "queue": queue | {"here": shown.here(checkins.here(pharmacy, day), by=present)},
        "can_sign_off": can_sign_off(present.member),
    }
