from sceau.core.accounts.models import User
from sceau.counter.pharmacies.models import Member


def member_of(user: User) -> Member | None:
    """The membership of a person who works for a pharmacy, with the pharmacy."""
    return Member.objects.filter(user=user).select_related("pharmacy").order_by("id").first()
