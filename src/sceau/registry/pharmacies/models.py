"""Pharmacies whose signatures the registry knows, and the one-time codes by which they enrol."""

from django.db import models

from sceau.core.data import DataClass, holds


class Pharmacy(models.Model):
    """`public_key` (Ed25519, 32 bytes) is the one the registry enrolled itself; what it does not sign is refused."""

    finess = holds(DataClass.PUBLIC, models.CharField(primary_key=True, max_length=9))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=200))
    public_key = holds(DataClass.PUBLIC, models.BinaryField())
    enrolled_at = holds(DataClass.PUBLIC, models.DateTimeField())

    def __str__(self) -> str:
        return f"{self.name} ({self.finess})"


class EnrolmentCode(models.Model):
    """A code given to the owner by the registry on another way; only its SHA-256 is kept."""

    digest = holds(DataClass.ROUTING, models.BinaryField(primary_key=True))
    finess = holds(DataClass.PUBLIC, models.CharField(max_length=9))
    expires_at = holds(DataClass.ROUTING, models.DateTimeField())
    used_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))

    def __str__(self) -> str:
        return f"code for {self.finess}"
