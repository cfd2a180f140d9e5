"""What pharmacies owe for relayed tests: prices, a ledger of one line a test, and the invoices made of it. Counts only, of nobody.

PostgreSQL keeps an invoice as it was issued, and a line of the ledger from being charged or credited twice; see the second migration.
"""

from datetime import date
from decimal import Decimal

from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.data import DataClass, holds
from sceau.counter.billing.document import Address, Kind, Party, Vat
from sceau.counter.pharmacies.models import Pharmacy


class Price(models.Model):
    """Of one test, in cents without VAT, from the day `since`; under one regime, or under all (empty). A regime's own goes first."""

    id = holds(DataClass.PUBLIC, models.BigAutoField(primary_key=True))
    regime = holds(DataClass.PUBLIC, models.CharField(max_length=40, blank=True))
    since = holds(DataClass.PUBLIC, models.DateField())
    cents = holds(DataClass.PUBLIC, models.PositiveIntegerField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["regime", "since"], name="one_price_a_day"),)

    def __str__(self) -> str:
        return f"{self.regime or 'any'} {self.since} {self.cents}"


class Customer(models.Model):
    """To whom a pharmacy's invoices go, as its owner says. `endpoint` is its address in the directory of electronic invoicing."""

    pharmacy = holds(DataClass.ROUTING, models.OneToOneField(Pharmacy, models.CASCADE, primary_key=True))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=120))
    siret = holds(DataClass.PUBLIC, models.CharField(max_length=14))
    vat_number = holds(DataClass.PUBLIC, models.CharField(max_length=13, blank=True))
    street = holds(DataClass.PUBLIC, models.CharField(max_length=120))
    postcode = holds(DataClass.PUBLIC, models.CharField(max_length=5))
    city = holds(DataClass.PUBLIC, models.CharField(max_length=80))
    endpoint = holds(DataClass.PUBLIC, models.CharField(max_length=80))

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> Party:
        place = Address(self.street, self.postcode, self.city)
        return Party(self.name, self.siret, self.vat_number, place, self.endpoint)


class Series(models.Model):
    """The last number of an issuer (SIREN) in a year. Whoever takes the next one holds this row until the invoice is kept."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    issuer = holds(DataClass.PUBLIC, models.CharField(max_length=9))
    year = holds(DataClass.ROUTING, models.SmallIntegerField())
    last = holds(DataClass.ROUTING, models.IntegerField(default=0))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["issuer", "year"], name="one_series_a_year"),)

    def __str__(self) -> str:
        return f"{self.issuer} {self.year} {self.last}"


class Invoice(models.Model):
    """An invoice, or a credit note about one (`credits`), as issued; `pdf` is the Factur-X file. Nothing but `paid_on` ever changes."""

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.PROTECT, related_name="invoices"))
    kind = holds(DataClass.ROUTING, models.CharField(max_length=3, choices=[(one.value, one.name) for one in Kind]))
    issuer = holds(DataClass.PUBLIC, models.CharField(max_length=9))
    number = holds(DataClass.ROUTING, models.CharField(max_length=20))
    month = holds(DataClass.ROUTING, models.DateField())
    issued = holds(DataClass.ROUTING, models.DateField())
    due = holds(DataClass.ROUTING, models.DateField())
    tests = holds(DataClass.ROUTING, models.IntegerField())
    net = holds(DataClass.ROUTING, models.DecimalField(max_digits=12, decimal_places=2))
    tax = holds(DataClass.ROUTING, models.DecimalField(max_digits=12, decimal_places=2))
    vat_rate = holds(DataClass.ROUTING, models.DecimalField(max_digits=5, decimal_places=2))
    exemption = holds(DataClass.ROUTING, models.CharField(max_length=200, blank=True))
    credits = holds(DataClass.ROUTING, models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes"))
    pdf = holds(DataClass.ROUTING, models.BinaryField())
    paid_on = holds(DataClass.ROUTING, models.DateField(null=True))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issuer", "number"], name="number_once_an_issuer"),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.INVOICE, credits=None) | models.Q(kind=Kind.CREDIT_NOTE, credits__isnull=False),
                name="a_credit_note_is_about_an_invoice",
            ),
        )
        indexes = (models.Index(fields=["pharmacy", "-number"], name="invoices_of_a_pharmacy"),)

    def __str__(self) -> str:
        return self.number

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def is_credit_note(self) -> bool:
        return self.kind == Kind.CREDIT_NOTE

    @property
    def vat(self) -> Vat:
        """As it was when the invoice was issued."""
        return Vat(self.vat_rate, self.exemption)

    def overdue(self, today: date) -> bool:
        return self.paid_on is None and not self.is_credit_note and self.due < today


class Charge(models.Model):
    """A relayed test that the registry recorded, by its report: charged once (`invoice`), and credited once if it was cancelled after
    that (`void`). `month` is that of the acknowledgement. The line goes when the pharmacy's copy goes; invoices keep their counts.
    """

    report = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.PROTECT))
    month = holds(DataClass.ROUTING, models.DateField())
    cents = holds(DataClass.ROUTING, models.IntegerField())
    void = holds(DataClass.ROUTING, models.BooleanField(default=False))
    invoice = holds(DataClass.ROUTING, models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="charges"))
    credit_note = holds(DataClass.ROUTING, models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="credited"))

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(credit_note=None) | models.Q(void=True, invoice__isnull=False),
                name="credited_is_charged_and_void",
            ),
        )
        indexes = (
            models.Index(fields=["pharmacy", "month"], name="charges_to_invoice", condition=models.Q(invoice=None, void=False)),
            models.Index(fields=["invoice"], name="charges_to_credit", condition=models.Q(credit_note=None, void=True)),
        )

    def __str__(self) -> str:
        return str(self.report)
