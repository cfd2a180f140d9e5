"""Whom the authority wants as an agent. It opens nobody: what an agent may open is what the keyholder has enrolled, by the touches of
two members of the authority.
"""

from enum import StrEnum

from django.conf import settings
from django.db import models

from sceau.core.data import DataClass, holds


class Role(StrEnum):
    """As the keyholder knows them; `none` is one who may do nothing any more."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    AUTHORITY = "authority"
    NONE = "none"


TRACING = (Role.AGENT, Role.SUPERVISOR)


class Appointment(models.Model):
    """An account, and the role, departments and passkey that are wanted for it. `departments` are written with spaces between, `*` for
    all; `enrolled_at` is None while the keyholder knows it otherwise.
    """

    user = holds(
        DataClass.ROUTING,
        models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="appointment"),
    )
    role = holds(DataClass.ROUTING, models.CharField(max_length=10, choices=[(one.value, one.value) for one in Role]))
    departments = holds(DataClass.ROUTING, models.CharField(max_length=600))
    credential_id = holds(DataClass.ROUTING, models.BinaryField(null=True))
    public_key = holds(DataClass.PUBLIC, models.BinaryField(null=True))
    brought_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    enrolled_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class Word(models.Model):
    """One member's touch for an appointment as it stood (`digest`), until a second member's makes it count."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    appointment = holds(DataClass.ROUTING, models.ForeignKey(Appointment, models.CASCADE, related_name="words"))
    member = holds(DataClass.ROUTING, models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"))
    digest = holds(DataClass.ROUTING, models.BinaryField())
    assertion = holds(DataClass.ROUTING, models.BinaryField())
    at = holds(DataClass.ROUTING, models.DateTimeField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["appointment", "member"], name="one_word_a_member"),)

    def __str__(self) -> str:
        return f"{self.member_id} for {self.appointment_id}"
