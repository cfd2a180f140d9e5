"""What people do about invoices: an owner says to whom they go, the operator sets prices and notes what was paid."""

from datetime import date, datetime

from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.counter.billing.document import Party
from sceau.counter.billing.errors import AlreadyPaid
from sceau.counter.billing.models import Customer, Invoice, Price
from sceau.counter.pharmacies.models import Member, Pharmacy

OPERATOR = "operator"


@transaction.atomic
def mark_paid(number: str, *, issuer: str, on: date, by: str, at: datetime) -> Invoice:
    """Paid, or for a credit note paid back. Raises `Invoice.DoesNotExist`, `AlreadyPaid`."""
    invoice = Invoice.objects.select_for_update().defer("pdf").get(issuer=issuer, number=number)
    if invoice.paid_on not in (None, on):
        raise AlreadyPaid
    if invoice.paid_on is None:
        invoice.paid_on = on
        invoice.save(update_fields=["paid_on"])
        record(Event.INVOICE_PAID, by=by, subject=f"invoice:{invoice.id}", at=at)
    return invoice


@transaction.atomic
def identify(pharmacy: Pharmacy, told: Party, *, by: Member, at: datetime) -> Customer:
    """To whom the pharmacy's invoices go from now on; those that were issued stay."""
    place = told.address._asdict()
    fields = {"name": told.name, "siret": told.siret, "vat_number": told.vat_number, "endpoint": told.endpoint, **place}
    customer, _ = Customer.objects.update_or_create(pharmacy=pharmacy, defaults=fields)
    record(Event.BILLING_IDENTITY_CHANGED, by=f"user:{by.user_id}", subject=f"pharmacy:{pharmacy.id}", at=at)
    return customer


@transaction.atomic
def set_price(cents: int, *, regime: str, since: date, by: str, at: datetime) -> Price:
    """Of tests reported from `since`; lines that the ledger has already keep theirs."""
    price, _ = Price.objects.update_or_create(regime=regime, since=since, defaults={"cents": cents})
    record(Event.PRICE_SET, by=by, subject=f"price:{price.pk}", purpose=f"{regime or 'any'} {since} {cents}", at=at)
    return price
