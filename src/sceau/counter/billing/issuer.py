"""Who issues invoices: the platform, as its settings say."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation

from django.conf import settings
from stdnum import iban
from stdnum.exceptions import ValidationError
from stdnum.fr import siret, tva

from sceau.counter.billing.document import Address, Issuer, Party, Vat
from sceau.counter.billing.errors import IssuerIncomplete

_NEEDED = ("NAME", "SIRET", "STREET", "POSTCODE", "CITY", "IBAN")


def issuer() -> Issuer:
    """Raises `IssuerIncomplete`, which names what is missing or wrong."""
    if missing := [f"BILLING_{name}" for name in _NEEDED if not _told(name)]:
        raise IssuerIncomplete(f"who issues invoices is not set: give {', '.join(missing)}")
    number, vat = _compact("SIRET", siret), _vat()
    place = Address(_told("STREET"), _told("POSTCODE"), _told("CITY"))
    tax_number = f"FR{_compact('VAT_NUMBER', tva)}" if _told("VAT_NUMBER") else ""
    if vat.rate and not tax_number:
        raise IssuerIncomplete("who charges VAT has a number: give BILLING_VAT_NUMBER, or BILLING_VAT_RATE=0 and why")
    party = Party(_told("NAME"), number, tax_number, place, number[:9])
    return Issuer(party, _compact("IBAN", iban), vat, timedelta(days=int(_told("TERM_DAYS"))))


def _vat() -> Vat:
    try:
        rate = Decimal(_told("VAT_RATE"))
    except InvalidOperation:
        raise IssuerIncomplete("BILLING_VAT_RATE is a number of percent, such as 20") from None
    if not rate and not _told("VAT_EXEMPTION"):
        raise IssuerIncomplete("without VAT an invoice says why: give BILLING_VAT_EXEMPTION")
    return Vat(rate, "" if rate else _told("VAT_EXEMPTION"))


def _told(name: str) -> str:
    told: str = settings.BILLING[name]
    return told


def _compact(name: str, kind: object) -> str:
    try:
        number: str = kind.validate(_told(name))  # type: ignore[attr-defined]
    except ValidationError:
        raise IssuerIncomplete(f"BILLING_{name} is not a valid number: see for a slip") from None
    return number
