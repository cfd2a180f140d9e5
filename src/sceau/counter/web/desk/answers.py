"""How the desk answers an act: with the queue as it is now, and one sentence about what happened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sceau.counter.pharmacies.policies import can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.visits import queries
from sceau.counter.web.desk import shown

DONE, WRONG, CHANGED = 200, 422, 409


def queue(request: HttpRequest, present: Present, say: str = "", *, status: int = DONE, **more: Any) -> HttpResponse:
    return render(request, "desk/_queue.html", context(present) | {"say": say} | more, status=status)


def context(present: Present) -> dict[str, Any]:
    now = timezone.now()
    visits = queries.queue(present.pharmacy, present.pharmacy.day(now))
    return {"queue": shown.queue(visits, by=present, at=now), "can_sign_off": can_sign_off(present.member)}
