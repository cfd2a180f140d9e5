"""Persons: pseudonymous ids that several identities share. Identities and contact details lie sealed under the registry's key of the
day; nothing here opens them.
"""

from enum import StrEnum

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from sceau.core.data import DataClass, holds

TOKENS = ("ins", "given_born", "family_born", "born_department", "names_department", "home", "phone")


def _token() -> "models.BigIntegerField[int | None, int | None]":
    return holds(DataClass.BLIND, models.BigIntegerField(null=True))


class Identity(models.Model):
    """Who a report is about; `department` is what the ciphertext is bound to, empty when unknown. The blind tokens (64 bits each)
    are the keyholder's, under its index key of `month`.
    """

    report_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(primary_key=True))
    person_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(db_index=True))
    day = holds(DataClass.ROUTING, models.DateField())
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7))
    sealed = holds(DataClass.SEALED_IDENTITY, models.BinaryField())
    month = holds(DataClass.ROUTING, models.CharField(max_length=7))
    ins = _token()
    given_born = _token()
    family_born = _token()
    born_department = _token()
    names_department = _token()
    home = _token()
    phone = _token()

    class Meta:
        indexes = (
            BrinIndex(fields=["day"], name="day_of_identity"),
            *(
                models.Index(fields=[token], name=f"identity_{token}", condition=models.Q((f"{token}__isnull", False)))
                for token in TOKENS
            ),
        )

    def __str__(self) -> str:
        return str(self.report_id)


class Refusal(models.Model):
    """Nobody's identity is kept of this screening: consent was refused, or withdrawn. Whatever is stated of it later changes nothing,
    until it ends with its `day`.
    """

    lineage = holds(DataClass.PSEUDONYMOUS, models.UUIDField(primary_key=True))
    day = holds(DataClass.ROUTING, models.DateField(db_index=True))
    at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())

    def __str__(self) -> str:
        return str(self.lineage)


class DoubtState(StrEnum):
    """`same` and `different` are what somebody said who looked."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


class Doubt(models.Model):
    """Two persons who may be one: somebody has to look. Nothing is merged meanwhile. `report_id` is what raised it, `other_id` the
    report it was compared with; it ends with the earlier `day` of the two.
    """

    id = holds(DataClass.PSEUDONYMOUS, models.BigAutoField(primary_key=True))
    report_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField())
    other_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField())
    day = holds(DataClass.ROUTING, models.DateField(db_index=True))
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7))
    opened_at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())
    state = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=9, default=DoubtState.OPEN))
    decided_at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField(null=True))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report_id", "other_id"], name="one_doubt_a_pair"),)
        indexes = (
            models.Index(fields=["department", "opened_at"], name="doubt_open", condition=models.Q(state=DoubtState.OPEN)),
        )

    def __str__(self) -> str:
        return f"{self.report_id} {self.other_id} {self.state}"


class Move(models.Model):
    """A report's identity went from one person to another: the way back, when it was wrong. It ends with the identity."""

    id = holds(DataClass.PSEUDONYMOUS, models.BigAutoField(primary_key=True))
    report_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(db_index=True))
    was = holds(DataClass.PSEUDONYMOUS, models.UUIDField())
    now = holds(DataClass.PSEUDONYMOUS, models.UUIDField(db_index=True))
    day = holds(DataClass.ROUTING, models.DateField(db_index=True))
    at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())

    def __str__(self) -> str:
        return f"{self.report_id} {self.was} to {self.now}"
