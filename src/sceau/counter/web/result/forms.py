"""Correcting a result: the person's form with what was told, when the sample was taken, and what was found for each part."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy
from msgspec.structs import replace

from sceau.core.codes.snomed import Result
from sceau.core.report.model import Finding, Patient, Screening
from sceau.core.web.labels import disease
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.web.desk.forms import PatientForm

_SHOWN = [
    (Result.DETECTED.value, gettext_lazy("positive")),
    (Result.NOT_DETECTED.value, gettext_lazy("negative")),
    (Result.INCONCLUSIVE.value, gettext_lazy("inconclusive")),
]
_FORMAT = "%Y-%m-%dT%H:%M"


class CorrectionForm(PatientForm):
    taken_at = forms.DateTimeField(
        label=gettext_lazy("Sample taken"),
        input_formats=[_FORMAT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_FORMAT),
    )

    def __init__(self, *args: Any, told: Screening, pharmacy: Pharmacy, at: datetime, **kwargs: Any) -> None:
        self._told, self._at, zone = told, at, ZoneInfo(pharmacy.time_zone)
        initial = {**_patient(told.patient), "taken_at": told.specimen.taken_at.astimezone(zone).replace(second=0, microsecond=0)}
        initial["symptoms"] = {True: "yes", False: "no", None: ""}[told.symptomatic]
        initial |= {_name(nth): found.result.value for nth, found in enumerate(told.findings)}
        super().__init__(*args, today=pharmacy.day(at), initial=initial, **kwargs)
        self.fields.pop("consent", None)
        for nth, found in enumerate(told.findings):
            self.fields[_name(nth)] = forms.ChoiceField(label=disease(found.disease), choices=_SHOWN, widget=forms.RadioSelect)

    def clean_taken_at(self) -> datetime:
        taken: datetime = self.cleaned_data["taken_at"]
        if taken > self._at:
            raise forms.ValidationError(gettext_lazy("This lies in the future"))
        return taken

    def findings(self) -> list[Any]:
        """The fields of what was found, a part a field."""
        return [self[_name(nth)] for nth in range(len(self._told.findings))]

    def screening(self) -> Screening:
        """The screening as it is told now; raises `ReportError`."""
        told, draft = self._told, self.draft()
        answers = (Result(self.cleaned_data[_name(nth)]) for nth in range(len(told.findings)))
        findings = tuple(Finding(found.loinc, result) for found, result in zip(told.findings, answers, strict=True))
        patient = replace(draft.patient, birth_place=told.patient.birth_place, used_given=told.patient.used_given)
        specimen = replace(told.specimen, taken_at=self.cleaned_data["taken_at"])
        return replace(told, patient=patient, specimen=specimen, findings=findings, symptomatic=draft.symptomatic)


def _name(nth: int) -> str:
    return f"found_{nth}"


def _patient(patient: Patient) -> dict[str, Any]:
    address = patient.address
    return {
        "family": patient.family,
        "given": " ".join(patient.given),
        "born": patient.birth_date,
        "sex": patient.sex.value,
        "phone": patient.phone or "",
        "email": patient.email or "",
        "used_family": patient.used_family or "",
        "ins": patient.ins.value if patient.ins else "",
        "street": " ".join(address.lines) if address else "",
        "postal_code": (address.postal_code or "") if address else "",
        "city": (address.city or "") if address else "",
    }
