"""Invoices as a table for whoever keeps the books: semicolons, decimal commas and a byte order mark, as spreadsheets in France read it.

Amounts are positive on credit notes too, since a minus sign begins what a spreadsheet takes for a formula; the type says what it is.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from sceau.core.report.csv.neutral import neutralise
from sceau.counter.billing.models import Invoice


def table(invoices: Iterable[Invoice]) -> Iterator[str]:
    """Line by line; headers in the language that is active."""
    yield "\ufeff" + _line(_headers())
    for one in invoices:
        yield _line(_cells(one))


def _headers() -> list[str]:
    periods = [_("Number"), _("Type"), _("Issued"), _("Month"), _("Due"), "FINESS", _("Tests")]
    return [*periods, _("Without VAT"), _("VAT"), _("With VAT"), _("Paid on"), _("About invoice")]


def _cells(one: Invoice) -> list[str]:
    kind = _("credit note") if one.is_credit_note else _("invoice")
    head = [one.number, kind, _day(one.issued), f"{one.month:%m/%Y}", _day(one.due), str(one.pharmacy.finess), str(one.tests)]
    about = one.credits.number if one.credits else ""
    return [*head, _amount(one.net), _amount(one.tax), _amount(one.gross), _day(one.paid_on), about]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(neutralise(cell) for cell in cells)
    return line.getvalue()
