"""Opening what workstations kept, with the pharmacy's unlocked keys."""

import msgspec

from sceau.core.sealing.epochs import DayShut, PharmacyKeys
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.open import open_box
from sceau.core.sealing.seal import box_info
from sceau.counter.kept.content import Content, decode
from sceau.counter.kept.errors import Aside
from sceau.counter.kept.models import Entry, Reason


def open_text(row: Entry, keys: PharmacyKeys) -> bytes:
    """What was sealed, whatever it is; at most 2,044 bytes. Raises `Aside` (`shut`, `unreadable`)."""
    try:
        return open_box(keys.boxes(row.day), bytes(row.sealed), box_info(row.pharmacy_id, row.day, row.id))
    except DayShut:
        raise Aside(Reason.SHUT) from None
    except SealingError:
        raise Aside(Reason.UNREADABLE) from None


def open_entry(row: Entry, keys: PharmacyKeys) -> Content:
    """Raises `Aside` for what does not open, or holds nothing that a counter screen writes."""
    try:
        return decode(open_text(row, keys))
    except msgspec.MsgspecError:
        raise Aside(Reason.MALFORMED) from None
