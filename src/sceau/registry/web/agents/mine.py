"""The passkey that an agent, or a member of the authority, brings. It opens nothing until two members have enrolled it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from sceau.core.accounts import slots
from sceau.core.sealing.signing import fingerprint
from sceau.registry.agents import actions, touching
from sceau.registry.agents.errors import PasskeyRefused
from sceau.registry.agents.models import Appointment, Role
from sceau.registry.web.agents.forms import ROLES
from sceau.registry.web.presence import site, user

_STATE = "agent_passkey"


@never_cache
@require_safe
def passkey(request: HttpRequest) -> HttpResponse:
    one = _mine(request)
    shown = fingerprint(bytes(one.public_key)) if one.public_key is not None else ""
    page = {"appointment": one, "role": ROLES[Role(one.role)], "fingerprint": shown}
    return render(request, "agents/passkey.html", page)


@sensitive_post_parameters("password")
@never_cache
@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What to make a passkey with, for whoever types the password."""
    _mine(request)
    if slots.vouch(user(request), request.POST.get("password", "")) is None:
        return JsonResponse({"why": _("This is not your present password.")}, status=400)
    asked = touching.ask_new(site(request), user(request))
    request.session[_STATE] = asked.state
    return JsonResponse(asked.options)


@sensitive_post_parameters("password")
@never_cache
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    state = request.session.pop(_STATE, {})
    try:
        credential = touching.made(site(request), request.POST.get("answer", ""), state=state)
    except PasskeyRefused:
        return JsonResponse(
            {"why": _("This passkey was not taken, or took too long. Try again, or use another one.")}, status=400
        )
    actions.bring(_mine(request), credential, at=timezone.now())
    return JsonResponse({"next": resolve_url("agent_passkey")})


def _mine(request: HttpRequest) -> Appointment:
    """Not there for whom nobody has appointed."""
    return get_object_or_404(Appointment.objects.select_related("user"), user=user(request))
