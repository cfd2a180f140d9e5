"""Making an account with its slots and its second factor ready, for whoever sets a service up."""

import os
import secrets
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from sceau.core.accounts import slots
from sceau.core.accounts.models import User
from sceau.core.accounts.seed import SignIn
from sceau.core.accounts.slots import Opened, Owned
from sceau.core.sealing import suite
from sceau.core.sealing.slots import SlotContent


class Account(NamedTuple):
    """A new user, what they need to sign in, and their key, unlocked for whoever is setting them up."""

    user: User
    sign_in: SignIn
    opened: Opened


@transaction.atomic
def create(*, email: str, name: str, pharmacies: dict[str, str] | None = None, owned: Owned = Owned()) -> Account:  # noqa: B008
    """An account with a random password, a recovery code and an active TOTP; `pharmacies` are the fingerprints its slots pin.
    Raises `IntegrityError` if the e-mail is taken, `KeyholderError`.
    """
    content = SlotContent(os.urandom(suite.SEED_LENGTH), pharmacies or {})
    user = User.objects.create_user(email, name=name, public_key=suite.public_bytes(content.user_seed))
    password, seed = secrets.token_urlsafe(12), generate_totp_secret()
    opened = slots.add_password(user, password, content, owned)
    code = slots.add_recovery(user, content, owned)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, seed)
    return Account(user, SignIn(user.email, password, seed, code), opened)
