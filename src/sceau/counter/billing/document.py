"""What an invoice or credit note says, before it has a form: parties, lines and the totals that follow from them. Pure.

Amounts are euros with cents (`Decimal`), positive on credit notes too: the type says which way the money goes (EN 16931, BT-3).
A line counts tests; nothing here can name one.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

CENT = Decimal("0.01")
PARIS = ZoneInfo("Europe/Paris")
"""Whose calendar says which month it is, whatever the pharmacy's."""


class Kind(StrEnum):
    """The codes of UNTDID 1001."""

    INVOICE = "380"
    CREDIT_NOTE = "381"


class Address(NamedTuple):
    street: str
    postcode: str
    city: str


class Party(NamedTuple):
    """A company in France. `vat_number` may be empty; `endpoint` is its electronic address in the directory of e-invoicing."""

    name: str
    siret: str
    vat_number: str
    address: Address
    endpoint: str

    @property
    def siren(self) -> str:
        return self.siret[:9]


class Vat(NamedTuple):
    """`rate` in percent. Without VAT (`rate` 0) `exemption` says why, as the law wants it said."""

    rate: Decimal
    exemption: str = ""

    @property
    def category(self) -> str:
        """UNTDID 5305: S, standard rate; E, exempt."""
        return "S" if self.rate else "E"


class Issuer(NamedTuple):
    """The platform. `term` is how long its customers have."""

    party: Party
    iban: str
    vat: Vat
    term: timedelta


class Line(NamedTuple):
    """So many tests at this price, without VAT."""

    tests: int
    cents: int

    @property
    def price(self) -> Decimal:
        return Decimal(self.cents) * CENT

    @property
    def total(self) -> Decimal:
        return self.price * self.tests


class Reference(NamedTuple):
    """The invoice that a credit note is about."""

    number: str
    issued: date


class Document(NamedTuple):
    """`month` is its first day; `finess` the pharmacy's."""

    kind: Kind
    number: str
    issued: date
    month: date
    issuer: Issuer
    buyer: Party
    finess: str
    lines: tuple[Line, ...]
    credits: Reference | None = None

    @property
    def month_end(self) -> date:
        return month_after(self.month) - timedelta(days=1)

    @property
    def due(self) -> date:
        return self.issued + self.issuer.term

    @property
    def net(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal("0.00"))

    @property
    def tax(self) -> Decimal:
        return (self.net * self.issuer.vat.rate / 100).quantize(CENT, ROUND_HALF_UP)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def tests(self) -> int:
        return sum(line.tests for line in self.lines)


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
