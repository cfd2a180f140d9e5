"""Who was tested here, a card a report: what the counter's search reads, sealed under the day's key."""

from django.db import models

from sceau.core.data import DataClass, holds
from sceau.counter.pharmacies.models import Pharmacy


class Card(models.Model):
    """The person of one report, by the report's id. Nothing outside `sealed` tells that two cards are of one person."""

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE))
    day = holds(DataClass.ROUTING, models.DateField())
    recorded_at = holds(DataClass.ROUTING, models.DateTimeField())
    sealed = holds(DataClass.SEALED_IDENTITY, models.BinaryField())

    class Meta:
        indexes = (models.Index(fields=["pharmacy", "recorded_at"], name="cards_latest"),)

    def __str__(self) -> str:
        return str(self.id)
