"""Making an account with its second factor ready, for whoever sets a service up."""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from sceau.core.accounts.models import User
from sceau.core.accounts.seed import SignIn


@transaction.atomic
def create(*, email: str, name: str) -> SignIn:
    """An account with a random password and an active TOTP; raises `IntegrityError` if the e-mail is taken."""
    password, secret = secrets.token_urlsafe(12), generate_totp_secret()
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, secret)
    return SignIn(user.email, password, secret)
