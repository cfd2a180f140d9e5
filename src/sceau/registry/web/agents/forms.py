"""Whom the authority appoints: account, role, departments."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sceau.core.codes.errors import BadCode
from sceau.core.codes.territory import Department
from sceau.registry.agents.models import TRACING, Role
from sceau.registry.cases.queries import EVERYWHERE

ROLES = {
    Role.AGENT: gettext_lazy("tracing agent"),
    Role.SUPERVISOR: gettext_lazy("supervisor"),
    Role.AUTHORITY: gettext_lazy("member of the authority"),
    Role.NONE: gettext_lazy("none any more"),
}


class PartForm(forms.Form):
    """What somebody is to do, and where."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(one.value, label) for one, label in ROLES.items() if one is not Role.NONE]
    )
    departments = forms.CharField(label=gettext_lazy("Departments, as 69 38; * for all"), max_length=500, required=False)

    def clean_departments(self) -> tuple[str, ...]:
        told = tuple(dict.fromkeys(self.cleaned_data["departments"].replace(",", " ").upper().split()))
        try:
            return told if told == (EVERYWHERE,) else tuple(Department(one) for one in told)
        except BadCode:
            raise ValidationError(_("One of these is no French department")) from None

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("role") in TRACING and told.get("departments") == ():
            self.add_error("departments", _("An agent has at least one department"))
        return told


class AppointmentForm(PartForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("Work e-mail"), max_length=200)
