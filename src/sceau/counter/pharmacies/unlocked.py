"""Whoever is there, with their pharmacy's keys: at a page, or at the command line."""

import json
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from sceau.core.accounts import slots, unlocking
from sceau.core.accounts.models import Slot, User
from sceau.core.accounts.slots import Opened
from sceau.core.keyholder.credential_verbs import CredentialKind, Sponsor
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.slots import password_input, workstation_input
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.errors import NotAMember
from sceau.counter.pharmacies.models import Member, Pharmacy
from sceau.counter.pharmacies.queries import member_of


class Present(NamedTuple):
    """A member who is there, and the keys; `sponsor` vouches for new credentials, where one was given just now."""

    member: Member
    keys: PharmacyKeys
    opened: Opened
    sponsor: Sponsor | None = None

    @property
    def pharmacy(self) -> Pharmacy:
        pharmacy: Pharmacy = self.member.pharmacy
        return pharmacy


class WorkstationRefused(Exception):
    """The workstation's credential is unknown, was ended, or is not readable; the message says what to do."""


def at_page(request: HttpRequest) -> Present:
    """Raises `NotAMember`, `Locked`, `KeysNotTrusted`."""
    assert isinstance(request.user, User)
    return _present(member_of(request.user), unlocking.opened(request))


def at_workstation(file: Path) -> Present:
    """With the credential that lies in this file; raises `WorkstationRefused`, `NotAMember`, `KeyholderError`."""
    try:
        told = json.loads(file.read_text())
        slot, secret = UUID(told["slot"]), bytes.fromhex(told["secret"])
    except (OSError, ValueError, KeyError, TypeError):
        raise WorkstationRefused(
            f"{file} is not a workstation's credential: the owner's page of the pharmacy makes one, or `sceau counter workstation`"
        ) from None
    found = Slot.objects.filter(id=slot, kind=CredentialKind.WORKSTATION, user__is_active=True).select_related("user").first()
    given = workstation_input(secret)
    opened = slots.open_slot(found, given) if found else None
    if found is None or opened is None:
        raise WorkstationRefused(
            "this workstation's credential was ended: the owner's page of the pharmacy makes another, or `sceau counter workstation`"
        )
    return _ahead(_present(member_of(found.user), opened)._replace(sponsor=Sponsor(found.id, given)))


def with_password(email: str, password: str) -> Present:
    """Interactively; raises `WorkstationRefused` if they are wrong, `NotAMember`, `KeyholderError`."""
    user = User.objects.at(email).first()
    opened = slots.open_with_password(user, password)
    if user is None or opened is None:
        raise WorkstationRefused("the e-mail or the password is wrong")
    slot = user.slots.get(kind=CredentialKind.PASSWORD)
    sponsor = Sponsor(slot.id, password_input(password, slot.id))
    return _ahead(_present(member_of(user), opened)._replace(sponsor=sponsor))


def _present(member: Member | None, opened: Opened) -> Present:
    if member is None:
        raise NotAMember
    return Present(member, keyring.open_keys(member, opened), opened)


def _ahead(present: Present) -> Present:
    keyring.make_ahead(present.pharmacy, present.keys, present.pharmacy.day(timezone.now()))
    return present
