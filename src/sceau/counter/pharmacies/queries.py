from django.db.models import Exists, OuterRef, QuerySet

from sceau.core.accounts.models import Slot, User
from sceau.core.keyholder.verbs import CredentialKind
from sceau.counter.pharmacies.models import Member, Pharmacy


def member_of(user: User) -> Member | None:
    """The membership of a person who works for a pharmacy, with the pharmacy."""
    return Member.objects.filter(user=user).select_related("pharmacy").order_by("id").first()


def staff_of(pharmacy: Pharmacy) -> QuerySet[Member]:
    """Who works there, by name, each with `joined`: whether they have opened their account."""
    password = Slot.objects.filter(user=OuterRef("user"), kind=CredentialKind.PASSWORD)
    members: QuerySet[Member] = pharmacy.members.select_related("user").annotate(joined=Exists(password))
    return members.order_by("user__name", "id")
