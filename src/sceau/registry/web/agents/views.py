"""The authority's page of agents: whom it appoints, and whose touch is still missing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from sceau.core.accounts.models import open_all
from sceau.core.accounts.recovery import INVITATION
from sceau.core.keyholder.agent_verbs import Agent
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.sealing.signing import fingerprint
from sceau.registry.agents import actions, touching
from sceau.registry.agents.errors import HasAnotherPart, NoPasskey, PasskeyRefused
from sceau.registry.agents.models import Appointment, Role
from sceau.registry.config.keyholder import keyholder
from sceau.registry.web.agents.forms import ROLES, AppointmentForm, PartForm
from sceau.registry.web.presence import for_member, site, user


@never_cache
@require_safe
@for_member
def agents(request: HttpRequest, member: Agent) -> HttpResponse:
    return _page(request, member, AppointmentForm())


@sensitive_post_parameters()
@never_cache
@require_POST
@for_member
def appoint(request: HttpRequest, member: Agent) -> HttpResponse:
    """The sheet with the code is this answer, and no other."""
    form = AppointmentForm(request.POST)
    if not form.is_valid():
        return _page(request, member, form, status=422)
    told = form.cleaned_data
    part = {"role": Role(told["role"]), "departments": told["departments"], "by": member.agent, "at": timezone.now()}
    try:
        code = actions.appoint(email=told["email"], name=told["name"], **part)
    except HasAnotherPart:
        form.add_error("email", _("This address has an account with another part here. Use another address."))
        return _page(request, member, form, status=422)
    if code is None:
        messages.success(request, _("%(name)s has an account already, and brings a passkey now.") % {"name": told["name"]})
        return redirect("agents")
    return render(request, "agents/invitation.html", told | {"code": code, "days": INVITATION.days})


@require_POST
@for_member
def change(request: HttpRequest, member: Agent, pk: int) -> HttpResponse:
    form = PartForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: say a role, and departments as 69 38."))
        return redirect("agents")
    told = form.cleaned_data
    part = {"role": Role(told["role"]), "departments": told["departments"], "by": member.agent, "at": timezone.now()}
    actions.change(_another(member, pk), **part)
    messages.success(request, _("The change waits for the touches of two members."))
    return redirect("agents")


@require_POST
@for_member
def end(request: HttpRequest, member: Agent, pk: int) -> HttpResponse:
    actions.end(_another(member, pk), by=member.agent, at=timezone.now())
    messages.success(request, _("The account opens nothing any more. Two touches now strike the passkey off at the keyholder."))
    return redirect("agents")


@never_cache
@require_POST
@for_member
def touch(request: HttpRequest, member: Agent, pk: int) -> HttpResponse:
    """The challenge for exactly this appointment as it stands."""
    try:
        challenge = actions.challenge(keyholder(), _another(member, pk), member=user(request))
    except NoPasskey:
        return JsonResponse({"why": _("No passkey was brought yet.")}, status=422)
    return JsonResponse(touching.options(site(request), member, challenge))


@require_POST
@for_member
def vouch(request: HttpRequest, member: Agent, pk: int) -> HttpResponse:
    appointment = _another(member, pk)
    try:
        assertion = touching.read(request.POST.get("answer", ""), agent=member.agent)
        done = actions.vouch(keyholder(), appointment, assertion, member=user(request), at=timezone.now())
    except (PasskeyRefused, NoPasskey):
        messages.error(request, _("Nothing was said: your passkey was not touched."))
    except KeyholderError as error:
        if error.refusal not in (Refusal.WRONG, Refusal.NOT_ALLOWED):
            raise
        messages.error(
            request, _("The keyholder does not take these two touches: both members touch again, within five minutes.")
        )
    else:
        messages.success(
            request, _("The keyholder knows it from now on.") if done else _("Now a second member, within five minutes.")
        )
    return redirect("agents")


def _another(member: Agent, pk: int) -> Appointment:
    """Nobody changes their own part."""
    found = Appointment.objects.select_related("user").exclude(user_id=member.agent.partition(":")[2])
    return get_object_or_404(found, pk=pk)


def _page(request: HttpRequest, member: Agent, form: AppointmentForm, *, status: int = 200) -> HttpResponse:
    found = list(Appointment.objects.select_related("user").prefetch_related("words").order_by("user_id"))
    open_all(one.user for one in found)
    rows = [_row(one, member) for one in found]
    return render(request, "agents/agents.html", {"rows": rows, "form": form, "part": PartForm()}, status=status)


def _row(one: Appointment, member: Agent) -> dict[str, Any]:
    since = timezone.now() - actions.TOGETHER
    return {
        "pk": one.pk,
        "name": one.user.name,
        "me": f"user:{one.pk}" == member.agent,
        "role": one.role,
        "role_label": ROLES[Role(one.role)],
        "departments": one.departments,
        "fingerprint": fingerprint(bytes(one.public_key)) if one.public_key is not None else "",
        "enrolled_at": one.enrolled_at,
        "touches": sum(word.at > since for word in one.words.all()),
    }
