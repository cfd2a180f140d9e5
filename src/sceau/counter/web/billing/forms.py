"""To whom a pharmacy's invoices go, as its owner types it."""

from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.exceptions import ValidationError as Malformed
from stdnum.fr import siret, tva

from sceau.counter.billing.document import Address, Party
from sceau.counter.billing.models import Customer


class CustomerForm(forms.Form):
    """Numbers may be typed with spaces. Without an electronic address it is the company's number, as the directory has it."""

    name = forms.CharField(label=gettext_lazy("Legal name of the company"), max_length=120)
    siret = forms.CharField(label="SIRET", max_length=20)
    vat_number = forms.CharField(label=gettext_lazy("VAT number, if there is one"), max_length=20, required=False)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=120)
    postcode = forms.RegexField(r"^\d{5}$", label=gettext_lazy("Postcode"), max_length=5)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    endpoint = forms.RegexField(
        r"^\d{9}(?:_[A-Za-z0-9_.-]{1,60})?$",
        label=gettext_lazy("Electronic invoicing address, if it is not the SIREN"),
        max_length=80,
        required=False,
    )

    @classmethod
    def of(cls, customer: Customer | None) -> Self:
        """As it stands."""
        if customer is None:
            return cls()
        told = {name: getattr(customer, name) for name in cls.base_fields}
        if customer.endpoint == customer.party.siren:
            told["endpoint"] = ""
        return cls(initial=told)

    def clean_siret(self) -> str:
        try:
            number: str = siret.validate(self.cleaned_data["siret"])
        except Malformed:
            raise ValidationError(_("A SIRET has 14 digits, and these do not check: look for a slip.")) from None
        return number

    def clean_vat_number(self) -> str:
        if not (told := self.cleaned_data["vat_number"]):
            return ""
        try:
            return f"FR{tva.validate(told)}"
        except Malformed:
            raise ValidationError(_("A French VAT number is FR, two characters and the SIREN: look for a slip.")) from None

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        number = told.get("siret", "")[:9]
        if number and told.get("vat_number") and not told["vat_number"].endswith(number):
            self.add_error("vat_number", _("This VAT number is another company's than the SIRET."))
        if number and told.get("endpoint") and not told["endpoint"].startswith(number):
            self.add_error("endpoint", _("The electronic address begins with the company's SIREN."))
        return told

    def party(self) -> Party:
        """What was typed, once it is valid."""
        told = self.cleaned_data
        place = Address(told["street"], told["postcode"], told["city"])
        return Party(told["name"], told["siret"], told["vat_number"], place, told["endpoint"] or told["siret"][:9])
