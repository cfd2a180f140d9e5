"""The service's small secrets (seeds of second factors, staff's names and addresses): sealed for its database, opened for its pages.

By an address's token an account is found without the address being stored. Who asks must have the address already, and be one of the
service's own processes: strangers' guesses are counted at the door of the service.
"""

import hmac
import os
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.secret_verbs import AddressToken, DoorKey, OpenSecret, OpenSecrets, OpenStaff, SealSecret, SubjectToken
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.store import Store

_SECRETS, _ADDRESSES, _SUBJECTS, _DOOR = "secrets", "addresses", "subjects", "door"
_LABEL, _SUBJECT = b"sceau/address/v1\0", b"sceau/subject/v1\0"
_NONCE = 12
STAFF = "staff/"
"""What the names and addresses of staff are sealed under begins so."""


class SealedSecrets:
    """Answers for both services, each with keys of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {
            SealSecret: lambda asked, _: self.seal(asked),
            OpenSecret: lambda asked, _: self.open(asked),
            OpenSecrets: lambda asked, _: [self._opened(name, sealed) for name, sealed in asked.secrets],
            OpenStaff: lambda asked, _: [self._staff(name, sealed) for name, sealed in asked.secrets],
            AddressToken: lambda asked, _: self.token(asked.address),
            SubjectToken: lambda asked, _: self.subject(asked),
            DoorKey: lambda _asked, _: self._store.ensure(_DOOR),
        }

    def seal(self, asked: SealSecret) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher().encrypt(nonce, asked.secret, asked.name.encode())

    def open(self, asked: OpenSecret) -> bytes:
        """Raises `KeyholderError` (`wrong`) for what was sealed under another name, or changed."""
        opened = self._opened(asked.name, asked.sealed)
        if opened is None:
            raise KeyholderError(Refusal.WRONG)
        return opened

    def token(self, address: str) -> bytes:
        """The same for every way to write an address: capitals, compatibility forms, spaces around it."""
        folded = unicodedata.normalize("NFKC", address).strip().casefold()
        return hmac.digest(self._store.ensure(_ADDRESSES), _LABEL + folded.encode(), "sha256")

    def subject(self, asked: SubjectToken) -> bytes:
        """Byte for byte: to its issuer, a subject in capitals is somebody else."""
        told = f"{len(asked.issuer)}\0{asked.issuer}{asked.subject}".encode()
        return hmac.digest(self._store.ensure(_SUBJECTS), _SUBJECT + told, "sha256")

    def _staff(self, name: str, sealed: bytes) -> bytes | None:
        return self._opened(name, sealed) if name.startswith(STAFF) else None

    def _opened(self, name: str, sealed: bytes) -> bytes | None:
        try:
            return self._cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except (InvalidTag, ValueError):
            return None

    def _cipher(self) -> AESGCM:
        return AESGCM(self._store.ensure(_SECRETS))
