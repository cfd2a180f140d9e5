"""Issuing invoices and credit notes. Each is one transaction: tests are claimed, a number is taken, the document is judged, kept and
told to the log, or none of it.

The row of the series is held meanwhile, so that numbers follow each other without a gap, and two runs at once never charge the same.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from uuid_utils.compat import uuid7

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.counter.billing import cii, ledger, pdf, queries, rules
from sceau.counter.billing.document import PARIS, Document, Issuer, Kind, Line, Reference, month_of
from sceau.counter.billing.errors import MonthNotOver, NoBillingIdentity, NotIssued
from sceau.counter.billing.issuer import issuer as configured
from sceau.counter.billing.models import Invoice, Series
from sceau.counter.billing.queries import Due
from sceau.counter.pharmacies.models import Pharmacy

SYSTEM = "system:billing"
_CLAIM = """
with claimed as (
    update billing_charge set invoice_id = %s where pharmacy_id = %s and month = %s and invoice_id is null and not void returning cents
) select count(*), cents from claimed group by cents order by cents desc
"""
_CLAIM_BACK = """
with claimed as (
    update billing_charge set credit_note_id = %s where invoice_id = %s and credit_note_id is null and void returning cents
) select count(*), cents from claimed group by cents order by cents desc
"""


class Failed(NamedTuple):
    """What was not issued, and why."""

    pharmacy: Pharmacy
    month: date
    why: NotIssued


class Ran(NamedTuple):
    issued: list[Invoice]
    failed: list[Failed]


def run(month: date, *, at: datetime, progress: Callable[[int, int], None] = lambda done, of: None) -> Ran:
    """Issues what is owed up to and with `month`, and credits what was cancelled since; safe to run twice, or twice at once.
    `progress` hears how many of how many documents are done. Raises `MonthNotOver`, `IssuerIncomplete`.
    """
    today = at.astimezone(PARIS).date()
    if month >= month_of(today):
        raise MonthNotOver
    issuer = configured()
    ledger.accrue()
    due = queries.due(month)
    pharmacies, invoices, ran = queries.pharmacies(due), queries.invoices(due), Ran([], [])
    for number, one in enumerate(due, 1):
        pharmacy, about = pharmacies[one.pharmacy], invoices[one.about] if one.about else None
        try:
            ran.issued.extend(_issue(one, pharmacy, about, issuer, today, at))
        except NotIssued as why:
            ran.failed.append(Failed(pharmacy, one.month, why))
        progress(number, len(due))
    return ran


@transaction.atomic
def _issue(due: Due, pharmacy: Pharmacy, about: Invoice | None, issuer: Issuer, today: date, at: datetime) -> list[Invoice]:
    """One document, or none when another run has claimed its tests."""
    number, series = uuid7(), _series(issuer.party.siren, today.year)
    if not (lines := _claim(number, due)):
        return []
    document = _document(f"{today.year}-{series.last + 1:05}", lines, due, pharmacy, about, issuer, today)
    invoice = _made(number, document, pharmacy, about)
    series.last += 1
    series.save(update_fields=["last"])
    invoice.save(force_insert=True)
    event = Event.CREDIT_NOTE_ISSUED if about else Event.INVOICE_ISSUED
    record(event, by=SYSTEM, subject=f"invoice:{invoice.id}", at=at)
    return [invoice]


def _series(issuer: str, year: int) -> Series:
    """The issuer's series of this year, held until the transaction ends."""
    Series.objects.bulk_create([Series(issuer=issuer, year=year)], ignore_conflicts=True)
    return Series.objects.select_for_update().get(issuer=issuer, year=year)


def _claim(number: UUID, due: Due) -> tuple[Line, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_BACK, [number, due.about]) if due.about else cursor.execute(
            _CLAIM, [number, due.pharmacy, due.month]
        )
        return tuple(Line(*row) for row in cursor.fetchall())


def _document(
    number: str,
    lines: tuple[Line, ...],
    due: Due,
    pharmacy: Pharmacy,
    about: Invoice | None,
    issuer: Issuer,
    today: date,
) -> Document:
    """A credit note has the VAT of the invoice that it is about."""
    customer = getattr(pharmacy, "customer", None)
    if customer is None:
        raise NoBillingIdentity("the owner has not said yet to whom the invoices go: that is asked on the billing page")
    if about:
        issuer = issuer._replace(vat=about.vat)
    kind, credits = (Kind.CREDIT_NOTE, Reference(about.number, about.issued)) if about else (Kind.INVOICE, None)
    return Document(kind, number, today, due.month, issuer, customer.party, str(pharmacy.finess), lines, credits)


def _made(number: UUID, document: Document, pharmacy: Pharmacy, about: Invoice | None) -> Invoice:
    """Written in French, judged, and only then put on paper. Raises `InvoiceInvalid`."""
    with translation.override("fr"):
        xml = cii.xml(document)
        rules.check(xml)
        file = pdf.pdf(document, xml)
    vat = document.issuer.vat
    return Invoice(
        id=number,
        pharmacy=pharmacy,
        kind=document.kind,
        issuer=document.issuer.party.siren,
        number=document.number,
        month=document.month,
        issued=document.issued,
        due=document.due,
        tests=document.tests,
        net=document.net,
        tax=document.tax,
        vat_rate=vat.rate,
        exemption=vat.exemption,
        credits=about,
        pdf=file,
    )
