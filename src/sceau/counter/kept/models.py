"""What workstations kept while the counter was away: deposited as ciphertext, opened and taken in by the pharmacy itself."""

from enum import StrEnum

from django.db import models

from sceau.core.data import DataClass, holds
from sceau.counter.pharmacies.models import Pharmacy


class EntryState(StrEnum):
    """`aside` waits for a person, who confirms or dismisses it; `taken` has become a visit or a result."""

    WAITING = "waiting"
    TAKEN = "taken"
    ASIDE = "aside"
    DISMISSED = "dismissed"


class Reason(StrEnum):
    """Why an entry was set aside."""

    SHUT = "shut"
    UNREADABLE = "unreadable"
    MALFORMED = "malformed"
    UNVOUCHED = "unvouched"
    FUTURE = "future"
    KIT = "kit"
    NO_VISIT = "no-visit"
    MOVED = "moved"
    NOT_ALLOWED = "not-allowed"


class Entry(models.Model):
    """One act of the counter screen, sealed in the browser to the pharmacy's box of `day`. `id` is the browser's: whatever is sent
    again is the same entry. `digest` is the SHA-256 of the sealed bytes, which go once it is taken.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE))
    day = holds(DataClass.ROUTING, models.DateField())
    state = holds(DataClass.ROUTING, models.CharField(max_length=9, choices=[(one.value, one.value) for one in EntryState]))
    reason = holds(
        DataClass.ROUTING, models.CharField(max_length=11, blank=True, choices=[(one.value, one.value) for one in Reason])
    )
    arrived_at = holds(DataClass.ROUTING, models.DateTimeField())
    digest = holds(DataClass.ROUTING, models.BinaryField())
    sealed = holds(DataClass.SEALED_HEALTH, models.BinaryField())

    class Meta:
        indexes = (models.Index(fields=["pharmacy", "state"], name="kept_of_a_pharmacy"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state="aside") ^ models.Q(reason=""), name="set_aside_for_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
