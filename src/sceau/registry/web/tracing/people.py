"""Somebody who is open before an agent: the case's person, or a contact of it. The page is kept nowhere, and its address names nobody.

The touch was for one identity and one purpose; the token that it gave stays in the page and ends with it.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from sceau.core.keyholder.agent_verbs import Agent
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.cases.errors import NotYours
from sceau.registry.cases.follow_up import check_follows
from sceau.registry.cases.models import Case
from sceau.registry.config.keyholder import keyholder
from sceau.registry.contacts import actions
from sceau.registry.contacts.actions import Open
from sceau.registry.contacts.models import Call, Contact, Outcome
from sceau.registry.persons.errors import NotKept
from sceau.registry.persons.opening import kept
from sceau.registry.web.presence import for_agent
from sceau.registry.web.tracing import shown, touches
from sceau.registry.web.tracing.cases import about, found
from sceau.registry.web.tracing.forms import CallForm, ContactForm, PurposeForm
from sceau.registry.web.tracing.touches import NotOpened


@never_cache
@require_POST
@for_agent
def touch(request: HttpRequest, agent: Agent, pk: int, contact: UUID | None = None) -> HttpResponse:
    """The challenge, for this person and the purpose chosen."""
    form = PurposeForm(request.POST)
    try:
        identity = _identity(agent, found(agent, pk), _contact(pk, contact))
    except NotOpened as error:
        return JsonResponse({"why": str(error)}, status=403)
    if not form.is_valid():
        return JsonResponse({"why": _("Say what you open this person for.")}, status=422)
    return touches.asked(request, agent, [identity], purpose=form.cleaned_data["purpose"])


@sensitive_variables()
@sensitive_post_parameters()
@never_cache
@require_POST
@for_agent
def show(request: HttpRequest, agent: Agent, pk: int, contact: UUID | None = None) -> HttpResponse:
    """The person, once: this answer and no other shows them."""
    case, who = found(agent, pk), _contact(pk, contact)
    subject = f"contact:{contact}" if who else f"case:{pk}"
    try:
        identity = _identity(agent, case, who)
        told = touches.opened(request, agent, [identity], purpose=request.POST.get("purpose", ""), subject=subject)
    except NotOpened as error:
        messages.error(request, str(error))
        return redirect("case", pk)
    return render(request, "tracing/person.html", _page(agent, Open(case, told.token, identity), told.people[0], who))


@sensitive_variables()
@sensitive_post_parameters()
@never_cache
@require_POST
@for_agent
def call(request: HttpRequest, agent: Agent, pk: int, contact: UUID | None = None) -> HttpResponse:
    """Notes what came of a call; answers with the calls, for the page on which the person is open."""
    case, who, form = found(agent, pk), _contact(pk, contact), CallForm(request.POST)
    if not form.is_valid():
        return render(request, "tracing/_call_form.html", _place(pk, who) | {"call_form": form}, status=422)
    told = form.cleaned_data
    try:
        opened = Open(case, touches.token(request), _identity(agent, case, who))
        noted = {"note": told["note"], "contact": who, "by": agent.agent, "at": timezone.now()}
        actions.note_call(keyholder(), opened, Outcome(told["outcome"]), **noted)
    except (NotOpened, KeyholderError) as error:
        return _refused(error)
    return render(request, "tracing/_calls.html", {"calls": _calls(opened, who)})


@sensitive_variables()
@sensitive_post_parameters()
@never_cache
@require_POST
@for_agent
def add(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    """Records a contact; answers with the contacts, nobody named."""
    case, form = found(agent, pk), ContactForm(request.POST)
    if not form.is_valid():
        return render(request, "tracing/_contact_form.html", _place(pk, None) | {"contact_form": form}, status=422)
    try:
        opened = Open(case, touches.token(request), _identity(agent, case, None))
        actions.add_contact(keyholder(), opened, form.exposed(), form.exposure(), by=agent.agent, at=timezone.now())
    except (NotOpened, KeyholderError) as error:
        return _refused(error)
    return render(request, "tracing/_contacts.html", about(agent, case))


def _contact(pk: int, contact: UUID | None) -> Contact | None:
    """A contact of this case."""
    return get_object_or_404(Contact, pk=contact, case_id=pk) if contact else None


def _identity(agent: Agent, case: Case, contact: Contact | None) -> SealedAt:
    """Raises `NotOpened` for a case that is not the agent's, or of whom nothing is kept."""
    try:
        check_follows(case, by=agent.agent)
        (identity,) = kept(contact.pk if contact else case.report_id)
    except NotYours:
        raise NotOpened(_("This case is not yours: claim it before you open anybody.")) from None
    except NotKept:
        raise NotOpened(
            _("No identity is kept: consent was refused, it was erased, or this contact is not matched yet.")
        ) from None
    return identity


def _page(agent: Agent, opened: Open, told: dict[str, Any], who: Contact | None) -> dict[str, Any]:
    return {
        **about(agent, opened.case),
        **_place(opened.case.pk, who),
        "person": shown.person(told),
        "calls": _calls(opened, who),
        "token": touches.written(opened.token),
        "seconds": touches.SECONDS,
        "call_form": CallForm(),
        "contact_form": None if who else ContactForm(),
    }


def _place(pk: int, who: Contact | None) -> dict[str, Any]:
    """Whom a form is about."""
    return {"of": pk, "contact": who}


def _calls(opened: Open, who: Contact | None) -> list[dict[str, Any]]:
    calls = list(Call.objects.filter(case=opened.case, contact=who).order_by("at"))
    called = shown.colleagues(one.by for one in calls)
    notes = actions.notes(keyholder(), opened, calls)
    return [shown.call(one, called=called, notes=notes) for one in calls]


def _refused(error: NotOpened | KeyholderError) -> HttpResponse:
    """For the page, in words."""
    told = str(error) if isinstance(error, NotOpened) else touches.why(error)
    return JsonResponse({"why": told}, status=403)
