"""What anybody asks of the list, or tells the authority."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SuspicionForm(forms.Form):
    product = forms.CharField(label=_("What it calls itself"), max_length=100)
    seen = forms.CharField(label=_("What you saw, and where"), max_length=2_000, widget=forms.Textarea)
    contact = forms.CharField(label=_("How to reach you, if you like"), max_length=200, required=False)
