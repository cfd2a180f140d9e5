"""Opening cards with the pharmacy's unlocked keys. A card whose day is gone, or that is not what was sealed there, is left out."""

from collections.abc import Iterable, Iterator

from sceau.core.sealing.epochs import DayShut, PharmacyKeys
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.open import open_row_with
from sceau.counter.patients.entry import Entry, card_place
from sceau.counter.patients.models import Card


def open_cards(cards: Iterable[Card], keys: PharmacyKeys) -> Iterator[tuple[Card, Entry]]:
    for card in cards:
        try:
            place = card_place(card.id, card.pharmacy_id, card.day)
            yield card, Entry.decode(open_row_with(keys.day_keys(card.day), bytes(card.sealed), place))
        except (DayShut, SealingError):
            continue
