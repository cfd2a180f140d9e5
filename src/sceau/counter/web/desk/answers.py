"""How the desk answers an act: with the queue as it is now, and one sentence about what happened."""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sceau.counter.checkins import queries as checkins
from sceau.counter.checkins.models import CheckIn
from sceau.counter.pharmacies.policies import can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.visits import queries
from sceau.counter.visits.models import Visit
from sceau.counter.web.desk import shown

DONE, WRONG, CHANGED = 200, 422, 409


class Found(NamedTuple):
    """Who is in the queue at a moment, nobody opened yet."""

    at: datetime
    visits: list[Visit]
    here: list[CheckIn]


def find(present: Present) -> Found:
    now = timezone.now()
    pharmacy, day = present.pharmacy, present.pharmacy.day(now)
    return Found(now, queries.queue(pharmacy, day), checkins.here(pharmacy, day))


def tag(found: Found, held: int, present: Present) -> str:
    """An ETag: another as soon as the queue would read otherwise, for this member in this language."""
    marks = [shown.mark(visit, found.at) for visit in found.visits]
    phones = [(row.id, bytes(row.sealed)) for row in found.here]
    told = (present.pharmacy.day(found.at), get_language(), can_sign_off(present.member), held, marks, phones)
    return f'"{hashlib.blake2b(repr(told).encode(), digest_size=12).hexdigest()}"'


def queue(request: HttpRequest, present: Present, say: str = "", *, status: int = DONE, **more: Any) -> HttpResponse:
    return show(request, present, find(present), status=status, say=say, **more)


def show(request: HttpRequest, present: Present, found: Found, *, status: int = DONE, **more: Any) -> HttpResponse:
    return render(request, "desk/_queue.html", context(present, found) | more, status=status)


def quicker(request: HttpRequest, present: Present) -> HttpResponse:
    """Somebody else acted first: nothing was changed."""
    return queue(request, present, _("A colleague was quicker: this is how it stands now"), status=CHANGED)


def context(present: Present, found: Found) -> dict[str, Any]:
    queue = shown.queue(found.visits, by=present, at=found.at)
    return {
        "queue": queue | {"here": shown.here(found.here, by=present)},
        "can_sign_off": can_sign_off(present.member),
    }
