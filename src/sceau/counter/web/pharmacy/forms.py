"""Which workstation the owner gives a credential."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sceau.counter.web import labels
from sceau.counter.web.vouching import VouchedForm


class ControlsForm(forms.Form):
    controls = forms.ChoiceField(label=_("Remind of a kit's controls"), choices=labels.control_rules)


class WorkstationForm(VouchedForm):
    name = forms.CharField(label=_("Name of the workstation"), max_length=40)
