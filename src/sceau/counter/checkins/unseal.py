"""Opening what phones sent, with the pharmacy's unlocked keys."""

import msgspec

from sceau.core.sealing.epochs import DayShut, PharmacyKeys
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.open import open_box
from sceau.core.sealing.seal import box_info
from sceau.counter.checkins.answers import Answers
from sceau.counter.checkins.models import CheckIn


def open_answers(row: CheckIn, keys: PharmacyKeys) -> Answers | None:
    """None for what does not open or is no answers: a phone may send anything."""
    try:
        return Answers.decode(open_box(keys.boxes(row.day), bytes(row.sealed), box_info(row.pharmacy_id, row.day, row.id)))
    except (DayShut, SealingError, msgspec.MsgspecError):
        return None
