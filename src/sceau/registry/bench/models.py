"""What the conformance bench saw: calls at its doors, and reports about the persons it invented. Empty but in a sandbox (ADR 0021)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sceau.core.data import DataClass, holds
from sceau.registry.bench.enums import Fault, Kind


class Call(models.Model):
    """One call of software under test, with the envelopes it named, and the fault that it was answered with on purpose, if any."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    software_id = holds(DataClass.ROUTING, models.UUIDField())
    at = holds(DataClass.ROUTING, models.DateTimeField())
    kind = holds(DataClass.ROUTING, models.CharField(max_length=4, choices=[(one.value, one.value) for one in Kind]))
    fault = holds(
        DataClass.ROUTING, models.CharField(max_length=11, choices=[(one.value, one.value) for one in Fault], blank=True)
    )
    envelopes = holds(DataClass.ROUTING, ArrayField(models.UUIDField()))

    class Meta:
        indexes = (models.Index(fields=["software_id", "at"], name="bench_calls"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.fault}"


class Arrival(models.Model):
    """One report as the keyholder told it: which invented person it is about, by blind tokens, and what it found. `report` is None for
    one that was refused; `scenario` is empty for somebody the bench did not invent.
    """

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    software_id = holds(DataClass.ROUTING, models.UUIDField())
    at = holds(DataClass.ROUTING, models.DateTimeField())
    envelope = holds(DataClass.ROUTING, models.UUIDField())
    report = holds(DataClass.PSEUDONYMOUS, models.UUIDField(null=True))
    lineage = holds(DataClass.PSEUDONYMOUS, models.UUIDField(null=True))
    status = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=20))
    scenario = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=20, blank=True))
    named = holds(DataClass.PSEUDONYMOUS, models.BooleanField())
    findings = holds(DataClass.PSEUDONYMOUS, models.JSONField())

    class Meta:
        indexes = (models.Index(fields=["software_id", "at"], name="bench_arrivals"),)

    def __str__(self) -> str:
        return f"{self.scenario or 'somebody'} {self.status}"


class Reference(models.Model):
    """The bench's own envelope about its invented persons, made anew each day: what comes is compared with it, by blind tokens."""

    day = holds(DataClass.ROUTING, models.DateField(primary_key=True))
    data = holds(DataClass.SEALED_HEALTH, models.BinaryField())

    def __str__(self) -> str:
        return f"reference of {self.day}"
