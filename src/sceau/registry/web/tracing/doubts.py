"""Doubts about who is who: two identities that may be one person's, side by side, for an agent who touched for both."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from sceau.core.keyholder.agent_verbs import Agent
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.config.keyholder import keyholder
from sceau.registry.contacts import settling
from sceau.registry.persons.errors import Decided, NotKept
from sceau.registry.persons.models import Doubt, DoubtState
from sceau.registry.persons.opening import kept
from sceau.registry.persons.queue import waiting
from sceau.registry.web.presence import for_agent
from sceau.registry.web.tracing import shown, touches
from sceau.registry.web.tracing.touches import NotOpened

_MOST, _LAST = 50, 10
PURPOSE = "settle"


@never_cache
@require_safe
@for_agent
def doubts(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = settling.doubts_in(agent.departments)
    queue = waiting(found, at=timezone.now())
    page = {
        "doubts": found.filter(state=DoubtState.OPEN)[:_MOST],
        "count": queue.still,
        "queue": queue,
        "settled": settling.settled(agent.departments)[:_LAST],
    }
    return render(request, "tracing/doubts.html", page)


@never_cache
@require_POST
@for_agent
def touch(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    try:
        return touches.asked(request, agent, _pair(_found(agent, pk)), purpose=PURPOSE)
    except NotOpened as error:
        return JsonResponse({"why": str(error)}, status=403)


@sensitive_variables()
@sensitive_post_parameters()
@never_cache
@require_POST
@for_agent
def show(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    """Both, once."""
    doubt = _found(agent, pk)
    try:
        opened = touches.opened(request, agent, _pair(doubt), purpose=PURPOSE, subject=f"doubt:{pk}")
    except NotOpened as error:
        messages.error(request, str(error))
        return redirect("doubts")
    page = {"doubt": doubt, "lines": shown.side_by_side(*opened.people), "token": touches.written(opened.token)}
    return render(request, "tracing/doubt.html", page | {"seconds": touches.SECONDS})


@sensitive_post_parameters()
@require_POST
@for_agent
def settle(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    doubt, same = _found(agent, pk), request.POST.get("same") == "yes"
    token, at = touches.token(request), timezone.now()
    try:
        settling.settle(keyholder(), doubt, _pair(doubt), same=same, token=token, by=agent.agent, at=at)
        messages.success(request, _("They are one person from now on.") if same else _("They stay two persons."))
    except Decided:
        messages.error(request, _("A colleague settled this doubt meanwhile, or it is over: nothing was changed."))
    except KeyholderError as error:
        messages.error(request, touches.why(error))
    except NotOpened as error:
        messages.error(request, str(error))
    return redirect("doubts")


@require_POST
@for_agent
def undo(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    try:
        settling.undo(_found(agent, pk), by=agent.agent, at=timezone.now())
        messages.success(request, _("The doubt is open again; who was merged is two persons again."))
    except Decided:
        messages.error(request, _("Nothing was said of this doubt yet: nothing was changed."))
    return redirect("doubts")


def _found(agent: Agent, pk: int) -> Doubt:
    """A doubt of which both sides are of the agent's territory; another is not there."""
    return get_object_or_404(settling.doubts_in(agent.departments), pk=pk)


def _pair(doubt: Doubt) -> list[SealedAt]:
    try:
        return kept(doubt.report_id, doubt.other_id)
    except NotKept:
        raise NotOpened(_("One of the two is not kept any more: there is nothing left to settle.")) from None
