"""What is to be invoiced or credited, and what an owner sees: each one question, however many pharmacies or tests there are."""

from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from sceau.counter.billing.document import PARIS, month_after
from sceau.counter.billing.models import Charge, Customer, Invoice
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.screenings.models import Screening


class Due(NamedTuple):
    """What one document will be about: a pharmacy's month, or an invoice of which something was cancelled."""

    pharmacy: UUID
    month: date
    about: UUID | None


class Waiting(NamedTuple):
    """Tests of a month that is over and has no invoice yet."""

    month: date
    tests: int


def due(month: date) -> list[Due]:
    """The documents to make, up to and with `month`: invoices in the order of their months, then credit notes."""
    open_ = Charge.objects.filter(invoice=None, void=False, month__lte=month)
    months = open_.values_list("pharmacy_id", "month").distinct().order_by("month", "pharmacy_id")
    cancelled = Charge.objects.filter(invoice__isnull=False, void=True, credit_note=None)
    about = cancelled.values_list("pharmacy_id", "month", "invoice_id").distinct().order_by("month", "pharmacy_id", "invoice_id")
    return [*(Due(pharmacy, of, None) for pharmacy, of in months), *(Due(*one) for one in about)]


def pharmacies(of: list[Due]) -> dict[UUID, Pharmacy]:
    """With their customers, where they have one."""
    return Pharmacy.objects.select_related("customer").in_bulk({one.pharmacy for one in of})


def invoices(of: list[Due]) -> dict[UUID, Invoice]:
    """Those that credit notes will be about."""
    return Invoice.objects.defer("pdf").in_bulk({one.about for one in of if one.about})


def of_pharmacy(pharmacy: Pharmacy) -> "QuerySet[Invoice]":
    """A pharmacy's invoices and credit notes, the latest first, without their files."""
    rows = Invoice.objects.filter(pharmacy=pharmacy).defer("pdf", "credits__pdf").select_related("credits", "pharmacy")
    return rows.order_by("-issued", "-number")


def waiting(pharmacy: Pharmacy, before: date) -> list[Waiting]:
    """By month, those that are over before `before`."""
    rows = Charge.objects.filter(pharmacy=pharmacy, invoice=None, void=False, month__lt=before)
    return [Waiting(*row) for row in rows.values_list("month").annotate(tests=Count("report")).order_by("month")]


def customer_of(pharmacy: Pharmacy) -> Customer | None:
    return Customer.objects.filter(pharmacy=pharmacy).first()


_COUNTED = {
    "duplicate": Q(outcome="duplicate"),
    "refused": Q(outcome="refused"),
    "amended": Q(outcome="amended"),
    "void": Q(outcome="recorded", void=True),
}


def not_charged(pharmacy: Pharmacy, month: date) -> dict[str, int]:
    """Of what was answered in that month, what is not charged, by why."""
    first, after = (datetime.combine(day, time(), PARIS) for day in (month, month_after(month)))
    rows = Screening.objects.filter(pharmacy=pharmacy, envelope__acknowledged_at__gte=first, envelope__acknowledged_at__lt=after)
    return rows.aggregate(**{name: Count("id", filter=wanted) for name, wanted in _COUNTED.items()})


def of_year(year: int) -> "QuerySet[Invoice]":
    """Everybody's of a year, in the order of their numbers, without their files."""
    rows = Invoice.objects.filter(issued__year=year).defer("pdf", "credits__pdf").select_related("credits", "pharmacy")
    return rows.order_by("issuer", "number")


def credit_notes() -> "Prefetch[str, QuerySet[Invoice], str]":
    """Those about an invoice, without their files."""
    return Prefetch("credit_notes", Invoice.objects.defer("pdf").order_by("number"))
