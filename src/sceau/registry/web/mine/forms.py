"""The owner's decision on one key, named by its digest: if another request came since the page was shown, nothing is decided."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    key = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class ConfirmForm(DecisionForm):
    read = forms.CharField(
        label=_("The last four groups of the fingerprint, as your counter shows them"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
