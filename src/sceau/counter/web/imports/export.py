"""The pharmacy's own copies as a file, for whoever has to keep or move them. Streamed, and never left behind."""

from collections.abc import Iterator
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.report.csv import write
from sceau.core.report.model import ScreeningReport
from sceau.counter.pharmacies.policies import can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy
from sceau.counter.web.presence import for_member

_CHUNK = 500


class DaysForm(forms.Form):
    first = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


@never_cache
@require_safe
@for_member
def choose(request: HttpRequest, present: Present) -> HttpResponse:
    today = present.pharmacy.day(timezone.now())
    form = DaysForm(initial={"first": today - timedelta(days=7), "last": today})
    return render(request, "imports/export.html", {"pharmacy": present.pharmacy, "form": form})


@never_cache
@require_safe
@for_member
def export(request: HttpRequest, present: Present) -> HttpResponseBase:
    form = DaysForm(request.GET)
    if not can_sign_off(present.member):
        return render(request, "imports/export.html", {"pharmacy": present.pharmacy, "form": form, "refused": True}, status=403)
    if not form.is_valid():
        return render(request, "imports/export.html", {"pharmacy": present.pharmacy, "form": form}, status=422)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    pharmacy = present.pharmacy.id
    record(Event.EXPORTED, by=f"user:{present.member.user_id}", subject=f"pharmacy:{pharmacy}", at=timezone.now())
    lines = (line.encode() for line in write(_reports(present, first, last)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="sceau-{first}-{last}.csv"'
    return answer


def _reports(present: Present, first: date, last: date) -> Iterator[ScreeningReport]:
    """Those of the days that still open, in the order in which they were recorded."""
    rows = Screening.objects.filter(pharmacy=present.pharmacy, day__range=(first, last)).order_by("recorded_at", "position")
    for row in rows.iterator(_CHUNK):
        if present.keys.opens(row.day):
            yield open_copy(row, present.keys)
