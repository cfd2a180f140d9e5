"""Software that may feed the registry, the authority's dated decisions on it, and how it signs in (OAuth 2, private_key_jwt)."""

from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.data import DataClass, holds
from sceau.registry.approvals.enums import ApprovalState

_STATES = [(state.value, state.value) for state in ApprovalState]


class Software(models.Model):
    """A named product version of a publisher; `jwk` is its public key (RFC 7517)."""

    id = holds(DataClass.PUBLIC, models.UUIDField(primary_key=True, default=uuid7))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=100))
    publisher = holds(DataClass.PUBLIC, models.CharField(max_length=100))
    version = holds(DataClass.PUBLIC, models.CharField(max_length=30))
    scope = holds(DataClass.PUBLIC, models.CharField(max_length=200))
    jwk = holds(DataClass.PUBLIC, models.JSONField())
    state = holds(DataClass.PUBLIC, models.CharField(max_length=12, choices=_STATES))
    since = holds(DataClass.PUBLIC, models.DateTimeField())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["publisher", "name", "version"], name="software_once"),
            models.CheckConstraint(condition=models.Q(state__in=list(ApprovalState)), name="software_state_known"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Decision(models.Model):
    """One dated decision of the authority, with its reason; the last one is the software's state."""

    id = holds(DataClass.PUBLIC, models.BigAutoField(primary_key=True))
    software = holds(DataClass.PUBLIC, models.ForeignKey(Software, models.PROTECT, related_name="decisions"))
    state = holds(DataClass.PUBLIC, models.CharField(max_length=12, choices=_STATES))
    at = holds(DataClass.PUBLIC, models.DateTimeField())
    by = holds(DataClass.PUBLIC, models.CharField(max_length=100))
    reason = holds(DataClass.PUBLIC, models.CharField(max_length=500))

    def __str__(self) -> str:
        return f"{self.software_id} {self.state}"


class Assertion(models.Model):
    """A client assertion that was used: its `jti` counts once (RFC 7523, section 3)."""

    digest = holds(DataClass.ROUTING, models.BinaryField(primary_key=True))
    expires_at = holds(DataClass.ROUTING, models.DateTimeField(db_index=True))

    def __str__(self) -> str:
        return "assertion"


class AccessToken(models.Model):
    """A token given out: only its SHA-256 is kept."""

    digest = holds(DataClass.ROUTING, models.BinaryField(primary_key=True))
    software = holds(DataClass.ROUTING, models.ForeignKey(Software, models.CASCADE))
    expires_at = holds(DataClass.ROUTING, models.DateTimeField(db_index=True))

    def __str__(self) -> str:
        return "access token"
