"""The recovery code: it opens, once, an account whose password is lost, or one that somebody was invited to.

It takes the place of a password, never of the second factor.
"""

from datetime import datetime, timedelta

from django.db import transaction
from uuid_utils.compat import uuid7

from sceau.core.accounts import slots
from sceau.core.accounts.models import Slot, User
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.credential_verbs import CredentialKind

INVITATION = timedelta(days=7)


def invited(user: User) -> bool:
    """Whether this user has not opened the account yet."""
    return not user.has_usable_password()


@transaction.atomic
def recover(*, email: str, code: bytes, password: str, at: datetime) -> str | None:
    """A new password, and a new recovery code, which is given; None if e-mail or code is wrong, used, or an invitation too old.
    What opened before opens no more, and every session ends. A stranger's e-mail costs as much as a known one.
    Raises `KeyholderError`.
    """
    user = User.objects.at(email).select_for_update().first()
    slot = _slot(user, at) if user else None
    vouched = slots.open_with_code(slot or Slot(id=uuid7(), wrapped=b""), code)
    if user is None or slot is None or vouched is None:
        return None
    ended = [*user.slots.filter(kind=CredentialKind.PASSWORD), slot]
    slots.add_password(user, password, vouched.opened.content, vouched.owned)
    fresh = slots.add_recovery(user, vouched.opened.content, vouched.owned)
    _end(user, ended, Event.ACCOUNT_RECOVERED, at)
    return fresh


@transaction.atomic
def renew(user: User, password: str, *, at: datetime) -> str | None:
    """Another recovery code in place of the one before; None if the password is wrong. Raises `KeyholderError`."""
    vouched = slots.vouch(user, password)
    if vouched is None:
        return None
    ended = list(user.slots.filter(kind=CredentialKind.RECOVERY))
    fresh = slots.add_recovery(user, vouched.opened.content, vouched.owned)
    _end(user, ended, Event.RECOVERY_CODE_RENEWED, at)
    return fresh


def _slot(user: User, at: datetime) -> Slot | None:
    slot: Slot | None = user.slots.filter(kind=CredentialKind.RECOVERY).first()
    return None if slot and invited(user) and slot.created_at + INVITATION <= at else slot


def _end(user: User, ended: list[Slot], event: Event, at: datetime) -> None:
    """Last, since what the keyholder destroys no rollback brings back."""
    if event is Event.ACCOUNT_RECOVERED:
        user.renew_stamp()
    record(event, by=f"user:{user.pk}", subject=f"user:{user.pk}", at=at)
    for slot in ended:
        slots.end(slot)
