"""How django-allauth behaves here: nobody signs up by themselves, and second-factor seeds are sealed by the keyholder."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from sceau.core.accounts import limits, slots
from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.models import User
from sceau.core.accounts.slots import Opened
from sceau.core.keyholder.secret_verbs import OpenSecret, SealSecret

_NAME = "second-factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str = "", **others: Any) -> bool:
        """Five minutes after signing in, or after the last confirmation."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] >= REAUTHENTICATION_TIMEOUT

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Says until when."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise ValidationError(limits.why(limits.until(request, "login_failed", key=key))) from None

    def opened(self, user: User, password: str) -> Opened | None:
        """What the password opens, tries counted as at the door; nothing of it goes into the session."""
        self.pre_authenticate(self.request, email=bytes(user.email_token or b"").hex())
        opened = slots.open_with_password(user, password)
        if opened is not None:
            self._rollback_login_failed_rl_usage()
        return opened

    def reauthenticate(self, user: User, password: str) -> bool:
        """By the token, as at the door."""
        again = self.authenticate(self.request, email=bytes(user.email_token or b"").hex(), password=password)
        return again is not None and again.pk == user.pk


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds lie sealed in the database; the key is the keyholder's."""

    def get_totp_label(self, user: User) -> str:
        return user.email

    def encrypt(self, text: str) -> str:
        sealed: bytes = keyholder().ask(SealSecret(_NAME, text.encode()))
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        secret: bytes = keyholder().ask(OpenSecret(_NAME, base64.b64decode(encrypted_text)))
        return secret.decode()
