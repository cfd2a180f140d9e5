from sceau.core.accounts.models import User
from sceau.counter.pharmacies.models import Pharmacy


def pharmacy_of(user: User) -> Pharmacy | None:
    """The pharmacy a person works for."""
    return Pharmacy.objects.filter(members__user=user).order_by("id").first()
