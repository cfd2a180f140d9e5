"""Who may sign in: staff of a pharmacy at the counter, staff of the registry there. Never a patient.

No password is stored, hashed or otherwise: to sign in is to unwrap one of one's slots, which takes the keyholder as well.
"""

import secrets
from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from uuid_utils.compat import uuid7

from sceau.core.accounts import people
from sceau.core.accounts.people import Person
from sceau.core.data import DataClass, holds
from sceau.core.keyholder.credential_verbs import CredentialKind
from sceau.core.keyholder.errors import KeyholderError


class UserManager(BaseUserManager["User"]):
    def create_user(self, person: Person, *, public_key: bytes) -> "User":
        """Raises `IntegrityError` if somebody has the address, `KeyholderError`."""
        sealed = people.seal(people.label(public_key), person)
        return self.create(email_token=people.token(person.email), sealed=sealed, public_key=public_key)

    def at(self, address: str) -> models.QuerySet["User"]:
        """Whoever signs in with this address: one, or nobody. Raises `KeyholderError`."""
        return self.filter(email_token=people.token(address), is_active=True)


def _stamp() -> str:
    return secrets.token_hex(16)


class User(AbstractBaseUser):
    """A person of the staff, known by their work e-mail, of which the row has the token (None once they have left). `sealed` is their
    name and the address; `public_key` (X-Wing, 1,216 bytes) is theirs to receive keys with; a new `stamp` ends every session.
    """

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    email_token = holds(DataClass.BLIND, models.BinaryField(unique=True, null=True))
    sealed = holds(DataClass.SEALED_STAFF, models.BinaryField())
    is_active = holds(DataClass.ROUTING, models.BooleanField(default=True))
    public_key = holds(DataClass.ROUTING, models.BinaryField())
    stamp = holds(DataClass.SECRET, models.CharField(max_length=32, default=_stamp))
    last_login = holds(DataClass.STAFF, models.DateTimeField(null=True, blank=True))
    password = None  # type: ignore[assignment]

    USERNAME_FIELD = "email_token"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def label(self) -> str:
        return people.label(bytes(self.public_key))

    @property
    def sealed_text(self) -> bytes:
        return bytes(self.sealed)

    @cached_property
    def person(self) -> Person:
        """Opened by the keyholder once an object, that is: a request. Several at once: `open_all`. Raises `KeyholderError`."""
        return Person(*people.opened([self])[0])

    @property
    def name(self) -> str:
        return self.person.name

    @cached_property
    def called(self) -> str:
        """As the head of every page names this person; empty while the keyholder is away: no page waits for a name."""
        try:
            return self.name
        except KeyholderError:
            return ""

    @property
    def email(self) -> str:
        return self.person.email

    def forget_address(self) -> None:
        """The address is free for another account, and is nowhere any more; the name stays, for what this person has done."""
        name = self.name
        self.email_token, self.sealed = None, people.seal(self.label, Person(name))
        self.person = Person(name)

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


def open_all(users: Iterable[User]) -> None:
    """Opens the names and addresses of a page's people in one question. Raises `KeyholderError`."""
    shut = [user for user in users if "person" not in user.__dict__]
    for user, told in zip(shut, people.opened(shut), strict=True):
        user.person = Person(*told)


def display(user: User) -> str:
    """What pages call this person."""
    return user.name


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


class NamedSlot(models.Model):
    """A slot that has a name, which only those who see it open. `kind` begins the place that the name is sealed for."""

    kind: ClassVar[str]
    slot = holds(DataClass.ROUTING, models.OneToOneField(Slot, models.CASCADE, primary_key=True))
    sealed_name = holds(DataClass.SEALED_STAFF, models.BinaryField())

    class Meta:
        abstract = True

    @classmethod
    def label_of(cls, slot: UUID) -> str:
        return f"{cls.kind}/{slot}"

    @property
    def label(self) -> str:
        return self.label_of(self.slot_id)

    @property
    def sealed_text(self) -> bytes:
        return bytes(self.sealed_name)

    def __str__(self) -> str:
        return f"{self.kind} {self.slot_id}"


class Passkey(NamedSlot):
    """A WebAuthn credential whose PRF output opens a slot. `credential` is what the authenticator attested (AAGUID, id and COSE key);
    `count` is its counter of signatures, 0 for one that does not count.
    """

    kind = "passkey"
    credential_id = holds(DataClass.ROUTING, models.BinaryField(unique=True))
    credential = holds(DataClass.PUBLIC, models.BinaryField())
    count = holds(DataClass.ROUTING, models.BigIntegerField(default=0))


class Link(models.Model):
    """Whom an OpenID Connect provider means by somebody: `token` is the keyholder's digest of issuer and subject. It opens nothing."""

    user = holds(DataClass.ROUTING, models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="link"))
    token = holds(DataClass.BLIND, models.BinaryField(unique=True))

    def __str__(self) -> str:
        return f"link of {self.user_id}"


class Remembered(models.Model):
    """What the door counts (`shared_cache.py`): a keyed digest of what is counted, and until when it is remembered."""

    digest = holds(DataClass.BLIND, models.BinaryField(primary_key=True))
    value = holds(DataClass.ROUTING, models.BinaryField())
    until = holds(DataClass.ROUTING, models.DateTimeField(db_index=True))

    def __str__(self) -> str:
        return f"until {self.until}"
