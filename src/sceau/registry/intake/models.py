"""The inbox: one row an envelope, kept for ever without its body, so that each envelope counts once."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from sceau.core.data import DataClass, holds
from sceau.registry.intake.enums import InboxState, Outcome


class InboxEnvelope(models.Model):
    """`body` is the sealed envelope until it is acknowledged; the columns after it are the acknowledgement. `failures`: how often it
    was set aside; `stamp`: that of the door that took it in.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))
    software_id = holds(DataClass.ROUTING, models.UUIDField())
    finess = holds(DataClass.ROUTING, models.CharField(max_length=9))
    reports = holds(DataClass.ROUTING, models.SmallIntegerField())
    digest = holds(DataClass.ROUTING, models.BinaryField())
    received_at = holds(DataClass.ROUTING, models.DateTimeField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=10, default=InboxState.WAITING))
    failures = holds(DataClass.ROUTING, models.SmallIntegerField(default=0, db_default=0))
    stamp = holds(DataClass.ROUTING, models.BinaryField(default=b""))
    body = holds(DataClass.SEALED_HEALTH, models.BinaryField(null=True))
    flaw = holds(DataClass.ROUTING, models.CharField(max_length=30, default=""))
    outcomes = holds(DataClass.ROUTING, ArrayField(models.CharField(max_length=10), null=True))
    sealed_reasons = holds(DataClass.SEALED_HEALTH, models.BinaryField(null=True))
    acknowledged_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    signature = holds(DataClass.ROUTING, models.BinaryField(null=True))
    signature_key = holds(DataClass.ROUTING, models.CharField(max_length=16, default=""))

    class Meta:
        indexes = (
            models.Index(fields=["received_at"], name="inbox_waiting", condition=models.Q(state=InboxState.WAITING)),
            models.Index(
                fields=["software_id", "received_at"], name="inbox_aside", condition=models.Q(state=InboxState.SET_ASIDE)
            ),
            models.Index(
                fields=["software_id", "-received_at"],
                name="inbox_refused",
                condition=models.Q(outcomes__contains=[Outcome.REFUSED]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class Sent(models.Model):
    """What a software sent on a day of Paris, and in the last minute of it in which it sent: envelopes stored, the reports in them,
    their bytes; `plain`, by a plain door. In several rows (`lane`), so that those who store at once do not wait for each other.
    """

    pk = holds(DataClass.ROUTING, models.CompositePrimaryKey("software_id", "day", "plain", "lane"))
    software_id = holds(DataClass.ROUTING, models.UUIDField())
    day = holds(DataClass.ROUTING, models.DateField())
    plain = holds(DataClass.ROUTING, models.BooleanField())
    lane = holds(DataClass.ROUTING, models.SmallIntegerField())
    envelopes = holds(DataClass.ROUTING, models.BigIntegerField())
    reports = holds(DataClass.ROUTING, models.BigIntegerField())
    bytes = holds(DataClass.ROUTING, models.BigIntegerField())
    minute = holds(DataClass.ROUTING, models.DateTimeField())
    minute_reports = holds(DataClass.ROUTING, models.BigIntegerField())
    minute_bytes = holds(DataClass.ROUTING, models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.software_id} {self.day}"


class Answered(models.Model):
    """How many reports that a software sent on a day of Paris had which outcome (`reason` is empty), and how often which kind of
    problem was told of those refused; `counting` has the words for what was refused at the doors. `lane` as in `Sent`.
    """

    pk = holds(DataClass.ROUTING, models.CompositePrimaryKey("software_id", "day", "outcome", "reason", "lane"))
    software_id = holds(DataClass.ROUTING, models.UUIDField())
    day = holds(DataClass.ROUTING, models.DateField())
    outcome = holds(DataClass.ROUTING, models.CharField(max_length=12))
    reason = holds(DataClass.ROUTING, models.CharField(max_length=30))
    lane = holds(DataClass.ROUTING, models.SmallIntegerField())
    reports = holds(DataClass.ROUTING, models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.software_id} {self.day} {self.outcome} {self.reason}"


class Operator(models.Model):
    """One of the registry's staff who keeps it running: has what was set aside taken in again."""

    user = holds(
        DataClass.ROUTING,
        models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="operates"),
    )

    def __str__(self) -> str:
        return f"operator {self.user_id}"


class Unconfirmed(models.Model):
    """An envelope that is acknowledged, of which the keyholder has not heard yet that this was committed."""

    envelope = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))

    def __str__(self) -> str:
        return str(self.envelope)
