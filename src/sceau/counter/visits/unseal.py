"""Opening the drafts of the queue with the pharmacy's unlocked keys."""

from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.open import open_row_with
from sceau.counter.visits.draft import Draft, draft_place
from sceau.counter.visits.models import Visit


def open_draft(visit: Visit, keys: PharmacyKeys) -> Draft:
    place = draft_place(visit.id, visit.pharmacy_id, visit.day)
    return Draft.decode(open_row_with(keys.day_keys(visit.day), bytes(visit.sealed), place))
