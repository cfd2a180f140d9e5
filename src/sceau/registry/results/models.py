"""What may be counted: one row a report with its standing, one row a finding. Pseudonymous; no pharmacy, no software, no hour."""

from enum import StrEnum

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from sceau.core.data import DataClass, holds

TALLIED = [
    "taken_on",
    "department",
    "age_class",
    "sex",
    "specimen",
    "disease",
    "loinc",
    "result",
    "symptomatic",
    "reason",
    "standing",
]
"""What makes two tests one tally."""


class Standing(StrEnum):
    """`current` reports count; the others are history."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class Report(models.Model):
    """One statement; `results/standing.py` says how statements about one screening stand to each other. `batch` is the intake's that
    wrote it, `day` that from which its retention counts: a digest of each batch and day is in the log (`results/digest.py`).
    """

    id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(primary_key=True))
    lineage = holds(DataClass.PSEUDONYMOUS, models.UUIDField())
    replaces = holds(DataClass.PSEUDONYMOUS, models.UUIDField(null=True))
    status = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=16))
    issued = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())
    standing = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=10))
    recorded_on = holds(DataClass.PSEUDONYMOUS, models.DateField())
    batch = holds(DataClass.PSEUDONYMOUS, models.UUIDField())
    day = holds(DataClass.PSEUDONYMOUS, models.DateField())

    class Meta:
        indexes = (
            BrinIndex(fields=["day"], name="report_day"),
            # Nearly every report is the first of its lineage, and has its number: it is found by that.
            models.Index(fields=["lineage"], name="report_after", condition=~models.Q(lineage=models.F("id"))),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.standing}"


class Unlooked(models.Model):
    """A report of somebody known already, of which the worker has yet to look whether it repeats another."""

    report_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(primary_key=True))

    def __str__(self) -> str:
        return str(self.report_id)


class Duplicate(models.Model):
    """Two reports that are likely of one act: the same person, test and pharmacy, within two hours. Both stand and count until one is
    corrected. It ends with the earlier `day` of the two.
    """

    id = holds(DataClass.PSEUDONYMOUS, models.BigAutoField(primary_key=True))
    report_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField())
    other_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(db_index=True))
    day = holds(DataClass.ROUTING, models.DateField(db_index=True))
    found_at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report_id", "other_id"], name="one_duplicate_a_pair"),)

    def __str__(self) -> str:
        return f"{self.report_id} {self.other_id}"


class Tally(models.Model):
    """How many tests of one kind, day and class there were among reports whose retention is over: no report, no person, no order.
    `reports` counts each report once, however many findings it had.
    """

    id = holds(DataClass.PUBLIC, models.BigAutoField(primary_key=True))
    taken_on = holds(DataClass.PSEUDONYMOUS, models.DateField())
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7, null=True))
    age_class = holds(DataClass.PSEUDONYMOUS, models.SmallIntegerField())
    sex = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7))
    specimen = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=18))
    disease = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=12))
    loinc = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=10))
    result = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=9))
    symptomatic = holds(DataClass.PSEUDONYMOUS, models.BooleanField(null=True))
    reason = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=12, null=True))
    standing = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=10))
    tests = holds(DataClass.PSEUDONYMOUS, models.IntegerField())
    reports = holds(DataClass.PSEUDONYMOUS, models.IntegerField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=TALLIED, name="tally_once", nulls_distinct=False),)

    def __str__(self) -> str:
        return f"{self.taken_on} {self.disease} {self.tests}"


class Fact(models.Model):
    """One finding of a report. PostgreSQL would look a foreign key up once a row, which costs as much as writing it; facts are written
    with their report, and `checks` names those that have none, as a key would not where a superuser turned it off.
    """

    pk = holds(DataClass.PSEUDONYMOUS, models.CompositePrimaryKey("report", "disease"))
    report = holds(
        DataClass.PSEUDONYMOUS,
        models.ForeignKey(Report, models.CASCADE, related_name="facts", db_index=False, db_constraint=False),
    )
    disease = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=12))
    loinc = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=10))
    result = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=9))
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7, null=True))
    age_class = holds(DataClass.PSEUDONYMOUS, models.SmallIntegerField())
    sex = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7))
    specimen = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=18))
    taken_on = holds(DataClass.PSEUDONYMOUS, models.DateField())
    symptomatic = holds(DataClass.PSEUDONYMOUS, models.BooleanField(null=True))
    reason = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=12, null=True))

    def __str__(self) -> str:
        return f"{self.report_id} {self.disease}"
