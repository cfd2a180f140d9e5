"""The forms of a follow-up. What is typed about a person becomes what the keyholder seals, and is kept nowhere else."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sceau.core.codes.errors import BadCode
from sceau.core.codes.loinc import Disease
from sceau.core.codes.territory import Department, department_of
from sceau.core.keyholder.exposed import Exposed
from sceau.core.keyholder.tracing import NOTE_LENGTH
from sceau.core.report.model import EARLIEST_BIRTH, Address, Sex
from sceau.core.web.fields import DateField, telephone
from sceau.core.web.labels import disease
from sceau.registry.contacts.actions import Exposure
from sceau.registry.contacts.models import Setting
from sceau.registry.web.tracing import words

WHOSE = {
    "": gettext_lazy("free ones and mine"),
    "free": gettext_lazy("free ones"),
    "mine": gettext_lazy("mine"),
    "all": gettext_lazy("all"),
}


class FilterForm(forms.Form):
    """Of the list; nothing chosen shows what waits for this agent."""

    whose = forms.ChoiceField(label=gettext_lazy("Whose"), choices=list(WHOSE.items()), required=False)
    disease = forms.ChoiceField(label=gettext_lazy("Disease"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.value, disease(one)) for one in Disease]
        self.fields["disease"].choices = [("", _("every disease")), *known]  # type: ignore[attr-defined]


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=list(words.PURPOSES.items()))


class CallForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of the call"), choices=[(one.value, label) for one, label in words.OUTCOMES.items()]
    )
    note = forms.CharField(label=gettext_lazy("Note, if any"), max_length=NOTE_LENGTH, required=False, strip=True)


class ContactForm(forms.Form):
    """Only names, and when and where they last met, must be told: what a person knows of another differs."""

    family = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    given = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    born = DateField(label=gettext_lazy("Birth date, if known"), required=False, help_text=gettext_lazy("digits: 12031985"))
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[("", gettext_lazy("not said")), (Sex.FEMALE.value, gettext_lazy("F")), (Sex.MALE.value, gettext_lazy("M"))],
        required=False,
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=200, required=False)
    street = forms.CharField(label=gettext_lazy("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=10, required=False)
    city = forms.CharField(label=gettext_lazy("Town"), max_length=100, required=False)
    last_on = DateField(label=gettext_lazy("Last met on"), help_text=gettext_lazy("day, month, year"))
    setting = forms.ChoiceField(
        label=gettext_lazy("Where"), choices=[(one.value, label) for one, label in words.SETTINGS.items()]
    )

    def clean_born(self) -> date | None:
        born: date | None = self.cleaned_data["born"]
        if born and not EARLIEST_BIRTH <= born <= timezone.localdate():
            raise ValidationError(_("This date lies in the future or too long ago"))
        return born

    def clean_last_on(self) -> date:
        met: date = self.cleaned_data["last_on"]
        if not 0 <= (timezone.localdate() - met).days <= 31:
            raise ValidationError(_("A contact's last meeting lies within the last 31 days"))
        return met

    def clean_phone(self) -> str | None:
        return telephone(self.cleaned_data["phone"])

    def exposed(self) -> Exposed:
        """Of a valid form."""
        told = self.cleaned_data
        lines = (told["street"],) if told["street"] else ()
        address = Address(lines=lines, postal_code=told["postal_code"] or None, city=told["city"] or None)
        return Exposed(
            family=told["family"],
            given=(told["given"],),
            birth_date=told["born"],
            sex=Sex(told["sex"]) if told["sex"] else None,
            phone=told["phone"],
            email=told["email"] or None,
            address=address if lines or told["postal_code"] or told["city"] else None,
            department=_lives(told["postal_code"]),
        )

    def exposure(self) -> Exposure:
        return Exposure(self.cleaned_data["last_on"], Setting(self.cleaned_data["setting"]))


def _lives(postal_code: str) -> Department | None:
    try:
        return department_of(postal_code)
    except BadCode:
        return None
