"""Which workstation the owner gives a credential."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sceau.counter.web.vouching import VouchedForm


class WorkstationForm(VouchedForm):
    name = forms.CharField(label=_("Name of the workstation"), max_length=40)
