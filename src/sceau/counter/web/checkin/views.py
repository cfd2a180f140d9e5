"""Checking in by phone: the one page of the counter that a patient sees. What it takes is sealed, in the phone or on arrival."""

import base64
import binascii
import secrets
from uuid import UUID, uuid4

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sceau.counter.checkins import actions
from sceau.counter.checkins.errors import Full, Settled
from sceau.counter.pharmacies.models import BoxKey, Pharmacy
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.checkin.forms import CheckInForm
from sceau.counter.web.presence import for_member

TAKEN, WRONG, SETTLED, FULL = 200, 422, 409, 429


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def checkin(request: HttpRequest, pharmacy: UUID) -> HttpResponse:
    place = get_object_or_404(Pharmacy, pk=pharmacy)
    if request.method != "POST":
        return _form(request, place, CheckInForm(today=place.day(timezone.now())))
    return _sealed(request, place) if "sealed" in request.POST else _in_clear(request, place)


@never_cache
@require_safe
@for_member
def poster(request: HttpRequest, present: Present) -> HttpResponse:
    """To be printed, once."""
    address = request.build_absolute_uri(reverse("checkin", args=[present.pharmacy.id]))
    code = segno.make(address, error="q").svg_data_uri(scale=10, border=2)
    return render(request, "checkin/poster.html", {"pharmacy": present.pharmacy, "address": address, "code": code})


def _sealed(request: HttpRequest, place: Pharmacy) -> HttpResponse:
    """From a phone that sealed: nothing of it can be read here."""
    try:
        number, secret, sealed = UUID(request.POST["id"]), _bytes(request, "secret"), _bytes(request, "sealed")
        actions.arrive(place, number, secret, sealed, at=timezone.now())
    except (KeyError, ValueError):
        return HttpResponse(status=WRONG)
    except Settled:
        return HttpResponse(status=SETTLED)
    except Full:
        return HttpResponse(status=FULL)
    return HttpResponse(status=TAKEN)


def _in_clear(request: HttpRequest, place: Pharmacy) -> HttpResponse:
    """From a phone that cannot seal: looked at, sealed, and only then written."""
    now, number = timezone.now(), uuid4()
    form = CheckInForm(request.POST, today=place.day(now))
    if not form.is_valid():
        return _form(request, place, form, status=WRONG)
    try:
        sealed = actions.seal_here(place, number, form.answers(), at=now)
        actions.arrive(place, number, secrets.token_bytes(32), sealed, at=now, sealed_here=True)
    except Full:
        return render(request, "checkin/full.html", {"pharmacy": place}, status=FULL)
    return render(request, "checkin/done.html", {"pharmacy": place})


def _form(request: HttpRequest, place: Pharmacy, form: CheckInForm, *, status: int = 200) -> HttpResponse:
    day = place.day(timezone.now())
    box = BoxKey.objects.filter(pharmacy=place, day=day).first()
    public = base64.b64encode(bytes(box.public)).decode() if box else ""
    page = {"pharmacy": place, "form": form, "day": day, "public": public}
    return render(request, "checkin/checkin.html", page, status=status)


def _bytes(request: HttpRequest, name: str) -> bytes:
    """Raises `ValueError`, `KeyError`."""
    try:
        return base64.b64decode(request.POST[name], validate=True)
    except binascii.Error:
        raise ValueError(name) from None
