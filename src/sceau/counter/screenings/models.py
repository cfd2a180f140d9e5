"""The pharmacy's own copies of what it reported, sealed under its key of the day."""

from django.db import models

from sceau.core.data import DataClass, holds
from sceau.counter.imports.models import Import
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.relay.models import Envelope


class Screening(models.Model):
    """One report, by its id. `outcome` is the registry's, empty until acknowledged; `undone` marks one that was cancelled here,
    `corrected` one that a later report replaces, `void` every statement of a screening that was cancelled, whoever cancelled it: a test
    that is not charged. Which statement names which is told inside the seals alone.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE))
    day = holds(DataClass.ROUTING, models.DateField())
    recorded_at = holds(DataClass.ROUTING, models.DateTimeField())
    envelope = holds(DataClass.ROUTING, models.ForeignKey(Envelope, models.PROTECT, related_name="screenings"))
    position = holds(DataClass.ROUTING, models.SmallIntegerField())
    source = holds(DataClass.ROUTING, models.ForeignKey(Import, models.PROTECT, null=True, related_name="screenings"))
    outcome = holds(DataClass.ROUTING, models.CharField(max_length=10, default=""))
    undone = holds(DataClass.ROUTING, models.BooleanField(default=False))
    corrected = holds(DataClass.ROUTING, models.BooleanField(default=False))
    void = holds(DataClass.ROUTING, models.BooleanField(default=False))
    sealed = holds(DataClass.SEALED_HEALTH, models.BinaryField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["envelope", "position"], name="one_report_a_position"),)
        indexes = (models.Index(fields=["pharmacy", "day", "-recorded_at"], name="screenings_of_the_day"),)

    def __str__(self) -> str:
        return str(self.id)
