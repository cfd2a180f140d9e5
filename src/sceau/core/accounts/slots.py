"""A user's slots: making, opening and ending them, each time with the keyholder's part.

What opens is `Opened`: the slot's content (the user's private key and pinned fingerprints) and the owner's live days.
"""

import os
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.models import Slot, User
from sceau.core.keyholder.credential_verbs import CredentialKind, End, Enrol, Evaluate, Hardening, Sponsor
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.sealing import slots
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.slots import SlotContent
from sceau.core.sealing.unlock import unwrap


class Opened(NamedTuple):
    content: SlotContent
    days: dict[str, bytes]


class Owned(NamedTuple):
    """Whose days a credential gives (a pharmacy's id, or nobody's), and who vouches for it at the keyholder."""

    owner: str = ""
    sponsor: Sponsor | None = None


class Vouched(NamedTuple):
    """What a credential opened, and who vouches with it for another one of the same owner."""

    opened: Opened
    owned: Owned


def add_password(user: User, password: str, content: SlotContent, owned: Owned) -> Vouched:
    """A slot for a password, which vouches at once for the next credential."""
    slot = uuid7()
    given = slots.password_input(password, slot)
    opened = _add(user, slot, CredentialKind.PASSWORD, given, content, owned)
    return Vouched(opened, Owned(owned.owner, Sponsor(slot, given)))


def add_recovery(user: User, content: SlotContent, owned: Owned) -> str:
    """A recovery code, shown now and never again."""
    code = slots.new_code()
    _add(user, uuid7(), CredentialKind.RECOVERY, slots.code_input(slots.read_code(code)), content, owned)
    return code


def add_passkey(user: User, prf: bytes, content: SlotContent, owned: Owned) -> Slot:
    """A slot for what a passkey's PRF extension gives (32 bytes)."""
    slot = uuid7()
    _add(user, slot, CredentialKind.PASSKEY, slots.prf_input(prf), content, owned)
    return user.slots.get(pk=slot)


def add_workstation(user: User, content: SlotContent, owned: Owned) -> tuple[UUID, bytes]:
    """A credential for unattended imports: slot and secret (32 bytes), for a file that only its user may read."""
    slot, secret = uuid7(), os.urandom(32)
    _add(user, slot, CredentialKind.WORKSTATION, slots.workstation_input(secret), content, owned)
    return slot, secret


def open_with_password(user: User | None, password: str) -> Opened | None:
    """None if it is wrong; raises `KeyholderError` when it cannot be tried. A stranger's name costs as much as a known one."""
    found = user and user.slots.filter(kind=CredentialKind.PASSWORD).first()
    slot = found or Slot(id=uuid7(), wrapped=b"")
    return open_slot(slot, slots.password_input(password, slot.id))


def open_with_prf(slot: Slot, prf: bytes) -> Opened | None:
    """As `open_slot`, for what a passkey gave."""
    return open_slot(slot, slots.prf_input(prf))


def open_with_code(slot: Slot, code: bytes) -> Vouched | None:
    """As `open_slot`, for the 16 bytes of a recovery code."""
    return _vouched(slot, slots.code_input(code))


def vouch(user: User, password: str) -> Vouched | None:
    """What the password opens, with its word for new credentials; None if it is wrong. Raises `KeyholderError`."""
    slot = user.slots.filter(kind=CredentialKind.PASSWORD).first()
    return _vouched(slot, slots.password_input(password, slot.id)) if slot else None


def open_slot(slot: Slot, given: bytes) -> Opened | None:
    """The content of a slot, for the right input."""
    try:
        hardening: Hardening = keyholder().ask(Evaluate(slot.id, given))
        content = unwrap(slots.slot_key(given, hardening.secret), bytes(slot.wrapped), slot.id)
    except KeyholderError as error:
        if error.refusal is Refusal.WRONG:
            return None
        raise
    except SealingError:
        return None
    return Opened(SlotContent.decode(content), hardening.days)


@transaction.atomic
def change_password(user: User, old: str, new: str) -> Opened:
    """A new slot for the new password; the old one is dead, in backups too, and every session ends. Raises `KeyholderError`."""
    before = user.slots.get(kind=CredentialKind.PASSWORD)
    given = slots.password_input(old, before.id)
    if (opened := open_slot(before, given)) is None:
        raise KeyholderError(Refusal.WRONG)
    made = add_password(user, new, opened.content, Owned(before.owner, Sponsor(before.id, given)))
    user.renew_stamp()
    end(before)
    return made.opened


def end(slot: Slot) -> None:
    """The credential opens nothing any more."""
    keyholder().ask(End(slot.id))
    slot.delete()


def _vouched(slot: Slot, given: bytes) -> Vouched | None:
    opened = open_slot(slot, given)
    return opened and Vouched(opened, Owned(slot.owner, Sponsor(slot.id, given)))


def _add(user: User, slot: UUID, kind: CredentialKind, given: bytes, content: SlotContent, owned: Owned) -> Opened:
    hardening: Hardening = keyholder().ask(Enrol(slot, owned.owner, kind, given, owned.sponsor))
    wrapped = slots.wrap(slots.slot_key(given, hardening.secret), content.encode(), slot)
    Slot.objects.create(id=slot, user=user, kind=kind, owner=owned.owner, wrapped=wrapped)
    return Opened(content, hardening.days)
