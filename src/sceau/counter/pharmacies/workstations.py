"""Workstations that import by themselves: each has a credential in a file, which the owner can end."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from sceau.core.accounts import slots
from sceau.core.accounts.models import Slot
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.verbs import CredentialKind
from sceau.counter.pharmacies.models import Member, Pharmacy


def of(pharmacy: Pharmacy) -> QuerySet[Slot]:
    """Their credentials, each with the member whose it is, the latest first."""
    found = Slot.objects.filter(kind=CredentialKind.WORKSTATION, owner=str(pharmacy.id), user__memberships__pharmacy=pharmacy)
    return found.select_related("user").order_by("-created_at")


@transaction.atomic
def end(slot: Slot, *, by: Member, at: datetime) -> None:
    """It opens nothing any more, in no backup. Raises `KeyholderError`."""
    record(Event.WORKSTATION_ENDED, by=f"user:{by.user_id}", subject=f"slot:{slot.pk}", at=at)
    slots.end(slot)
