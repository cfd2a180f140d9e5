"""Pharmacies whose signatures the registry knows, the owners who answer for them, and the keys that were asked for."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.data import DataClass, holds
from sceau.core.wire import KeyState
from sceau.registry.approvals.models import Software


class Pharmacy(models.Model):
    """`public_key` (Ed25519, 32 bytes) is the one its owner confirmed; what it does not sign is refused."""

    finess = holds(DataClass.PUBLIC, models.CharField(primary_key=True, max_length=9))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=200))
    public_key = holds(DataClass.PUBLIC, models.BinaryField())
    enrolled_at = holds(DataClass.PUBLIC, models.DateTimeField())

    def __str__(self) -> str:
        return f"{self.name} ({self.finess})"


class Owner(models.Model):
    """An account at the registry that answers for one pharmacy, and sees nothing else."""

    user = holds(
        DataClass.ROUTING,
        models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="pharmacy_owner"),
    )
    finess = holds(DataClass.PUBLIC, models.CharField(max_length=9, db_index=True))

    def __str__(self) -> str:
        return f"{self.user_id} of {self.finess}"


class Key(models.Model):
    """One request to enrol a key, and what became of it. `by` is who decided (`user:12`, `operator`)."""

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    finess = holds(DataClass.PUBLIC, models.CharField(max_length=9))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=200))
    public_key = holds(DataClass.PUBLIC, models.BinaryField())
    software = holds(DataClass.PUBLIC, models.ForeignKey(Software, models.PROTECT))
    asked_at = holds(DataClass.ROUTING, models.DateTimeField())
    received_at = holds(DataClass.ROUTING, models.DateTimeField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=9, choices=[(one.value, one.value) for one in KeyState]))
    decided_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    ended_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    by = holds(DataClass.ROUTING, models.CharField(max_length=24, blank=True))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["finess", "public_key", "asked_at"], name="key_asked_once"),
            models.UniqueConstraint(fields=["finess"], condition=models.Q(state=KeyState.REQUESTED), name="key_one_requested"),
            models.UniqueConstraint(fields=["finess"], condition=models.Q(state=KeyState.ENROLLED), name="key_one_enrolled"),
            models.CheckConstraint(condition=models.Q(state__in=list(KeyState)), name="key_state_known"),
        )

    def __str__(self) -> str:
        return f"key of {self.finess}: {self.state}"
