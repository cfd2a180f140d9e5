"""What a publisher types."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RegisterForm(forms.Form):
    firm = forms.CharField(label=_("Firm"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("Work e-mail"), max_length=150, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class ProductForm(forms.Form):
    name = forms.CharField(label=_("Product"), max_length=100)
    version = forms.CharField(label=_("Version"), max_length=30)


class KeyForm(forms.Form):
    jwk = forms.CharField(
        label=_("Public key (PEM or JWK), or signed by the key before (JWT)"), max_length=10_000, widget=forms.Textarea
    )
    overlap = forms.IntegerField(label=_("Days that the key before stays valid"), min_value=0, max_value=30, initial=7)
