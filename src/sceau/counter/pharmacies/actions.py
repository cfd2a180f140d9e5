"""Setting up a pharmacy and its staff: keys, enrolment at the registry, members who come and who leave."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.actions import Account
from sceau.core.accounts.models import User
from sceau.core.accounts.recovery import invited
from sceau.core.accounts.slots import Owned
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.audit.states import GONE, State
from sceau.core.codes.identifiers import Finess
from sceau.core.sealing import epochs, signing
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.signing import key_digest
from sceau.counter.pharmacies import enrolment
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.checks import member_state, tell_membership
from sceau.counter.pharmacies.errors import AlreadyHere, LastMember
from sceau.counter.pharmacies.models import Member, Pharmacy, Role
from sceau.counter.relay.resign import resign


class Founded(NamedTuple):
    """A new pharmacy with its keys, unlocked, and its owner."""

    pharmacy: Pharmacy
    keys: PharmacyKeys
    owner: Member
    account: Account


@transaction.atomic
def found(*, finess: Finess, name: str, owner_email: str, owner_name: str, password: str = "") -> Founded:
    """A pharmacy with its first keys, which its owner's slots pin. Raises `AlreadyHere`."""
    if Pharmacy.objects.filter(finess=finess).exists() or User.objects.at(owner_email).exists():
        raise AlreadyHere
    pharmacy = Pharmacy.objects.create(finess=finess, name=name)
    epoch = epochs.new(pharmacy.id, 0)
    pinned = {str(pharmacy.id): key_digest(signing.public_bytes(epoch.signing_seed))}
    owned = Owned(str(pharmacy.id))
    account = accounts.create(email=owner_email, name=owner_name, pharmacies=pinned, owned=owned, password=password)
    keys = PharmacyKeys([epoch], account.opened.days)
    owner = _member(pharmacy, keys, account.user, Role.OWNER)
    keyring.add_epoch(pharmacy, None, epoch, [owner])
    _tell(Event.PHARMACY_FOUNDED, by=owner, subject=f"pharmacy:{pharmacy.id}")
    return Founded(pharmacy, keys, owner, account)


@transaction.atomic
def add_member(
    *, pharmacy: Pharmacy, keys: PharmacyKeys, email: str, name: str, role: Role, owned: Owned, by: Member
) -> tuple[Member, Account]:
    """Somebody new, who gets the pharmacy's keys from a member who is there."""
    account = accounts.create(email=email, name=name, pharmacies=_pinned(pharmacy), owned=owned)
    member = _join(pharmacy, keys, account.user, role)
    _tell(Event.MEMBER_ADDED, by=by, subject=f"user:{member.user_id}")
    return member, account


@transaction.atomic
def invite(
    *, pharmacy: Pharmacy, keys: PharmacyKeys, email: str, name: str, role: Role, owned: Owned, by: Member
) -> tuple[Member, str]:
    """As `add_member`, for somebody who chooses their own password with the code that this gives. Raises `AlreadyHere`."""
    if User.objects.at(email).exists():
        raise AlreadyHere
    user, code = accounts.invite(email=email, name=name, pharmacies=_pinned(pharmacy), owned=owned)
    member = _join(pharmacy, keys, user, role)
    _tell(Event.MEMBER_INVITED, by=by, subject=f"user:{user.pk}")
    return member, code


@transaction.atomic
def withdraw(member: Member, *, by: Member) -> None:
    """Ends an invitation that nobody has opened; the pharmacy's keys stay. Raises `AlreadyHere`."""
    user = User.objects.select_for_update().get(pk=member.user_id)
    if not invited(user):
        raise AlreadyHere
    _tell(Event.INVITATION_WITHDRAWN, by=by, subject=f"user:{member.user_id}")
    _revoke(member)


@transaction.atomic
def leave(member: Member, *, by: Member, keys: PharmacyKeys, at: datetime) -> str:
    """Ends a member's credentials and begins a new epoch for those who stay, whose signing key the registry is asked to enrol; gives
    its fingerprint, for the owner to compare there. Raises `LastMember`, `KeysNotTrusted`.
    """
    pharmacy = member.pharmacy
    staying = list(pharmacy.members.exclude(pk=member.pk).select_related("user"))
    if not staying:
        raise LastMember
    rows = list(pharmacy.epochs.order_by("number"))
    epoch = epochs.new(pharmacy.id, rows[-1].number + 1)
    keyring.add_epoch(pharmacy, keys, epoch, keyring.endorsed(staying, rows[-1]))
    renewed = keys.renewed(epoch)
    for one in staying:
        one.endorsement = keyring.endorse(renewed, one.user_id, bytes(one.user.public_key))
    Member.objects.bulk_update(staying, ["endorsement"])
    pharmacy.boxes.all().delete()  # they rest on the secret that somebody leaves with: made anew at the next unlock
    resign(pharmacy, renewed)
    fingerprint = enrolment.ask(pharmacy, renewed, at=at)
    _tell(Event.MEMBER_LEFT, by=by, subject=f"user:{member.user_id}")
    _revoke(member)
    return fingerprint


def _tell(event: Event, *, by: Member, subject: str) -> None:
    record(event, by=f"user:{by.user_id}", subject=subject, at=timezone.now())


def _pinned(pharmacy: Pharmacy) -> dict[str, str]:
    first = pharmacy.epochs.order_by("number").first()
    assert first is not None
    return {str(pharmacy.id): key_digest(bytes(first.signing_public))}


def _join(pharmacy: Pharmacy, keys: PharmacyKeys, user: User, role: Role) -> Member:
    member = _member(pharmacy, keys, user, role)
    rows = pharmacy.epochs.order_by("number")
    keyring.hand_on(list(zip(rows, keys.epochs, strict=True)), [member])
    return member


def _member(pharmacy: Pharmacy, keys: PharmacyKeys, user: User, role: Role) -> Member:
    endorsement = keyring.endorse(keys, user.pk, bytes(user.public_key))
    member = Member.objects.create(pharmacy=pharmacy, user=user, role=role, endorsement=endorsement)
    tell_membership(member_state(member))
    return member


def _revoke(member: Member) -> None:
    user = member.user
    tell_membership(State(f"member:{member.pk}", 0, GONE))
    member.delete()
    accounts.close(user)
