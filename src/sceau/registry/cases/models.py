"""Cases: a positive report opens one. Pseudonymous; who it is lies sealed with the report's identity."""

from enum import StrEnum

from django.db import models

from sceau.core.data import DataClass, holds


class CaseState(StrEnum):
    """`no-case` is one whose report was corrected or cancelled."""

    OPEN = "open"
    NO_CASE = "no-case"


class Case(models.Model):
    """`report_id` is None once its report's retention is over: what was counted stays, of nobody."""

    id = holds(DataClass.PSEUDONYMOUS, models.BigAutoField(primary_key=True))
    report_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(null=True))
    disease = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=12))
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7, null=True))
    opened_at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())
    state = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=10))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report_id", "disease"], name="one_case_a_report"),)

    def __str__(self) -> str:
        return f"{self.disease} {self.state}"
