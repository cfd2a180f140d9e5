"""Opening an account with its recovery code, and printing another code."""

from allauth.core.ratelimit import consume_or_429
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from sceau.core.accounts import recovery
from sceau.core.accounts.backends import explain
from sceau.core.accounts.models import User
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.sealing.slots import WrongCode, read_code


class RecoveryForm(forms.Form):
    email = forms.EmailField(label=_("Work e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    recovery = forms.CharField(label=_("Recovery or invitation code"), max_length=60)
    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
    )
    again = forms.CharField(label=_("The same once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean_recovery(self) -> bytes:
        try:
            return read_code(self.cleaned_data["recovery"])
        except WrongCode as error:
            raise forms.ValidationError(_mistyped(error)) from None

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class RenewForm(forms.Form):
    password = forms.CharField(label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


@sensitive_post_parameters()
@never_cache
@login_not_required
def recover(request: HttpRequest) -> HttpResponse:
    """For whoever lost the password, or was invited."""
    form = RecoveryForm(request.POST or None)
    limited: HttpResponse | None = consume_or_429(request, action="recover")
    if limited:
        return limited
    code = _recovered(form) if request.method == "POST" and form.is_valid() else None
    if code is None:
        return render(request, "accounts/recover.html", {"form": form})
    logout(request)
    return render(request, "accounts/kit.html", {"code": code, "email": form.cleaned_data["email"], "at": timezone.now()})


@sensitive_post_parameters()
@never_cache
def renew(request: HttpRequest) -> HttpResponse:
    """Another code, for whoever is signed in and types the password."""
    assert isinstance(request.user, User)
    form = RenewForm(request.POST or None)
    code = _renewed(form, request.user) if request.method == "POST" and form.is_valid() else None
    if code is None:
        return render(request, "accounts/renew.html", {"form": form})
    return render(request, "accounts/kit.html", {"code": code, "email": request.user.email, "at": timezone.now()})


def _recovered(form: RecoveryForm) -> str | None:
    told = form.cleaned_data
    try:
        code = recovery.recover(email=told["email"], code=told["recovery"], password=told["password"], at=timezone.now())
    except KeyholderError as error:
        return form.add_error(None, explain(error))
    return code or form.add_error(None, _("E-mail and code do not belong together, or the code was used or is too old."))


def _renewed(form: RenewForm, user: User) -> str | None:
    try:
        code = recovery.renew(user, form.cleaned_data["password"], at=timezone.now())
    except KeyholderError as error:
        return form.add_error(None, explain(error))
    return code or form.add_error("password", _("This is not your present password."))


def _mistyped(error: WrongCode) -> str:
    if error.group is None:
        return str(_("The code has seven groups of five characters: some are missing, or there are too many."))
    return _("Group %(group)d of the code was mistyped.") % {"group": error.group}
