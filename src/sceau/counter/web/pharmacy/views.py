"""The owner's page of the pharmacy itself: its key at the registry, and the workstations that import by themselves."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from sceau.counter.kits import controls
from sceau.counter.pharmacies import enrolment, workstations
from sceau.counter.pharmacies.models import ControlRule, Enrolment
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.relay.queries import waiting_for_key
from sceau.counter.web.keys import shown
from sceau.counter.web.pharmacy.forms import ControlsForm, WorkstationForm
from sceau.counter.web.presence import for_owner


@never_cache
@require_safe
@for_owner
def pharmacy(request: HttpRequest, present: Present) -> HttpResponse:
    return _page(request, present, WorkstationForm())


@require_POST
@for_owner
def look(request: HttpRequest, present: Present) -> HttpResponse:
    """Asks the registry now instead of in a while."""
    enrolment.look(present.pharmacy, at=timezone.now())
    messages.success(request, _("The registry is being asked."))
    return redirect("pharmacy")


@require_POST
@for_owner
def ask(request: HttpRequest, present: Present) -> HttpResponse:
    """The same key once more, after a refusal by mistake or another request in between."""
    enrolment.ask(present.pharmacy, present.keys, at=timezone.now())
    messages.success(request, _("The registry is asked to enrol this key: confirm it there."))
    return redirect("pharmacy")


@require_POST
@for_owner
def ask_controls(request: HttpRequest, present: Present) -> HttpResponse:
    form = ControlsForm(request.POST)
    if form.is_valid():
        rule = ControlRule(form.cleaned_data["controls"])
        controls.ask(present.pharmacy, rule, by=present.member, at=timezone.now())
        messages.success(request, _("Noted: the counter shows it beside the kit in hand."))
    return redirect("pharmacy")


@sensitive_post_parameters()
@never_cache
@require_POST
@for_owner
def add_workstation(request: HttpRequest, present: Present) -> HttpResponse:
    """The credential's file is in this answer, and in no other."""
    form = WorkstationForm(request.POST)
    text = _credential(form, present) if form.is_valid() else None
    if text is None:
        return _page(request, present, form, status=422)
    name = form.cleaned_data["name"]
    page = {"pharmacy": present.pharmacy, "name": name, "text": text, "file": f"sceau-{slugify(name) or 'workstation'}.json"}
    return render(request, "pharmacy/credential.html", page)


@require_POST
@for_owner
def end_workstation(request: HttpRequest, present: Present, slot: UUID) -> HttpResponse:
    workstations.end(get_object_or_404(workstations.of(present.pharmacy), pk=slot), by=present.member, at=timezone.now())
    messages.success(request, _("The workstation opens nothing any more, and imports nothing."))
    return redirect("pharmacy")


def _credential(form: WorkstationForm, present: Present) -> str | None:
    if (vouched := form.vouched(present.member.user)) is None:
        return None
    told = {"name": form.cleaned_data["name"], "sponsor": vouched.owned.sponsor, "at": timezone.now()}
    return workstations.add(present.member, vouched.opened, **told)


def _page(request: HttpRequest, present: Present, form: WorkstationForm, *, status: int = 200) -> HttpResponse:
    key = shown(Enrolment.objects.filter(pharmacy=present.pharmacy).first())
    page = {
        "pharmacy": present.pharmacy,
        "key": key,
        "waiting": waiting_for_key(present.pharmacy),
        "controls": ControlsForm(initial={"controls": present.pharmacy.controls}),
        "workstations": workstations.named(list(workstations.of(present.pharmacy))),
        "form": form,
    }
    return render(request, "pharmacy/pharmacy.html", page, status=status)
