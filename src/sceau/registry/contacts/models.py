"""Contacts: people exposed to a case, and the calls made about either. Who they are, and what was noted, lies sealed; it all ends with
the day under which the case's identity is kept.
"""

from enum import StrEnum

from django.db import models

from sceau.core.data import DataClass, holds
from sceau.registry.cases.models import Case


class Setting(StrEnum):
    """Where somebody was exposed."""

    HOUSEHOLD = "household"
    WORK = "work"
    SCHOOL = "school"
    CARE = "care"
    LEISURE = "leisure"
    TRAVEL = "travel"
    OTHER = "other"


class Outcome(StrEnum):
    """What became of a call."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    CALL_BACK = "call-back"
    WRONG_NUMBER = "wrong-number"
    DECLINED = "declined"


class Contact(models.Model):
    """Somebody exposed to `case`. `sealed` waits here, bound like an identity to this id, `department` and `day`, until the worker has
    matched it and keeps it among the identities. `became` is the case of the same person that came of it.
    """

    id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(primary_key=True))
    case = holds(DataClass.PSEUDONYMOUS, models.ForeignKey(Case, models.CASCADE, related_name="contacts"))
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7))
    day = holds(DataClass.ROUTING, models.DateField(db_index=True))
    sealed = holds(DataClass.SEALED_IDENTITY, models.BinaryField(null=True))
    setting = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=9, choices=[(one.value, one.value) for one in Setting]))
    last_on = holds(DataClass.PSEUDONYMOUS, models.DateField())
    recorded_by = holds(DataClass.ROUTING, models.CharField(max_length=30))
    recorded_at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())
    matched_at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField(null=True))
    became = holds(DataClass.PSEUDONYMOUS, models.ForeignKey(Case, models.SET_NULL, null=True, related_name="came_from"))

    class Meta:
        indexes = (models.Index(fields=["recorded_at"], name="contact_waiting", condition=models.Q(matched_at__isnull=True)),)

    def __str__(self) -> str:
        return f"contact {self.id} of case {self.case_id}"


class Call(models.Model):
    """A call about a case, or about a contact of it."""

    id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(primary_key=True))
    case = holds(DataClass.PSEUDONYMOUS, models.ForeignKey(Case, models.CASCADE, related_name="calls"))
    contact = holds(DataClass.PSEUDONYMOUS, models.ForeignKey(Contact, models.CASCADE, null=True, related_name="calls"))
    outcome = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=12, choices=[(one.value, one.value) for one in Outcome]))
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7))
    day = holds(DataClass.ROUTING, models.DateField(db_index=True))
    note = holds(DataClass.SEALED_HEALTH, models.BinaryField(null=True))
    by = holds(DataClass.ROUTING, models.CharField(max_length=30))
    at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())

    def __str__(self) -> str:
        return f"{self.outcome} of case {self.case_id}"
