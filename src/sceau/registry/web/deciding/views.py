"""The authority's pages: what waits, what was shown, and the decision with its reason. No person on any of them but who publishes.

A decision is the touch of an officer's passkey, for exactly this product, scope and reason: the keyholder checks it, not these pages.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.core import mail
from sceau.core.accounts.models import User, open_all
from sceau.core.keyholder.agent_verbs import Agent
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.registry.agents import touching
from sceau.registry.agents.errors import PasskeyRefused
from sceau.registry.agents.models import Role
from sceau.registry.approvals import actions, keys, machine, suspicions, telling
from sceau.registry.approvals.enums import Act, Actor, ApprovalState, Format
from sceau.registry.approvals.errors import NotNow
from sceau.registry.approvals.models import Software, Suspicion
from sceau.registry.web.confined import account, for_authority
from sceau.registry.web.deciding.forms import DecisionForm, QuotaForm, ScopeForm
from sceau.registry.web.presence import enrolled, for_member, site
from sceau.registry.web.scenarios import shown
from sceau.registry.web.software.history import history
from sceau.registry.web.words import look, scope_label

_ACTS = {Act.REFUSE, Act.SUSPEND, Act.WITHDRAW}
_TOUCHED: dict[str, type[Form]] = {"quota": QuotaForm, Act.APPROVE: ScopeForm, **dict.fromkeys(_ACTS, DecisionForm)}


@never_cache
@require_safe
@for_authority
def approvals(request: HttpRequest) -> HttpResponse:
    found = Software.objects.select_related("publisher").exclude(state=ApprovalState.DRAFT).order_by("since")
    rows = [(one.state == ApprovalState.SUBMITTED, {"software": one, "look": look(one.state)}) for one in found]
    listed = {"waiting": [row for waits, row in rows if waits], "others": [row for waits, row in rows if not waits]}
    return render(request, "deciding/approvals.html", listed | {"suspicions": suspicions.open_reports()})


@never_cache
@require_safe
@for_authority
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _shown(pk))


@never_cache
@require_POST
@for_authority
@for_member
def touch(request: HttpRequest, member: Agent, pk: UUID, act: str) -> HttpResponse:
    """What the officer's passkey is to sign: this decision, with this scope and this reason."""
    if act not in _TOUCHED:
        raise Http404
    software = _shown(pk)
    form = _scope_form(software, request.POST) if act == Act.APPROVE else _TOUCHED[act](request.POST)
    if not form.is_valid():
        return JsonResponse({"why": _incomplete(form)}, status=422)
    try:
        wanted = _wanted(software, act, form)
    except NotNow:
        return JsonResponse({"why": _too_late()}, status=422)
    told = {"reason": form.cleaned_data.get("reason", ""), "member": member.agent, "at": timezone.now()}
    challenge = telling.challenge(wanted, **told, taken=form.taking if isinstance(form, ScopeForm) else ())
    return JsonResponse(touching.options(site(request), member, challenge))


@require_POST
@for_authority
@for_member
def approve(request: HttpRequest, member: Agent, pk: UUID) -> HttpResponse:
    software = _shown(pk)
    form = _scope_form(software, request.POST)
    if not form.is_valid():
        return _page(request, software, form, status=422)
    told = {"scope": form.scope, "reason": form.cleaned_data["reason"], "taking": form.taking}
    if _done(request, member, partial(actions.approve, software, authority=account(request).of, **told)):
        messages.success(request, _("It is approved within this scope, from now on."))
    return redirect("approval", pk=pk)


@require_POST
@for_authority
@for_member
def limit(request: HttpRequest, member: Agent, pk: UUID) -> HttpResponse:
    software, form = _shown(pk), QuotaForm(request.POST)
    if not form.is_valid():
        return _page(request, software, quota=form, status=422)
    if _done(request, member, partial(actions.limit, software, quota=form.quota)):
        messages.success(request, _("This is what it may send, from the next call on."))
    return redirect("approval", pk=pk)


def decide(request: HttpRequest, pk: UUID, act: str) -> HttpResponseBase:
    """Refuses, suspends or withdraws."""
    return _decide(request, pk=pk) if act in _ACTS else _not_there()


