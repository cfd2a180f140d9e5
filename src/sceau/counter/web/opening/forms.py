"""A pharmacy as its owner opens it, with the code that the registry's authority sent."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Finess


class OpeningForm(forms.Form):
    finess = forms.CharField(label=lazy("FINESS number"), max_length=9)
    name = forms.CharField(label=lazy("Name of the pharmacy"), max_length=200)
    code = forms.CharField(label=lazy("Enrolment code from the registry"), max_length=60)
    owner = forms.CharField(label=lazy("Your name"), max_length=100)
    email = forms.EmailField(label=lazy("Work e-mail"))
    password = forms.CharField(
        label=lazy("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
    )
    again = forms.CharField(label=lazy("The same once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

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
