"""Whom the owner invites."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sceau.counter.pharmacies.models import Role
from sceau.counter.web import labels
from sceau.counter.web.vouching import VouchedForm


class InvitationForm(VouchedForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("Work e-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=labels.roles, initial=Role.PHARMACIST)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=labels.roles)
