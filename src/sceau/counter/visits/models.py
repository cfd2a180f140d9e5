"""The queue of the day: who waits, whose test runs, and what was found. Who they are is sealed under the day's key."""

from enum import StrEnum

from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.data import DataClass, holds
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.models import Member, Pharmacy
from sceau.counter.screenings.models import Screening


class VisitState(StrEnum):
    """`left` is somebody who went away untested, and may be taken back."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    LEFT = "left"


class Visit(models.Model):
    """One person's visit for one test. `sealed` is the draft, written before anything is found; `report` what came of it."""

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE))
    day = holds(DataClass.ROUTING, models.DateField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=7, choices=[(one.value, one.value) for one in VisitState]))
    created_at = holds(DataClass.ROUTING, models.DateTimeField())
    started_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    ready_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    done_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    done_by = holds(DataClass.ROUTING, models.ForeignKey(Member, models.SET_NULL, null=True))
    kit = holds(DataClass.ROUTING, models.ForeignKey(Kit, models.PROTECT, null=True))
    report = holds(DataClass.ROUTING, models.OneToOneField(Screening, models.SET_NULL, null=True, related_name="visit"))
    sealed = holds(DataClass.SEALED_IDENTITY, models.BinaryField())

    class Meta:
        indexes = (models.Index(fields=["pharmacy", "day", "state"], name="visits_of_the_day"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "left"]) | models.Q(started_at__isnull=False, kit__isnull=False),
                name="a_test_under_way_has_a_kit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
