"""Pharmacies of this counter, and who works there."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.accounts.models import NamedSlot
from sceau.core.data import DataClass, holds
from sceau.core.wire import KeyState


class Role(StrEnum):
    OWNER = "owner"
    PHARMACIST = "pharmacist"
    ASSISTANT = "assistant"


class ControlRule(StrEnum):
    """When the pharmacy wants a kit's lot tried with its maker's controls."""

    NEVER = "never"
    EACH_LOT = "lot"
    EACH_DAY = "day"


class Pharmacy(models.Model):
    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    finess = holds(DataClass.PUBLIC, models.CharField(max_length=9, unique=True))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=200))
    time_zone = holds(DataClass.PUBLIC, models.CharField(max_length=40, default="Europe/Paris"))
    controls = holds(
        DataClass.ROUTING,
        models.CharField(max_length=5, choices=[(one.value, one.value) for one in ControlRule], default=ControlRule.NEVER),
    )

    def __str__(self) -> str:
        return f"{self.name} ({self.finess})"

    def day(self, at: datetime) -> date:
        """The calendar day at the pharmacy."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()


class Enrolment(models.Model):
    """The pharmacy's signing key, as the registry is asked to enrol it (`core.wire.KeyRequest`), and how that stands. `answered_at` is
    None until the registry has heard of it; what the key signed leaves once it is enrolled.
    """

    pharmacy = holds(DataClass.ROUTING, models.OneToOneField(Pharmacy, models.CASCADE, primary_key=True))
    epoch = holds(DataClass.ROUTING, models.IntegerField())
    public_key = holds(DataClass.PUBLIC, models.BinaryField())
    proof = holds(DataClass.PUBLIC, models.BinaryField())
    asked_at = holds(DataClass.ROUTING, models.DateTimeField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=9, choices=[(one.value, one.value) for one in KeyState]))
    answered_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    next_at = holds(DataClass.ROUTING, models.DateTimeField())

    def __str__(self) -> str:
        return f"{self.pharmacy_id} {self.state}"


class Member(models.Model):
    """A person of the staff of one pharmacy. `endorsement` is the pharmacy's signature over this person's public key: no key is
    wrapped to one without.
    """

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE, related_name="members"))
    user = holds(DataClass.ROUTING, models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships"))
    role = holds(DataClass.ROUTING, models.CharField(max_length=12, choices=[(role.value, role.value) for role in Role]))
    endorsement = holds(DataClass.ROUTING, models.BinaryField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["pharmacy", "user"], name="member_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Workstation(NamedSlot):
    """A credential in a file, with which a computer of the pharmacy imports by itself, in the name of the slot's user."""

    kind = "workstation"


class Epoch(models.Model):
    """One generation of a pharmacy's keys, begun when somebody left. `signing_public` (Ed25519) is signed by the epoch before."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE, related_name="epochs"))
    number = holds(DataClass.ROUTING, models.IntegerField())
    signing_public = holds(DataClass.PUBLIC, models.BinaryField())
    endorsement = holds(DataClass.ROUTING, models.BinaryField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["pharmacy", "number"], name="epoch_once"),)

    def __str__(self) -> str:
        return f"{self.pharmacy_id} {self.number}"


class MemberKey(models.Model):
    """An epoch's keys, wrapped to one member."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    member = holds(DataClass.ROUTING, models.ForeignKey(Member, models.CASCADE, related_name="keys"))
    epoch = holds(DataClass.ROUTING, models.ForeignKey(Epoch, models.CASCADE))
    wrapped = holds(DataClass.SECRET, models.BinaryField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "epoch"], name="epoch_once_a_member"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.epoch_id}"


class BoxKey(models.Model):
    """A day's public key (X-Wing), made ahead for what comes while nobody is signed in, and signed by the pharmacy."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE, related_name="boxes"))
    day = holds(DataClass.ROUTING, models.DateField())
    public = holds(DataClass.PUBLIC, models.BinaryField())
    signature = holds(DataClass.ROUTING, models.BinaryField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["pharmacy", "day"], name="box_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.pharmacy_id} {self.day}"
