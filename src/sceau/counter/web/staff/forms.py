"""Whom the owner invites."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sceau.counter.pharmacies.models import Role
from sceau.counter.web import labels


class InvitationForm(forms.Form):
    """The owner's password vouches at the keyholder."""

    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("Work e-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=labels.roles, initial=Role.PHARMACIST)
    password = forms.CharField(label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=labels.roles)
