"""An agent's list of cases, and one of them while nobody is open: no name is near these pages."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.core.keyholder.agent_verbs import Agent
from sceau.registry.cases import follow_up
from sceau.registry.cases.errors import AlreadyClaimed, NotYours
from sceau.registry.cases.models import Case
from sceau.registry.cases.queries import to_follow, told_of, within
from sceau.registry.contacts.models import Contact
from sceau.registry.results.duplicates import repeats
from sceau.registry.web.presence import for_agent
from sceau.registry.web.tracing import shown
from sceau.registry.web.tracing.forms import FilterForm, PurposeForm

A_PAGE = 50


@never_cache
@require_safe
@for_agent
def cases(request: HttpRequest, agent: Agent) -> HttpResponse:
    form = FilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_chosen(agent, chosen), A_PAGE).get_page(request.GET.get("page"))
    told = {"rows": _rows(page, agent), "page": page, "form": form, "agent": agent, "filtered": any(chosen.values())}
    return render(request, "tracing/cases.html", told)


@never_cache
@require_safe
@for_agent
def case(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    return case_page(request, agent, found(agent, pk))


@require_POST
@for_agent
def claim(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    one = found(agent, pk)
    try:
        follow_up.claim(one, by=agent.agent, at=timezone.now())
    except AlreadyClaimed as error:
        called = shown.colleagues([error.by])
        messages.error(request, _("%(name)s follows this case up already.") % {"name": called.get(error.by) or _("A colleague")})
    return redirect("case", pk)


@require_POST
@for_agent
def release(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    try:
        follow_up.release(found(agent, pk), by=agent.agent, at=timezone.now())
        messages.success(request, _("The case is free again."))
    except NotYours:
        messages.error(request, _("This case is not yours: nothing was changed."))
    return redirect("cases")


@require_POST
@for_agent
def finish(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    try:
        follow_up.finish(found(agent, pk), by=agent.agent, at=timezone.now())
        messages.success(request, _("The follow-up of case %(number)s is done.") % {"number": pk})
    except NotYours:
        messages.error(request, _("This case is not yours: nothing was changed."))
    return redirect("cases")


def found(agent: Agent, pk: int) -> Case:
    """A case of the agent's territory; another is not there."""
    return get_object_or_404(told_of(within(agent.departments)), pk=pk)


def case_page(request: HttpRequest, agent: Agent, one: Case, *, status: int = 200) -> HttpResponse:
    """With nobody open."""
    page = about(agent, one) | {"purposes": PurposeForm()}
    return render(request, "tracing/case.html", page, status=status)


def about(agent: Agent, one: Case) -> dict[str, Any]:
    """What is shown of a case, open or not."""
    contacts = list(one.contacts.order_by("recorded_at").prefetch_related("calls"))
    calls = [each for each in one.calls.order_by("at") if each.contact_id is None]
    called = shown.colleagues([one.claimed_by, *(each.by for each in calls)])
    rows = [shown.contact(each, nth) for nth, each in enumerate(contacts, 1)]
    return {
        "case": shown.case(one, agent=agent, at=timezone.now(), called=called),
        "calls": [shown.call(each, called=called, notes={}) for each in calls],
        "contacts": rows,
        "repeats": repeats(one.report_id),
        "came_from": list(Contact.objects.filter(became=one).values_list("case_id", flat=True)),
    }


def _chosen(agent: Agent, chosen: dict[str, str]) -> QuerySet[Case]:
    whose = {
        "": Q(claimed_by=None) | Q(claimed_by=agent.agent),
        "free": Q(claimed_by=None),
        "mine": Q(claimed_by=agent.agent),
        "all": Q(),
    }
    rows = to_follow(agent.departments).filter(whose[chosen.get("whose", "")])
    return rows.filter(disease=chosen["disease"]) if chosen.get("disease") else rows


def _rows(page: Page[Case], agent: Agent) -> list[dict[str, Any]]:
    rows = list(page.object_list)
    called = shown.colleagues([one.claimed_by for one in rows])
    return [shown.case(one, agent=agent, at=timezone.now(), called=called) for one in rows]
