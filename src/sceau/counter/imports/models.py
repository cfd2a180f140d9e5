"""Imports: one file given once. Its name and content are sealed or hashed with the pharmacy's key, never kept."""

from enum import StrEnum

from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.data import DataClass, holds
from sceau.counter.pharmacies.models import Pharmacy


class ImportState(StrEnum):
    """`running` also after an interruption: giving the same file again goes on where it stopped."""

    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


class Import(models.Model):
    """`digest` is a keyed hash of the file; `rows_done` how far it got."""

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE))
    at = holds(DataClass.ROUTING, models.DateTimeField())
    day = holds(DataClass.ROUTING, models.DateField())
    form = holds(DataClass.ROUTING, models.CharField(max_length=30))
    digest = holds(DataClass.ROUTING, models.BinaryField())
    sealed_name = holds(DataClass.SEALED_IDENTITY, models.BinaryField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=8, default=ImportState.RUNNING))
    rows = holds(DataClass.ROUTING, models.IntegerField())
    rows_done = holds(DataClass.ROUTING, models.IntegerField(default=0))
    taken = holds(DataClass.ROUTING, models.IntegerField(default=0))
    already = holds(DataClass.ROUTING, models.IntegerField(default=0))
    refused = holds(DataClass.ROUTING, models.IntegerField(default=0))

    class Meta:
        indexes = (models.Index(fields=["pharmacy", "-at"], name="imports_latest"),)

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
