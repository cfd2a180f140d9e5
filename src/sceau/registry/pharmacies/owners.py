"""Who answers for a pharmacy at the registry: invited by the authority with a sheet, on which nobody else's software has a part."""

from datetime import datetime

from django.db import transaction

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.accounts.slots import Owned
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.codes.identifiers import Finess
from sceau.registry.pharmacies.errors import AddressTaken
from sceau.registry.pharmacies.models import Owner


@transaction.atomic
def invite(finess: Finess, *, email: str, name: str, by: str, at: datetime) -> str:
    """The code with which the owner opens an account of their own, once, within a week. Invited again, the account before is closed:
    for whoever lost everything. Raises `AddressTaken`, `KeyholderError`.
    """
    if before := User.objects.at(email).first():
        if not Owner.objects.filter(user=before, finess=finess).exists():
            raise AddressTaken
        accounts.close(before)
    user, code = accounts.invite(email=email, name=name, pharmacies={}, owned=Owned())
    Owner.objects.create(user=user, finess=finess)
    record(Event.PHARMACY_INVITED, by=by, subject=f"pharmacy:{finess}", at=at)
    return code


@transaction.atomic
def dismiss(finess: Finess, *, email: str, by: str, at: datetime) -> bool:
    """Ends what this owner may do here, as when a pharmacy is sold; its key stays. False if there is no such owner."""
    owner = Owner.objects.filter(finess=finess, user__in=User.objects.at(email)).select_related("user").first()
    if owner is None:
        return False
    record(Event.OWNER_DISMISSED, by=by, subject=f"user:{owner.user_id}", at=at)
    accounts.close(owner.user)
    return True
