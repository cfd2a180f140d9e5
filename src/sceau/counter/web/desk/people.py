"""Finding somebody known, and taking somebody new in."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sceau.core.web.fields import written_date
from sceau.counter.checkins import actions as checkins
from sceau.counter.checkins.errors import Settled
from sceau.counter.checkins.models import CheckInState
from sceau.counter.kits import queries as kits
from sceau.counter.patients import memory
from sceau.counter.patients.directory import Person
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.visits import actions
from sceau.counter.visits.draft import Draft
from sceau.counter.visits.errors import Known, NoKit
from sceau.counter.web.desk import answers, shown
from sceau.counter.web.desk.forms import PatientForm, unasked
from sceau.counter.web.presence import for_member


@require_POST
@for_member
def prepare(request: HttpRequest, present: Present) -> HttpResponse:
    """The page has just been opened: the directory is ready when the first letters come."""
    memory.prepare(present.pharmacy, present.keys)
    return HttpResponse(status=204)


@require_POST
@for_member
def search(request: HttpRequest, present: Present) -> HttpResponse:
    """The people whom a few letters may mean, and somebody new by that name."""
    query = request.POST.get("q", "")[:100]
    found = memory.directory(present.pharmacy, present.keys).search(query)
    return _people(request, present, found, query)


@require_POST
@for_member
def alike(request: HttpRequest, present: Present) -> HttpResponse:
    """Who may be the person being typed in; twins are offered like others, and nobody is merged."""
    told = request.POST
    born = written_date(told.get("born", ""))
    known = memory.directory(present.pharmacy, present.keys)
    return _people(request, present, known.alike(told.get("family", ""), told.get("given", ""), born), "")


@require_POST
@for_member
def again(request: HttpRequest, present: Present) -> HttpResponse:
    """A test of somebody known, as their last card says."""
    card = _number(request.POST.get("card"))
    person = memory.directory(present.pharmacy, present.keys).person(card) if card else None
    if person is None:
        return answers.queue(request, present, _("No longer known here: search again"), status=answers.CHANGED)
    return take_in(request, present, Draft(patient=person.patient, consent=unasked(present.pharmacy.day(timezone.now()))))


@require_POST
@for_member
def new(request: HttpRequest, present: Present) -> HttpResponse:
    """Somebody new; the form comes back with what is wrong beside each field."""
    today = present.pharmacy.day(timezone.now())
    form = PatientForm(request.POST, today=today)
    checkin = _number(request.POST.get("checkin"))
    if not form.is_valid():
        return render(request, "desk/_new.html", {"form": form, "checkin": checkin}, status=answers.WRONG)
    return take_in(request, present, form.draft(), checkin=checkin, number=_number(request.POST.get("visit")))


def take_in(
    request: HttpRequest, present: Present, draft: Draft, *, checkin: UUID | None = None, number: UUID | None = None
) -> HttpResponse:
    """Starts at once with the kit in hand; without one, waits. Whoever checked in by phone is verified with it. Asked again with the
    same `number`, nothing more happens.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            if checkin:
                checkins.settle(checkin, CheckInState.VERIFIED, by=present, at=now)
            visit = actions.add(draft, by=present, at=now, number=number)
    except Settled:
        return answers.quicker(request, present)
    except Known:
        return answers.queue(request, present, _("Started already"), current=number)
    try:
        actions.start(visit.id, kits.in_hand(present.pharmacy), by=present, at=now)
    except NoKit:
        said = _("Waiting: scan a kit's box or choose a kit, then start the test")
        return answers.queue(request, present, said, current=visit.id)
    return answers.queue(request, present, _("Test started"), current=visit.id)


def _number(written: str | None) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        return None


def _people(request: HttpRequest, present: Present, found: list[Person], query: str) -> HttpResponse:
    today = present.pharmacy.day(timezone.now())
    people = [shown.person(one, today) for one in found]
    return render(request, "desk/_found.html", {"people": people, "query": query.strip()})
