"""Signing in with a password is unwrapping its slot; what it opens stays in the session, if there is one."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sceau.core.accounts import slots, unlocking
from sceau.core.accounts.models import User
from sceau.core.keyholder.errors import KeyholderError, Refusal


class SlotBackend(BaseBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        email: str = "",
        password: str = "",
        **others: Any,
    ) -> User | None:
        """`email` is the address's token, in hexadecimal: the address itself stays in the form."""
        user = User.objects.filter(email_token=bytes.fromhex(email), is_active=True).first()
        try:
            opened = slots.open_with_password(user, password)
        except KeyholderError as error:
            raise ValidationError(explain(error)) from None
        if user is None or opened is None:
            return None
        if request is not None:
            unlocking.unlock(request, user, opened)
        return user

    def get_user(self, user_id: int) -> User | None:
        """Whoever is signed in, with `second_factor`: whether they have one, which every page asks."""
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        return User.objects.filter(pk=user_id, is_active=True).annotate(second_factor=Exists(factors)).first()


def explain(error: KeyholderError) -> str:
    """What the person at the page can do about it."""
    if error.refusal is Refusal.METERED:
        return _("Too many wrong passwords for this account: wait an hour, or ask your owner or operator.")
    return _("The service that holds the keys does not answer. Nothing is lost: tell the operator, then sign in again.")
