"""The counter screen: one page, one box to type in, and the queue. Names travel in the bodies of requests, never in an address."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.core.codes.snomed import Result
from sceau.core.report.errors import ReportError
from sceau.core.report.model import Consent
from sceau.counter.kits import queries as kits
from sceau.counter.pharmacies.policies import NotAllowed, can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.relay import queries as relay
from sceau.counter.screenings.errors import AlreadySent
from sceau.counter.visits import actions
from sceau.counter.visits.errors import Moved, NoKit, ResultsMissing
from sceau.counter.web.away import told
from sceau.counter.web.desk import answers, shown
from sceau.counter.web.desk.forms import KitForm, PatientForm
from sceau.counter.web.keys import banner
from sceau.counter.web.presence import for_member

RESULTS = {"+": Result.DETECTED, "-": Result.NOT_DETECTED, "?": Result.INCONCLUSIVE}


@never_cache
@require_safe
@for_member
def desk(request: HttpRequest, present: Present) -> HttpResponse:
    pharmacy, today = present.pharmacy, present.pharmacy.day(timezone.now())
    page = {
        "pharmacy": pharmacy,
        "in_hand": shown.kit(kits.in_hand(pharmacy), pharmacy, today),
        "kits": list(pharmacy.kits.order_by("name")),
        "signs_off": can_sign_off(present.member),
        "form": PatientForm(today=today),
        "kit_form": KitForm(),
        "held": relay.held(pharmacy),
        "key": banner(pharmacy),
        "away": told.settings(present, at=timezone.now()),
        **answers.context(present, answers.find(present)),
    }
    return render(request, "desk/desk.html", page)


@never_cache
@require_safe
@for_member
def queue(request: HttpRequest, present: Present) -> HttpResponse:
    """The queue alone, for the page that follows it; when nothing changed, nothing, and nobody's draft was opened."""
    found, held = answers.find(present), relay.held(present.pharmacy)
    tag = answers.tag(found, held, present)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    answer = answers.show(request, present, found, held=held)
    answer.headers["ETag"] = tag
    return answer


@require_POST
@for_member
def start(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    kit = kits.in_hand(present.pharmacy)
    return _act(request, present, lambda: actions.start(pk, kit, by=present, at=timezone.now()), _("Test started"))


@require_POST
@for_member
def consent(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    told = Consent.GIVEN if request.POST.get("agrees") == "yes" else Consent.REFUSED
    return _act(request, present, lambda: actions.note_consent(pk, told, by=present), _("Answer noted"))


@require_POST
@for_member
def result(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    found = [RESULTS[key] for key in request.POST.get("found", "") if key in RESULTS]
    said = _("Result recorded: it leaves in a few seconds. Ctrl+Z takes it back.")
    return _act(request, present, lambda: actions.finish(pk, found, by=present, at=timezone.now()), said)


@require_POST
@for_member
def undo(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    return _act(
        request, present, lambda: actions.take_back(pk, by=present, at=timezone.now()), _("Taken back: give the result again")
    )


@require_POST
@for_member
def leave(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    answer = _act(request, present, lambda: actions.leave(pk, by=present), _("Removed from the queue. Ctrl+Z brings them back."))
    answer.headers["X-Undo"] = "return"
    return answer


@require_POST
@for_member
def come_back(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    return _act(request, present, lambda: actions.come_back(pk, by=present), _("Back in the queue"))


def _act(request: HttpRequest, present: Present, act: Callable[[], object], said: str) -> HttpResponse:
    """Does it, and shows the queue after it; a refusal changes nothing and says why."""
    try:
        act()
    except Moved:
        return answers.quicker(request, present)
    except AlreadySent:
        why = _("It has left already: open it to correct or cancel it")
        return answers.queue(request, present, why, status=answers.CHANGED)
    except NoKit:
        why = _("No kit in hand, or it has expired or failed its control: scan a box or choose a kit, then start again")
        return answers.queue(request, present, why, status=answers.WRONG)
    except ResultsMissing:
        return answers.queue(request, present, _("Give one result for each part of the test"), status=answers.WRONG)
    except NotAllowed:
        return answers.queue(request, present, _("A pharmacist gives the result"), status=403)
    except ReportError as error:
        return answers.queue(
            request, present, error.problems[0].text("fr" if get_language() == "fr" else "en"), status=answers.WRONG
        )
    return answers.queue(request, present, said)