@require_POST
@for_authority
def close_suspicion(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Suspicion, pk=pk, closed_at__isnull=True)
    suspicions.close(row, by=f"user:{request.user.pk}", at=timezone.now())
    messages.success(request, _("The report is closed; what it said is not kept."))
    return redirect("approvals")


@require_POST
@for_authority
@for_member
def _decide(request: HttpRequest, member: Agent, pk: UUID) -> HttpResponse:
    assert request.resolver_match
    software, form, act = _shown(pk), DecisionForm(request.POST), Act(request.resolver_match.kwargs["act"])
    if not form.is_valid():
        messages.error(request, _no_reason())
        return redirect("approval", pk=pk)
    told = {"act": act, "reason": form.cleaned_data["reason"]}
    if _done(request, member, partial(actions.decide, software, authority=account(request).of, **told)):
        messages.success(request, _("Done, from the next request on."))
    return redirect("approval", pk=pk)


def _done(request: HttpRequest, member: Agent, act: Callable[..., None]) -> bool:
    """Whether it was decided, with the touch that came along; else the officer learns why not."""
    try:
        touched = touching.read(request.POST.get("answer", ""), agent=member.agent)
        act(by=f"user:{request.user.pk}", at=timezone.now(), touch=touched)
    except NotNow:
        messages.error(request, _too_late())
    except PasskeyRefused:
        messages.error(request, _("Nothing was decided: your passkey was not touched."))
    except KeyholderError as error:
        if error.refusal not in (Refusal.WRONG, Refusal.NOT_ALLOWED):
            raise
        messages.error(request, _("Nothing was decided: this touch was for something else, or too old. Touch again."))
    else:
        return True
    return False


def _wanted(software: Software, act: str, form: Form) -> Software:
    """How the product shall stand by this form. Raises `NotNow`."""
    if isinstance(form, QuotaForm):
        return telling.limited(software, form.quota)
    return telling.decided(software, Act(act), form.scope if isinstance(form, ScopeForm) else None)


def _incomplete(form: Form) -> str:
    """What is wrong, field by field."""
    if set(form.errors) == {"reason"}:
        return _no_reason()
    return " ".join(f"{form[name].label}: {' '.join(map(str, told))}" for name, told in form.errors.items())


def _no_reason() -> str:
    return _("Give a reason: everybody can read it, the publisher first.")


def _not_there() -> HttpResponse:
    raise Http404


def _shown(pk: UUID) -> Software:
    """What a publisher has not shown yet is nobody else's."""
    return get_object_or_404(Software.objects.select_related("publisher").exclude(state=ApprovalState.DRAFT), pk=pk)


def _page(
    request: HttpRequest, software: Software, form: ScopeForm | None = None, *, quota: QuotaForm | None = None, status: int = 200
) -> HttpResponse:
    offered = machine.offered(ApprovalState(software.state), actor=Actor.AUTHORITY)
    people = [one.user for one in software.publisher.members.select_related("user")]
    told: dict[str, Any] = {
        "software": software,
        "look": look(software.state),
        "scope": scope_label(software.scope) if software.formats else "",
        "people": _opened(people),
        "keys": software.keys.order_by("-added_at"),
        "evidence": shown(actions.latest(software)),
        "form": form or _scope_form(software),
        "quota": quota or QuotaForm(initial={name: str(value) for name, value in software.quota._asdict().items()}),
        "offered": offered,
        "history": history(software),
        "member": _is_member(request),
        "mails": mail.set_up(),
    }
    return render(request, "deciding/approval.html", told, status=status)


def _scope_form(software: Software, told: QueryDict | None = None) -> ScopeForm:
    return ScopeForm(told, initial=_initial(software), waiting=keys.waiting(software))


def _is_member(request: HttpRequest) -> bool:
    """Whether the keyholder takes a touch of whoever looks."""
    agent = enrolled(request)
    return agent is not None and agent.role == Role.AUTHORITY


def _opened(people: list[User]) -> list[User]:
    open_all(people)
    return people


def _initial(software: Software) -> dict[str, Any]:
    days = {name: day.isoformat() for name in ("starts_on", "ends_on") if (day := getattr(software, name))}
    return {"formats": software.formats or [Format.SEALED.value], "diseases": software.diseases, **days}


def _too_late() -> str:
    return _("This cannot be done any more: the page was old. Look at where the approval stands now.")
