"""Who may send plain for which establishment, and what they sent: how many rows, which were refused, in which envelopes they lie."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.data import DataClass, holds
from sceau.registry.approvals.models import Software


class Sender(models.Model):
    """An establishment (laboratory, pharmacy) for which this software speaks without the establishment's own signature.

    `certificate` is the SHA-256 of the client certificate with which it comes by MLLP; `time_zone` is that of times without one.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    software = holds(DataClass.PUBLIC, models.ForeignKey(Software, models.PROTECT, related_name="senders"))
    finess = holds(DataClass.PUBLIC, models.CharField(max_length=9))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=200))
    time_zone = holds(DataClass.PUBLIC, models.CharField(max_length=40, default="Europe/Paris"))
    certificate = holds(DataClass.PUBLIC, models.BinaryField(null=True))
    registered_at = holds(DataClass.PUBLIC, models.DateTimeField())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["software", "finess"], name="sender_once"),
            models.UniqueConstraint(fields=["certificate"], name="sender_certificate_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.finess})"


class Submission(models.Model):
    """One call at a plain door. `refused` are the numbers of the rows refused there, `reasons` how often each kind of problem was
    told; the other rows lie in `envelopes`, in their order.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    software_id = holds(DataClass.ROUTING, models.UUIDField())
    finess = holds(DataClass.ROUTING, models.CharField(max_length=9))
    form = holds(DataClass.ROUTING, models.CharField(max_length=20))
    received_at = holds(DataClass.ROUTING, models.DateTimeField())
    rows = holds(DataClass.ROUTING, models.IntegerField())
    refused = holds(DataClass.ROUTING, ArrayField(models.IntegerField()))
    reasons = holds(DataClass.ROUTING, models.JSONField())
    envelopes = holds(DataClass.ROUTING, ArrayField(models.UUIDField()))

    class Meta:
        indexes = (
            models.Index(fields=["software_id", "-id"], name="submission_of_software"),
            models.Index(fields=["software_id", "-id"], name="submission_turned_away", condition=~models.Q(refused=[])),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(refused__len__lte=models.F("rows")), name="submission_refuses_no_more_than_came"
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.form}"
