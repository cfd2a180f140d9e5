"""Who may sign in: staff of a pharmacy at the counter, staff of the registry there. Never a patient.

No password is stored, hashed or otherwise: to sign in is to unwrap one of one's slots, which takes the keyholder as well.
"""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.data import DataClass, holds
from sceau.core.keyholder.verbs import CredentialKind


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, **fields: Any) -> "User":
        return self.create(email=self.normalize_email(email), **fields)


def _stamp() -> str:
    return secrets.token_hex(16)


class User(AbstractBaseUser):
    """A person of the staff, known by their work e-mail. `public_key` (X-Wing, 1,216 bytes) is theirs to receive keys with;
    a new `stamp` ends every session.
    """

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    email = holds(DataClass.STAFF, models.EmailField(unique=True))
    name = holds(DataClass.STAFF, models.CharField(max_length=100))
    is_active = holds(DataClass.ROUTING, models.BooleanField(default=True))
    public_key = holds(DataClass.ROUTING, models.BinaryField())
    stamp = holds(DataClass.SECRET, models.CharField(max_length=32, default=_stamp))
    last_login = holds(DataClass.STAFF, models.DateTimeField(null=True, blank=True))
    password = None  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it opens this user's slot; the keyholder counts the failures."""
        from sceau.core.accounts import slots

        return raw_password is not None and slots.open_with_password(self, raw_password) is not None

    def set_password(self, raw_password: str | None) -> None:
        raise TypeError("a password is changed with the one before: accounts.slots.change_password")

    def has_usable_password(self) -> bool:
        return self.slots.filter(kind=CredentialKind.PASSWORD).exists()

    def get_session_auth_hash(self) -> str:
        return self.stamp

    def renew_stamp(self) -> None:
        """Ends every session of this user."""
        self.stamp = _stamp()
        self.save(update_fields=["stamp"])


class Slot(models.Model):
    """The user's private key, wrapped for one credential. Its id is the credential's at the keyholder, `owner` whose days it gives
    (a pharmacy's id; empty at the registry).
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    user = holds(DataClass.ROUTING, models.ForeignKey(User, models.CASCADE, related_name="slots"))
    kind = holds(
        DataClass.ROUTING, models.CharField(max_length=11, choices=[(kind.value, kind.value) for kind in CredentialKind])
    )
    owner = holds(DataClass.ROUTING, models.CharField(max_length=36, blank=True))
    wrapped = holds(DataClass.SECRET, models.BinaryField())
    created_at = holds(DataClass.ROUTING, models.DateTimeField(auto_now_add=True))

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"


class Passkey(models.Model):
    """A WebAuthn credential whose PRF output opens a slot. `credential` is what the authenticator attested (AAGUID, id and COSE key);
    `count` is its counter of signatures, 0 for one that does not count.
    """

    slot = holds(DataClass.ROUTING, models.OneToOneField(Slot, models.CASCADE, primary_key=True))
    credential_id = holds(DataClass.ROUTING, models.BinaryField(unique=True))
    credential = holds(DataClass.PUBLIC, models.BinaryField())
    count = holds(DataClass.ROUTING, models.BigIntegerField(default=0))
    name = holds(DataClass.STAFF, models.CharField(max_length=40))

    def __str__(self) -> str:
        return f"passkey {self.slot_id}"
