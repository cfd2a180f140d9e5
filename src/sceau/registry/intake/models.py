"""The inbox: one row an envelope, kept for ever without its body, so that each envelope counts once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sceau.core.data import DataClass, holds
from sceau.registry.intake.enums import InboxState


class InboxEnvelope(models.Model):
    """`body` is the sealed envelope until it is acknowledged; the columns after it are the acknowledgement."""

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))
    software_id = holds(DataClass.ROUTING, models.UUIDField())
    finess = holds(DataClass.ROUTING, models.CharField(max_length=9))
    reports = holds(DataClass.ROUTING, models.SmallIntegerField())
    digest = holds(DataClass.ROUTING, models.BinaryField())
    received_at = holds(DataClass.ROUTING, models.DateTimeField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=10, default=InboxState.WAITING))
    body = holds(DataClass.SEALED_HEALTH, models.BinaryField(null=True))
    flaw = holds(DataClass.ROUTING, models.CharField(max_length=30, default=""))
    outcomes = holds(DataClass.ROUTING, ArrayField(models.CharField(max_length=10), null=True))
    sealed_reasons = holds(DataClass.SEALED_HEALTH, models.BinaryField(null=True))
    acknowledged_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    signature = holds(DataClass.ROUTING, models.BinaryField(null=True))
    signature_key = holds(DataClass.ROUTING, models.CharField(max_length=16, default=""))

    class Meta:
        indexes = (
            models.Index(
                fields=["received_at"],
                name="inbox_waiting",
                condition=models.Q(state__in=[InboxState.WAITING, InboxState.SET_ASIDE]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class Sent(models.Model):
    """What a software sent on a day of Paris, and in the last minute of it in which it sent: envelopes stored, the reports in them,
    their bytes. In several rows (`lane`), so that those who store at once do not wait for each other.
    """

    pk = holds(DataClass.ROUTING, models.CompositePrimaryKey("software_id", "day", "lane"))
    software_id = holds(DataClass.ROUTING, models.UUIDField())
    day = holds(DataClass.ROUTING, models.DateField())
    lane = holds(DataClass.ROUTING, models.SmallIntegerField())
    envelopes = holds(DataClass.ROUTING, models.BigIntegerField())
    reports = holds(DataClass.ROUTING, models.BigIntegerField())
    bytes = holds(DataClass.ROUTING, models.BigIntegerField())
    minute = holds(DataClass.ROUTING, models.DateTimeField())
    minute_reports = holds(DataClass.ROUTING, models.BigIntegerField())
    minute_bytes = holds(DataClass.ROUTING, models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.software_id} {self.day}"


class Unconfirmed(models.Model):
    """An envelope that is acknowledged, of which the keyholder has not heard yet that this was committed."""

    envelope = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))

    def __str__(self) -> str:
        return str(self.envelope)
