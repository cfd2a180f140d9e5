"""How an invoice's state is shown."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from sceau.counter.billing.models import Invoice


class Shown(NamedTuple):
    """`state` in words, with its tone and icon."""

    row: Invoice
    kind: str
    state: str
    tone: str
    icon: str


def shown(one: Invoice, today: date) -> Shown:
    kind = _("credit note") if one.is_credit_note else _("invoice")
    return Shown(one, kind, *_state(one, today))


def _state(one: Invoice, today: date) -> tuple[str, str, str]:
    if one.paid_on:
        words = _("paid back on %(day)s") if one.is_credit_note else _("paid on %(day)s")
        return words % {"day": f"{one.paid_on:%d/%m/%Y}"}, "good", "recorded"
    if one.is_credit_note:
        return _("to be paid back"), "waiting", "waiting"
    if one.overdue(today):
        return _("overdue since %(day)s") % {"day": f"{one.due:%d/%m/%Y}"}, "bad", "refused"
    return _("to pay by %(day)s") % {"day": f"{one.due:%d/%m/%Y}"}, "waiting", "waiting"
