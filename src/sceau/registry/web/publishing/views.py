"""The publisher's pages: their products, and for each its keys, its bench, and where its approval stands."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sceau.registry.approvals import actions, machine
from sceau.registry.approvals.enums import LISTED, Act, Actor, ApprovalState
from sceau.registry.approvals.errors import NotNow, NotShown
from sceau.registry.approvals.models import Software
from sceau.registry.intake.reconciling import reconciled
from sceau.registry.web.confined import publisher
from sceau.registry.web.publishing.forms import KeyForm, ProductForm
from sceau.registry.web.scenarios import shown
from sceau.registry.web.software.history import history
from sceau.registry.web.words import look, scope_label


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def products(request: HttpRequest) -> HttpResponse:
    mine, form = publisher(request), ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = actions.describe(mine, **form.cleaned_data, by=f"user:{request.user.pk}", at=timezone.now())
            return redirect("product", pk=made.pk)
        except IntegrityError:
            form.add_error("version", _("You have described this version already."))
    rows = [{"software": one, "look": look(one.state)} for one in mine.software.order_by("name", "version")]
    return render(
        request, "publishing/products.html", {"publisher": mine, "rows": rows, "form": form}, status=422 if form.errors else 200
    )


@never_cache
@require_safe
def product(request: HttpRequest, pk: UUID) -> HttpResponse:
    return page(request, own(request, pk))


@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, actions.submit, _("The authority has your request, with what the bench saw."))


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, actions.take_back, _("The request is taken back."))


def own(request: HttpRequest, pk: UUID) -> Software:
    """One of this publisher's products; anybody else's is not there."""
    return get_object_or_404(Software.objects.select_related("publisher"), pk=pk, publisher=publisher(request))


def page(request: HttpRequest, software: Software, form: KeyForm | None = None, *, status: int = 200) -> HttpResponse:
    now, state = timezone.now(), ApprovalState(software.state)
    keys = list(software.keys.order_by("-added_at"))
    told: dict[str, Any] = {
        "software": software,
        "look": look(state),
        "scope": scope_label(software.scope) if software.formats else "",
        "keys": [
            {"key": key, "live": key.ends_at is None or key.ends_at > now, "waits": key.waits and not key.ends_at} for key in keys
        ],
        "decided": state in LISTED,
        "form": form or KeyForm(initial={"overlap": 7}),
        "offered": machine.offered(state, actor=Actor.PUBLISHER),
        "evidence": shown(actions.latest(software)),
        "history": history(software),
        "sent": reconciled(software.pk),
        "ready": Act.SUBMIT in machine.offered(state, actor=Actor.PUBLISHER),
    }
    return render(request, "publishing/product.html", told, status=status)


def _act(request: HttpRequest, pk: UUID, act: Callable[..., None], done: str) -> HttpResponse:
    software = own(request, pk)
    try:
        act(software, by=f"user:{request.user.pk}", at=timezone.now())
        messages.success(request, done)
    except NotShown:
        messages.error(request, _("First upload a key, and pass every scenario of the bench."))
    except NotNow:
        messages.error(request, _("This cannot be done any more: the page was old. Look at where the approval stands now."))
    return redirect("product", pk=pk)
