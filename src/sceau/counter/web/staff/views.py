"""The owner's page of who works here: inviting, changing, letting go."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sceau.core.accounts.recovery import INVITATION
from sceau.counter.pharmacies import actions
from sceau.counter.pharmacies import staff as members
from sceau.counter.pharmacies.errors import AlreadyHere, LastOwner
from sceau.counter.pharmacies.models import Enrolment, Member, Role
from sceau.counter.pharmacies.queries import staff_of
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.keys import shown
from sceau.counter.web.presence import for_owner
from sceau.counter.web.staff.forms import InvitationForm, RoleForm


@never_cache
@require_safe
@for_owner
def staff(request: HttpRequest, present: Present) -> HttpResponse:
    return _page(request, present, InvitationForm())


@sensitive_post_parameters()
@never_cache
@require_POST
@for_owner
def invite(request: HttpRequest, present: Present) -> HttpResponse:
    """The sheet with the code is this answer, and no other."""
    form = InvitationForm(request.POST)
    code = _invited(form, present) if form.is_valid() else None
    if code is None:
        return _page(request, present, form, status=422)
    page = {"pharmacy": present.pharmacy, "code": code, "days": INVITATION.days, **form.cleaned_data}
    return render(request, "staff/invitation.html", page)


@require_POST
@for_owner
def role(request: HttpRequest, present: Present, pk: int) -> HttpResponse:
    member, form = _member(present, pk), RoleForm(request.POST)
    if form.is_valid():
        try:
            members.change_role(member, Role(form.cleaned_data["role"]), by=present.member)
            messages.success(request, _("%(name)s has this role from now on.") % {"name": member.user.name})
        except LastOwner:
            messages.error(request, _("Somebody has to own the pharmacy: make a colleague its owner before."))
    return redirect("staff")


@require_POST
@for_owner
def second_factor(request: HttpRequest, present: Present, pk: int) -> HttpResponse:
    member = _colleague(present, pk)
    members.reset_second_factor(member, by=present.member)
    messages.success(request, _("%(name)s sets up another phone at the next sign-in.") % {"name": member.user.name})
    return redirect("staff")


@require_POST
@for_owner
def withdraw(request: HttpRequest, present: Present, pk: int) -> HttpResponse:
    try:
        actions.withdraw(_colleague(present, pk), by=present.member)
        messages.success(request, _("The invitation opens nothing any more."))
    except AlreadyHere:
        messages.error(request, _("The invitation was opened already: let the person go instead."))
    return redirect("staff")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def leave(request: HttpRequest, present: Present, pk: int) -> HttpResponse:
    member = _colleague(present, pk)
    left = request.method == "POST"
    if left:
        actions.leave(member, by=present.member, keys=present.keys, at=timezone.now())
    key = Enrolment.objects.filter(pharmacy=present.pharmacy).first() if left else None
    page = {"pharmacy": present.pharmacy, "colleague": member.user.name, "left": left, "key": shown(key)}
    return render(request, "staff/leave.html", page)


def _invited(form: InvitationForm, present: Present) -> str | None:
    told = form.cleaned_data
    whom: dict[str, Any] = {"email": told["email"], "name": told["name"], "role": Role(told["role"])}
    if (vouched := form.vouched(present.member.user)) is None:
        return None
    try:
        return actions.invite(pharmacy=present.pharmacy, keys=present.keys, owned=vouched.owned, by=present.member, **whom)[1]
    except AlreadyHere:
        return form.add_error(
            "email", _("This address has an account already. Use another one, or let the colleague who has it go.")
        )


def _page(request: HttpRequest, present: Present, form: InvitationForm, *, status: int = 200) -> HttpResponse:
    page = {"pharmacy": present.pharmacy, "staff": staff_of(present.pharmacy), "me": present.member, "form": form}
    return render(request, "staff/staff.html", page, status=status)


def _member(present: Present, pk: int) -> Member:
    return get_object_or_404(present.pharmacy.members.select_related("user", "pharmacy"), pk=pk)


def _colleague(present: Present, pk: int) -> Member:
    """Nobody locks themselves out."""
    return get_object_or_404(present.pharmacy.members.select_related("user", "pharmacy").exclude(pk=present.member.pk), pk=pk)
