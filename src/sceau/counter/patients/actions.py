"""Writing cards, in the transaction that records their reports."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sceau.core.bulk import copy
from sceau.core.report.model import ScreeningReport
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.seal import seal_row
from sceau.counter.patients.entry import Entry, card_place
from sceau.counter.patients.models import Card
from sceau.counter.pharmacies.models import Pharmacy

_COLUMNS = ("id", "pharmacy_id", "day", "recorded_at", "sealed")


def write(reports: Sequence[ScreeningReport], *, pharmacy: Pharmacy, keys: PharmacyKeys, at: datetime) -> None:
    """A card for each report that has none."""
    day = pharmacy.day(at)
    key = keys.day_key(day)
    sealed = ((one.id, seal_row(key, Entry.of(one).encode(), card_place(one.id, pharmacy.id, day))) for one in reports)
    copy(Card, _COLUMNS, ((report, pharmacy.id, day, at, card) for report, card in sealed))


def remove(reports: Sequence[UUID], *, pharmacy: Pharmacy) -> None:
    cards = Card.objects.filter(pharmacy=pharmacy, id__in=reports)
    cards._raw_delete(cards.db)
