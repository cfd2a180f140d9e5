"""Who checked in by phone today: their answers, sealed to the pharmacy's box of the day, until the counter verifies them."""

from enum import StrEnum

from django.db import models

from sceau.core.data import DataClass, holds
from sceau.counter.pharmacies.models import Pharmacy


class CheckInState(StrEnum):
    HERE = "here"
    VERIFIED = "verified"
    DISMISSED = "dismissed"


class CheckIn(models.Model):
    """`id` and the secret, of which `proof` is the SHA-256, are the phone's: with them it may change its answers until they are
    verified. `sealed_here` when the phone could not seal, and the counter sealed on arrival.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE))
    day = holds(DataClass.ROUTING, models.DateField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=9, choices=[(one.value, one.value) for one in CheckInState]))
    arrived_at = holds(DataClass.ROUTING, models.DateTimeField())
    sealed_here = holds(DataClass.ROUTING, models.BooleanField())
    proof = holds(DataClass.ROUTING, models.BinaryField())
    sealed = holds(DataClass.SEALED_IDENTITY, models.BinaryField())

    class Meta:
        indexes = (models.Index(fields=["pharmacy", "day", "state"], name="checkins_of_the_day"),)

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
