"""Making an account: with its slots and its second factor ready, or for somebody invited, who begins with a recovery code."""

import os
import secrets
from typing import NamedTuple

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.utils import timezone

from sceau.core.accounts import slots
from sceau.core.accounts.checks import user_state
from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.models import Link, User
from sceau.core.accounts.people import Person
from sceau.core.accounts.seed import SignIn
from sceau.core.accounts.slots import Opened, Owned
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.sealing import suite
from sceau.core.sealing.slots import SlotContent


class Account(NamedTuple):
    """A new user, what they need to sign in, and their key, unlocked for whoever is setting them up."""

    user: User
    sign_in: SignIn
    opened: Opened


class Invited(NamedTuple):
    """A new user, and the code that opens the account once, to choose a password."""

    user: User
    code: str


@transaction.atomic
def create(
    *,
    email: str,
    name: str,
    pharmacies: dict[str, str] | None = None,
    owned: Owned = Owned(),  # noqa: B008
    password: str = "",
) -> Account:
    """An account with a recovery code, and with a random password and an active TOTP unless the person chose a `password`, who then
    sets up the second factor at the first sign-in. `pharmacies` are the fingerprints its slots pin.
    Raises `IntegrityError` if the e-mail is taken, `KeyholderError`.
    """
    user, content = _new(email, name, pharmacies or {})
    seed = "" if password else generate_totp_secret()
    password = password or secrets.token_urlsafe(12)
    opened, vouching = slots.add_password(user, password, content, owned)
    code = slots.add_recovery(user, content, vouching)
    if seed:
        TOTP.activate(user, seed)
    return Account(user, SignIn(email, password, seed, code), opened)


@transaction.atomic
def invite(*, email: str, name: str, pharmacies: dict[str, str], owned: Owned) -> Invited:
    """An account without password or second factor, which its owner chooses (`recovery.recover`). Raises as `create`."""
    user, content = _new(email, name, pharmacies)
    return Invited(user, slots.add_recovery(user, content, owned))


@transaction.atomic
def close(user: User) -> None:
    """No slot of theirs opens any more, in no backup; no session of theirs goes on. The address is free for another invitation."""
    user.is_active = False
    user.forget_address()
    user.save(update_fields=["is_active", "email_token", "sealed"])
    user.renew_stamp()
    Link.objects.filter(user=user).delete()
    for slot in user.slots.all():
        slots.end(slot)


def _new(email: str, name: str, pharmacies: dict[str, str]) -> tuple[User, SlotContent]:
    content = SlotContent(os.urandom(suite.SEED_LENGTH), pharmacies)
    user = User.objects.create_user(Person(name, email), public_key=suite.public_bytes(content.user_seed))
    states.tell([user_state(user)], event=Event.USER_ADDED, by="system:accounts", keyholder=keyholder(), at=timezone.now())
    return user, content
