"""People who checked in by phone, at the desk: verified with one key, dismissed, or called back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from msgspec.structs import asdict

from sceau.counter.checkins import actions
from sceau.counter.checkins.answers import Answers
from sceau.counter.checkins.errors import Settled
from sceau.counter.checkins.models import CheckIn, CheckInState
from sceau.counter.checkins.unseal import open_answers
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.desk import answers
from sceau.counter.web.desk.forms import PatientForm
from sceau.counter.web.desk.people import take_in
from sceau.counter.web.presence import for_member


@require_POST
@for_member
def verify(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    """The person is who they told: takes them in. What they told wrongly comes up in the form, to be put right."""
    row = get_object_or_404(CheckIn, pk=pk, pharmacy=present.pharmacy)
    if row.state != CheckInState.HERE:
        return answers.quicker(request, present)
    told = open_answers(row, present.keys) or Answers()
    form = PatientForm(asdict(told), today=present.pharmacy.day(timezone.now()))
    if not form.is_valid():
        return render(request, "desk/_new.html", {"form": form, "checkin": pk}, status=answers.WRONG)
    return take_in(request, present, form.draft(), checkin=pk)


@require_POST
@for_member
def dismiss(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    answer = _moved(request, present, pk, CheckInState.DISMISSED, _("Removed from the queue. Ctrl+Z brings them back."))
    answer.headers["X-Undo"] = "return"
    return answer


@require_POST
@for_member
def call_back(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    return _moved(request, present, pk, CheckInState.HERE, _("Back in the queue"))


def _moved(request: HttpRequest, present: Present, pk: UUID, state: CheckInState, said: str) -> HttpResponse:
    try:
        actions.settle(pk, state, by=present, at=timezone.now())
    except Settled:
        return answers.quicker(request, present)
    return answers.queue(request, present, said)
