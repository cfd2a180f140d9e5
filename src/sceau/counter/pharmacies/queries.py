from django.db.models import Exists, OuterRef

from sceau.core.accounts.models import Slot, User, open_all
from sceau.core.keyholder.credential_verbs import CredentialKind
from sceau.counter.pharmacies.models import Member, Pharmacy


def member_of(user: User) -> Member | None:
    """The membership of a person who works for a pharmacy, with the pharmacy."""
    return Member.objects.filter(user=user).select_related("pharmacy").order_by("id").first()


def staff_of(pharmacy: Pharmacy) -> list[Member]:
    """Who works there, by name, each with `joined`: whether they have opened their account. Raises `KeyholderError`."""
    password = Slot.objects.filter(user=OuterRef("user"), kind=CredentialKind.PASSWORD)
    members = list(pharmacy.members.select_related("user").annotate(joined=Exists(password)).order_by("id"))
    open_all(member.user for member in members)
    return sorted(members, key=lambda member: member.user.name.casefold())
