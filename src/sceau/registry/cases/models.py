"""Cases: a positive report opens one. Pseudonymous; who it is lies sealed with the report's identity."""

from enum import StrEnum

from django.db import models

from sceau.core.data import DataClass, holds


class CaseState(StrEnum):
    """`no-case` is one whose report was corrected or cancelled."""

    OPEN = "open"
    NO_CASE = "no-case"


class Case(models.Model):
    """`report_id` is None once its report's retention is over: what was counted stays, of nobody. `claimed_by` is the agent (`user:12`)
    who follows it up, `done_at` when they had done so.
    """

    id = holds(DataClass.PSEUDONYMOUS, models.BigAutoField(primary_key=True))
    report_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(null=True))
    disease = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=12))
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7, null=True))
    opened_at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField())
    state = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=10))
    claimed_by = holds(DataClass.ROUTING, models.CharField(max_length=30, null=True))
    claimed_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    done_at = holds(DataClass.PSEUDONYMOUS, models.DateTimeField(null=True))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["report_id", "disease"], name="one_case_a_report"),
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(claimed_by__isnull=False), name="done_by_somebody"
            ),
        )
        indexes = (
            models.Index(
                fields=["department", "opened_at"], name="case_to_follow", condition=models.Q(state=CaseState.OPEN, done_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.disease} {self.state}"
