"""What the authority decides, with its reason."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sceau.core.codes.loinc import Disease
from sceau.core.web.labels import disease
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.models import Key
from sceau.registry.approvals.quota import Quota
from sceau.registry.approvals.scope import Scope
from sceau.registry.web.words import format_label

MOST = 10**15


class DecisionForm(forms.Form):
    reason = forms.CharField(label=_("Reason, which everybody can read"), max_length=500)


class QuotaForm(forms.Form):
    """How much a software may send, from the next call on."""

    reports_a_minute = forms.IntegerField(label=_("Reports a minute"), min_value=1, max_value=MOST)
    reports_a_day = forms.IntegerField(label=_("Reports a day"), min_value=1, max_value=MOST)
    bytes_a_minute = forms.IntegerField(label=_("Bytes a minute"), min_value=1, max_value=MOST)
    bytes_a_day = forms.IntegerField(label=_("Bytes a day"), min_value=1, max_value=MOST)

    @property
    def quota(self) -> Quota:
        return Quota(**self.cleaned_data)


class ScopeForm(DecisionForm):
    """No disease ticked: every disease."""

    formats = forms.MultipleChoiceField(label=_("Formats"), choices=list)
    diseases = forms.MultipleChoiceField(label=_("Diseases: none ticked means every one"), choices=list, required=False)
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until, this day included"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    keys = forms.MultipleChoiceField(
        label=_("Keys that wait: tick one once its publisher has read it out to you"), choices=list, required=False
    )

    def __init__(self, *args: Any, waiting: Collection[Key] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self._waiting = {key.thumbprint: key for key in waiting}
        self.fields["keys"].choices = [(one, one) for one in self._waiting]  # type: ignore[attr-defined]
        self.fields["formats"].choices = [(one.value, format_label(one)) for one in Format]  # type: ignore[attr-defined]
        self.fields["diseases"].choices = [(one.value, disease(one)) for one in Disease]  # type: ignore[attr-defined]
        self.fields["starts_on"].widget.input_type = self.fields["ends_on"].widget.input_type = "date"

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("starts_on") and told.get("ends_on") and told["starts_on"] > told["ends_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        return told

    @property
    def taking(self) -> list[Key]:
        return [self._waiting[one] for one in self.cleaned_data["keys"]]

    @property
    def scope(self) -> Scope:
        told = self.cleaned_data
        formats, diseases = [Format(one) for one in told["formats"]], [Disease(one) for one in told["diseases"]]
        return Scope(formats, diseases, told["starts_on"], told["ends_on"])
