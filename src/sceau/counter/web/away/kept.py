"""What workstations kept: left at the door without a session, taken in with one, and looked at where a person must say."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from sceau.counter.kept import actions, queries, tickets
from sceau.counter.kept.deposit import Deposit, deposit
from sceau.counter.kept.errors import BadTicket, Full, Settled
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.away.seen import in_order, read
from sceau.counter.web.presence import for_member

NO_TICKET, WRONG, FULL = 403, 422, 429
AT_ONCE = 50


class _Brought(msgspec.Struct, forbid_unknown_fields=True):
    """Entries of one pharmacy (id, day, sealed bytes in base64), with a ticket of a page of it."""

    ticket: str
    entries: Annotated[list[Deposit], msgspec.Meta(max_length=AT_ONCE)]


@csrf_exempt
@login_not_required
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """From a page whose session may be over. A ticket in the body is its only authority, so that no other site can use a cookie."""
    try:
        brought = msgspec.json.decode(request.body, type=_Brought)
        pharmacy = get_object_or_404(Pharmacy, pk=tickets.pharmacy_of(brought.ticket))
        here = deposit(pharmacy, brought.entries, at=timezone.now())
    except BadTicket:
        return HttpResponse(status=NO_TICKET)
    except msgspec.MsgspecError:
        return HttpResponse(status=WRONG)
    except Full:
        return HttpResponse(status=FULL)
    return JsonResponse({"kept": sorted(map(str, here))})


@require_POST
@for_member
def take(request: HttpRequest, present: Present) -> HttpResponse:
    """Takes in what waits, and says how many and what still needs somebody to look."""
    taken = actions.take_in(by=present, at=timezone.now(), read=read)
    return render(request, "away/_news.html", {"taken": taken, "aside": queries.count_aside(present.pharmacy)})


@never_cache
@require_safe
@for_member
def shown(request: HttpRequest, present: Present) -> HttpResponse:
    return render(request, "away/kept.html", {"pharmacy": present.pharmacy, "rows": in_order(present)})


@require_POST
@for_member
def confirm(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    with suppress(Settled):
        actions.confirm(pk, by=present, at=timezone.now(), read=read)
    return redirect("desk_kept")


@require_POST
@for_member
def confirm_all(request: HttpRequest, present: Present) -> HttpResponse:
    """Everything on the page, in its order, so that a test is there before its result."""
    wanted = set(request.POST.getlist("entry"))
    for row in in_order(present):
        if str(row["id"]) in wanted:
            with suppress(Settled):
                actions.confirm(row["id"], by=present, at=timezone.now(), read=read)
    return redirect("desk_kept")


@require_POST
@for_member
def dismiss(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    with suppress(Settled):
        actions.dismiss(pk, by=present, at=timezone.now())
    return redirect("desk_kept")
