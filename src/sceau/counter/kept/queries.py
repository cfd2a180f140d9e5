from sceau.counter.kept.models import Entry, EntryState
from sceau.counter.pharmacies.models import Pharmacy


def aside(pharmacy: Pharmacy) -> list[Entry]:
    """What waits for a person."""
    return list(Entry.objects.filter(pharmacy=pharmacy, state=EntryState.ASIDE).order_by("arrived_at", "id"))


def count_aside(pharmacy: Pharmacy) -> int:
    return Entry.objects.filter(pharmacy=pharmacy, state=EntryState.ASIDE).count()
