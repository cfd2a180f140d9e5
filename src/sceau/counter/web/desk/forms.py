"""The desk's two forms: somebody new, and a kit that is used for the first time. What is typed becomes a code or a date here."""

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Gtin, Ins, InsSystem
from sceau.core.codes.loinc import ASSAYS
from sceau.core.codes.territory import department_of
from sceau.core.regime import REGIMES, regime_on
from sceau.core.report.errors import ReportError
from sceau.core.report.model import EARLIEST_BIRTH, Address, Consent, Patient, Sex
from sceau.core.web.fields import DateField, telephone
from sceau.counter.kits.models import Kit
from sceau.counter.visits.draft import Draft


def unasked(today: date) -> Consent:
    """What is noted for somebody who has not been asked today."""
    return Consent.NOT_ANSWERED if regime_on(today, REGIMES[settings.REGIME]).consent else Consent.NOT_NEEDED


class PatientForm(forms.Form):
    """Only who it is must be told; the rest helps to reach them. `consent` is asked where the day's regime wants it."""

    family = forms.CharField(label=gettext_lazy("Birth name"), max_length=100)
    given = forms.CharField(label=gettext_lazy("First names"), max_length=100)
    born = DateField(label=gettext_lazy("Birth date"), help_text=gettext_lazy("digits: 12031985"))
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[
            (Sex.FEMALE.value, gettext_lazy("F")),
            (Sex.MALE.value, gettext_lazy("M")),
            (Sex.UNKNOWN.value, gettext_lazy("not said")),
        ],
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=200, required=False)
    used_family = forms.CharField(label=gettext_lazy("Used name, if another"), max_length=100, required=False)
    ins = forms.CharField(label=gettext_lazy("INS number"), max_length=21, required=False)
    street = forms.CharField(label=gettext_lazy("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=10, required=False)
    city = forms.CharField(label=gettext_lazy("Town"), max_length=100, required=False)
    symptoms = forms.ChoiceField(
        label=gettext_lazy("Symptoms"),
        choices=[("", gettext_lazy("not asked")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        required=False,
        widget=forms.RadioSelect,
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("Agrees that their identity is kept"),
        choices=[(Consent.GIVEN.value, gettext_lazy("yes")), (Consent.REFUSED.value, gettext_lazy("no"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "new_%s"})
        self._today = today
        if unasked(today) is Consent.NOT_NEEDED:
            del self.fields["consent"]

    def clean_born(self) -> date:
        born: date = self.cleaned_data["born"]
        if not EARLIEST_BIRTH <= born <= self._today:
            raise ValidationError(_("This date lies in the future or too long ago"))
        return born

    def clean_phone(self) -> str | None:
        return telephone(self.cleaned_data["phone"])

    def clean_ins(self) -> Ins | None:
        written: str = self.cleaned_data["ins"].replace(" ", "").upper()
        if not written:
            return None
        try:
            return Ins(written, InsSystem.NIR)
        except BadCode:
            raise ValidationError(_("Thirteen characters and a key of two: one of them is wrong")) from None

    def clean_postal_code(self) -> str:
        written: str = self.cleaned_data["postal_code"].strip()
        if written.isdigit() and len(written) == 5:
            try:
                department_of(written)
            except BadCode:
                raise ValidationError(_("No French department has this postal code")) from None
        return written

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                self._draft = _draft(told)
            except (ReportError, BadCode):
                raise ValidationError(_("A name is empty, too long, or holds a character that cannot be printed")) from None
        return told

    def draft(self) -> Draft:
        return self._draft


def _draft(told: dict[str, Any]) -> Draft:
    patient = Patient(
        family=told["family"].strip(),
        given=tuple(told["given"].replace(",", " ").split()),
        birth_date=told["born"],
        sex=Sex(told["sex"]),
        used_family=told["used_family"].strip() or None,
        ins=told["ins"],
        phone=told["phone"],
        email=told["email"] or None,
        address=_address(told),
        department=department_of(told["postal_code"]) if re.fullmatch(r"\d{5}", told["postal_code"]) else None,
    )
    symptoms = {"yes": True, "no": False}.get(told["symptoms"])
    return Draft(patient=patient, symptomatic=symptoms, consent=Consent(told.get("consent", Consent.NOT_NEEDED)))


def _address(told: dict[str, Any]) -> Address | None:
    parts = {"postal_code": told["postal_code"] or None, "city": told["city"].strip() or None}
    lines = (told["street"].strip(),) if told["street"].strip() else ()
    return Address(lines=lines, **parts) if lines or any(parts.values()) else None


class KitForm(forms.ModelForm):  # type: ignore[type-arg] # Django's class takes no parameter when it runs
    class Meta:
        model = Kit
        fields = ("name", "manufacturer", "loinc", "minutes", "gtin", "lot", "expiry")
        labels = {  # noqa: RUF012
            "name": gettext_lazy("Kit"),
            "manufacturer": gettext_lazy("Manufacturer"),
            "loinc": gettext_lazy("Test"),
            "minutes": gettext_lazy("Minutes to the reading"),
            "gtin": gettext_lazy("GTIN"),
            "lot": gettext_lazy("Lot"),
            "expiry": gettext_lazy("Expiry"),
        }
        widgets = {"expiry": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "kit_%s"})
        self.fields["loinc"].choices = [(code, told.display) for code, told in ASSAYS.items()]  # type: ignore[attr-defined]

    def clean_gtin(self) -> str:
        written: str = self.cleaned_data["gtin"].strip()
        try:
            return Gtin(written.zfill(14)) if written else ""
        except BadCode:
            raise ValidationError(_("This number's check digit is wrong")) from None

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        if not 1 <= minutes <= 120:
            raise ValidationError(_("Between 1 and 120 minutes"))
        return minutes
