"""Why an invoice was not made. Each message says what is wrong and what to do; none names a patient."""

from typing import NamedTuple


class NotIssued(Exception):
    """The invoice of one pharmacy could not be made; nothing was kept, and no number was used."""


class IssuerIncomplete(NotIssued):
    """The platform's own identity is not set, or wrong; the message names the settings."""


class NoBillingIdentity(NotIssued):
    """The pharmacy has not said to whom its invoices go."""


class Breach(NamedTuple):
    """A rule that an invoice breaks: `BR-CO-15`, and what it asks for."""

    rule: str
    text: str


class InvoiceInvalid(NotIssued):
    """The schema or the rules of EN 16931 refuse the invoice."""

    def __init__(self, breaches: list[Breach]) -> None:
        self.breaches = breaches
        super().__init__("; ".join(f"{one.rule}: {one.text}" for one in breaches))


class MonthNotOver(Exception):
    """A month is invoiced once it is over, so that each pharmacy gets one invoice a month."""


class AlreadyPaid(Exception):
    """The invoice was marked as paid on another day."""
