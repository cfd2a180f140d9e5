"""The authority's pages: what waits, what was shown, and the decision with its reason. No person on any of them but who publishes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.core.accounts.models import User, open_all
from sceau.registry.approvals import actions, machine, suspicions
from sceau.registry.approvals.enums import Act, Actor, ApprovalState, Format
from sceau.registry.approvals.errors import NotNow
from sceau.registry.approvals.models import Software, Suspicion
from sceau.registry.web.confined import account, after_signing_in_again, for_authority
from sceau.registry.web.deciding.forms import DecisionForm, QuotaForm, ScopeForm
from sceau.registry.web.scenarios import shown
from sceau.registry.web.software.history import history
from sceau.registry.web.words import look, scope_label

_ACTS = {Act.REFUSE, Act.SUSPEND, Act.WITHDRAW}


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


@require_POST
@for_authority
@after_signing_in_again("approval")
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    software, form = _shown(pk), ScopeForm(request.POST)
    if not form.is_valid():
        return _page(request, software, form, status=422)
    try:
        actions.approve(software, scope=form.scope, reason=form.cleaned_data["reason"], **_by(request), at=timezone.now())
        messages.success(request, _("It is approved within this scope, from now on."))
    except NotNow:
        messages.error(request, _too_late())
    return redirect("approval", pk=pk)


@require_POST
@for_authority
@after_signing_in_again("approval")
def limit(request: HttpRequest, pk: UUID) -> HttpResponse:
    software, form = _shown(pk), QuotaForm(request.POST)
    if not form.is_valid():
        return _page(request, software, quota=form, status=422)
    actions.limit(software, quota=form.quota, by=_by(request)["by"], at=timezone.now())
    messages.success(request, _("This is what it may send, from the next call on."))
    return redirect("approval", pk=pk)


def decide(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
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
@after_signing_in_again("approval")
def _decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert request.resolver_match
    software, form, act = _shown(pk), DecisionForm(request.POST), Act(request.resolver_match.kwargs["act"])
    if not form.is_valid():
        messages.error(request, _("Give a reason: everybody can read it, the publisher first."))
        return redirect("approval", pk=pk)
    try:
        actions.decide(software, act=act, reason=form.cleaned_data["reason"], **_by(request), at=timezone.now())
        messages.success(request, _("Done, from the next request on."))
    except NotNow:
        messages.error(request, _too_late())
    return redirect("approval", pk=pk)


def _by(request: HttpRequest) -> dict[str, str]:
    """As the list says who decided, and as the log does."""
    return {"authority": account(request).of, "by": f"user:{request.user.pk}"}


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
        "form": form or ScopeForm(initial=_initial(software)),
        "quota": quota or QuotaForm(initial={name: str(value) for name, value in software.quota._asdict().items()}),
        "offered": offered,
        "history": history(software),
    }
    return render(request, "deciding/approval.html", told, status=status)


def _opened(people: list[User]) -> list[User]:
    open_all(people)
    return people


def _initial(software: Software) -> dict[str, Any]:
    days = {name: day.isoformat() for name in ("starts_on", "ends_on") if (day := getattr(software, name))}
    return {"formats": software.formats or [Format.SEALED.value], "diseases": software.diseases, **days}


def _too_late() -> str:
    return _("This cannot be done any more: the page was old. Look at where the approval stands now.")
