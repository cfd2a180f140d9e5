"""Workstations that import by themselves: each has a credential in a file, which the owner makes, names and ends.

The file's bytes are given once and kept nowhere; whoever has them opens what the member opens in whose name they were made.
"""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from sceau.core.accounts import people, slots
from sceau.core.accounts.models import open_all
from sceau.core.accounts.slots import Opened, Owned
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.credential_verbs import Sponsor
from sceau.counter.pharmacies.models import Member, Pharmacy, Workstation


def of(pharmacy: Pharmacy) -> QuerySet[Workstation]:
    """Those of the pharmacy, the latest first."""
    found = Workstation.objects.filter(slot__owner=str(pharmacy.id), slot__user__memberships__pharmacy=pharmacy)
    return found.select_related("slot__user").order_by("-slot__created_at")


def named(found: Sequence[Workstation]) -> list[tuple[Workstation, str]]:
    """Each with its name, empty for one that does not open; whose they are is opened too. Raises `KeyholderError`."""
    open_all(one.slot.user for one in found)
    return [(one, "".join(told[:1])) for one, told in zip(found, people.opened(found), strict=True)]


@transaction.atomic
def add(member: Member, opened: Opened, *, name: str, sponsor: Sponsor | None = None, at: datetime) -> str:
    """The text of a new credential's file, in the name of this member, for whom `sponsor` vouches. Raises `KeyholderError`."""
    slot, secret = slots.add_workstation(member.user, opened.content, Owned(str(member.pharmacy_id), sponsor))
    Workstation.objects.create(slot_id=slot, sealed_name=people.seal(Workstation.label_of(slot), [name]))
    record(Event.WORKSTATION_ADDED, by=f"user:{member.user_id}", subject=f"slot:{slot}", at=at)
    return json.dumps({"slot": str(slot), "secret": secret.hex()})


@transaction.atomic
def write(file: Path, member: Member, opened: Opened, *, sponsor: Sponsor | None = None, at: datetime) -> None:
    """As `add`, into a new file that only its user may read, whose name becomes the workstation's. Raises `FileExistsError`."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as sink:
        sink.write(add(member, opened, name=file.stem, sponsor=sponsor, at=at))


@transaction.atomic
def end(workstation: Workstation, *, by: Member, at: datetime) -> None:
    """It opens nothing any more, in no backup. Raises `KeyholderError`."""
    record(Event.WORKSTATION_ENDED, by=f"user:{by.user_id}", subject=f"slot:{workstation.slot_id}", at=at)
    slots.end(workstation.slot)
