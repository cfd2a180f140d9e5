"""The outbox: sealed envelopes on their way to the registry. Nothing here opens them."""

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sceau.core.data import DataClass, holds
from sceau.counter.pharmacies.models import Pharmacy


class EnvelopeState(StrEnum):
    """`received` has a receipt and waits for its acknowledgement; `stopped` cannot heal by itself and can be requeued."""

    WAITING = "waiting"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    STOPPED = "stopped"


class Envelope(models.Model):
    """`data` until it is acknowledged; `sealed_key` is the acknowledgement key under the pharmacy's key of `day`; `epoch` is whose
    key signed it.
    `outcomes`, `told_at`, `flaw` and `signature` are the registry's acknowledgement, kept to verify what pages show.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE))
    day = holds(DataClass.ROUTING, models.DateField())
    epoch = holds(DataClass.ROUTING, models.IntegerField(default=0))
    created_at = holds(DataClass.ROUTING, models.DateTimeField())
    reports = holds(DataClass.ROUTING, models.SmallIntegerField())
    data = holds(DataClass.SEALED_HEALTH, models.BinaryField(null=True))
    sealed_key = holds(DataClass.SEALED_HEALTH, models.BinaryField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=12, default=EnvelopeState.WAITING))
    attempts = holds(DataClass.ROUTING, models.IntegerField(default=0))
    next_attempt_at = holds(DataClass.ROUTING, models.DateTimeField())
    problem = holds(DataClass.ROUTING, models.JSONField(null=True))
    received_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    acknowledged_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    sealed_reasons = holds(DataClass.SEALED_HEALTH, models.BinaryField(null=True))
    outcomes = holds(DataClass.ROUTING, ArrayField(models.CharField(max_length=10), null=True))
    told_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    flaw = holds(DataClass.ROUTING, models.CharField(max_length=30, default=""))
    signature = holds(DataClass.ROUTING, models.BinaryField(null=True))

    class Meta:
        indexes = (
            models.Index(
                fields=["state", "next_attempt_at"],
                name="relay_outstanding",
                condition=models.Q(state__in=[EnvelopeState.WAITING, EnvelopeState.RECEIVED]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
