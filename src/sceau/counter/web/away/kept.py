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
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sceau.counter.kept import actions, queries, tickets
from sceau.counter.kept.deposit import Deposit, deposit
from sceau.counter.kept.errors import Aside, BadTicket, Full, Settled
from sceau.counter.kept.unseal import open_entry
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.away import seen
from sceau.counter.web.away.forms import FoundForm, StartedForm, mending
from sceau.counter.web.away.seen import in_order, read, visit_of, why
from sceau.counter.web.presence import for_member

DONE, NO_TICKET, WRONG, FULL = 200, 403, 422, 429
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
    """As it is; what still cannot be taken in is shown by itself, to be put right."""
    with suppress(Settled):
        if actions.confirm(pk, by=present, at=timezone.now(), read=read):
            return redirect("desk_mend", pk=pk)
    return redirect("desk_kept")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_member
def mend(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    """One entry with what is wrong in it, and a form to put it right; a result that a colleague gave meanwhile is shown beside it."""
    try:
        row = actions.held(pk, by=present)
        content = open_entry(row, present.keys)
    except (Settled, Aside):
        return redirect("desk_kept")
    visit = visit_of(content, present)
    form = mending(content, row, visit, request.POST if request.method == "POST" else None)
    if form is not None and form.is_valid() and _recorded(pk, form, present):
        return redirect("desk_kept")
    page = {"pharmacy": present.pharmacy, "row": seen.one(row, content, present), "form": form, "visit": visit}
    status = WRONG if form is not None and form.errors else DONE
    return render(request, "away/mend.html", page | {"stands": seen.stands(visit, present)}, status=status)


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


def _recorded(entry: UUID, form: StartedForm | FoundForm, present: Present) -> bool:
    """Whether it is settled, by this form or by a colleague meanwhile; if not, the form says why."""
    with suppress(Settled):
        reason = actions.confirm(entry, by=present, at=timezone.now(), read=read, mended=form.mended())
        if reason:
            form.add_error(None, why(reason))
            return False
    return True
