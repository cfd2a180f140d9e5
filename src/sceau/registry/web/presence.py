"""Pages for whom the keyholder knows as an agent, or as a member of the authority; the database is not asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from sceau.core.accounts.models import User
from sceau.core.accounts.passkeys import Site
from sceau.core.keyholder.agent_verbs import Agent, WhoIs
from sceau.registry.agents.models import TRACING, Appointment, Role
from sceau.registry.agents.naming import name_of
from sceau.registry.config.keyholder import keyholder

AgentView = Callable[Concatenate[HttpRequest, Agent, ...], HttpResponseBase]


def for_agent(view: AgentView) -> Callable[..., HttpResponseBase]:
    """Gives the view the agent as enrolled; one who is not enrolled yet learns what is missing."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        agent = enrolled(request)
        if agent is not None and agent.role in TRACING:
            return view(request, agent, *args, **kwargs)
        if Appointment.objects.filter(user=user(request), role__in=TRACING).exists():
            return render(request, "tracing/not_enrolled.html", status=403)
        raise PermissionDenied

    return inner


def for_member(view: AgentView) -> Callable[..., HttpResponseBase]:
    """The same for the authority's members."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        agent = enrolled(request)
        if agent is None or agent.role != Role.AUTHORITY:
            raise PermissionDenied
        return view(request, agent, *args, **kwargs)

    return inner


def enrolled(request: HttpRequest) -> Agent | None:
    """As whom the keyholder knows who is signed in; raises `KeyholderError`."""
    found: Agent | None = keyholder().ask(WhoIs(name_of(user(request))))
    return found


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def site(request: HttpRequest) -> Site:
    """This one: Django has checked the host against the allowed ones."""
    return Site(f"{request.scheme}://{request.get_host()}")
