"""How django-allauth behaves here: nobody signs up by themselves, and second-factor seeds are sealed in the database."""

import base64
import os

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import HttpRequest

from sceau.core.config import setting

_LABEL = b"sceau/totp/v1"
_NONCE = 12


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds are sealed under `SECOND_FACTOR_KEY` (32 bytes, base64), which is in no database."""

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + self._cipher().encrypt(nonce, text.encode(), _LABEL)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        data = base64.b64decode(encrypted_text)
        try:
            return self._cipher().decrypt(data[:_NONCE], data[_NONCE:], _LABEL).decode()
        except InvalidTag:
            raise ValueError("the second factor was sealed under another SECOND_FACTOR_KEY") from None

    def _cipher(self) -> AESGCM:
        return AESGCM(base64.b64decode(setting("SECOND_FACTOR_KEY")))
