"""Signing in, and changing one's password, which moves one's key to a new slot."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.contrib.auth import user_login_failed
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sceau.core.accounts import limits, people, slots, unlocking
from sceau.core.accounts.backends import explain
from sceau.core.accounts.slots import Opened
from sceau.core.keyholder.errors import KeyholderError


class SignInForm(LoginForm):  # type: ignore[misc]
    def clean_login(self) -> str:
        """The token of the address: it goes no further, neither into a session's row nor into the key of a limit."""
        try:
            return people.token(super().clean_login()).hex()
        except KeyholderError as error:
            raise ValidationError(explain(error)) from None


class _Guess:
    """Five wrong codes within an hour lock the second factor, whatever the address they come from."""

    def clean_code(self) -> str:
        limits.guess(context.request, self.user.pk)  # type: ignore[attr-defined]
        code: str = super().clean_code()  # type: ignore[misc]
        limits.guessed(context.request, self.user.pk)  # type: ignore[attr-defined]
        return code


class SecondFactorForm(_Guess, AuthenticateForm):  # type: ignore[misc]
    """At the door."""


class SecondFactorAgainForm(_Guess, ReauthenticateForm):  # type: ignore[misc]
    """Before something that needs a fresh proof."""


class UnlockForm(SecondFactorForm):
    """After a provider's answer: password and code of the person whom it names. `opened` is what the password opened."""

    password = forms.CharField(
        label=gettext_lazy("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ("password", "code")
    opened: Opened | None = None

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            self.opened = get_adapter(context.request).opened(self.user, password)
        except KeyholderError as error:
            raise ValidationError(explain(error)) from None
        if self.opened is None:
            user_login_failed.send(__name__, credentials={}, request=None)
            raise ValidationError(_("This is not your password."))
        return password

    def clean_code(self) -> str:
        """Not looked at beside a wrong password: a code counts once, and its guesser has to know both."""
        return super().clean_code() if self.opened else ""


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    def clean_oldpassword(self) -> str:
        old: str = self.cleaned_data["oldpassword"]
        try:
            right = self.user.check_password(old)
        except KeyholderError as error:
            raise ValidationError(explain(error)) from None
        if not right:
            raise ValidationError(_("This is not your present password."))
        return old

    def save(self) -> None:
        told: dict[str, Any] = self.cleaned_data
        opened = slots.change_password(self.user, told["oldpassword"], told["password1"])
        unlocking.unlock(context.request, self.user, opened)
