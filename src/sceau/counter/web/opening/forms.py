"""A pharmacy as its owner opens it."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Finess


class OpeningForm(forms.Form):
    finess = forms.CharField(label=_("FINESS number"), max_length=9)
    name = forms.CharField(label=_("Name of the pharmacy"), max_length=200)
    owner = forms.CharField(label=_("Your name"), max_length=100)
    email = forms.EmailField(label=_("Work e-mail"))
    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
    )
    again = forms.CharField(label=_("The same once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean_finess(self) -> Finess:
        try:
            return Finess(self.cleaned_data["finess"])
        except BadCode:
            raise forms.ValidationError(_("A FINESS number has nine digits; these do not check.")) from None

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords differ."))
        return again
