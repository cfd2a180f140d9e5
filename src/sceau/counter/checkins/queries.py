from datetime import date

from sceau.counter.checkins.models import CheckIn, CheckInState
from sceau.counter.pharmacies.models import Pharmacy


def here(pharmacy: Pharmacy, day: date) -> list[CheckIn]:
    """Who checked in and was not called yet, the first first."""
    return list(CheckIn.objects.filter(pharmacy=pharmacy, day=day, state=CheckInState.HERE).order_by("arrived_at"))
