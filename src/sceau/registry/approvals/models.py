"""Software that may feed the registry, who publishes it, its keys, the authority's dated decisions, and how it signs in (OAuth 2,
private_key_jwt).
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.codes.loinc import Disease
from sceau.core.data import DataClass, holds
from sceau.registry.approvals.enums import Act, ApprovalState, Format
from sceau.registry.approvals.quota import Quota
from sceau.registry.approvals.scope import Scope

_STATES = [(state.value, state.value) for state in ApprovalState]


class Publisher(models.Model):
    """A firm, as it names itself; the authority checks that it is the one."""

    id = holds(DataClass.PUBLIC, models.UUIDField(primary_key=True, default=uuid7))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=100))

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """An account at the registry that speaks for a publisher, and sees nothing else."""

    user = holds(
        DataClass.ROUTING,
        models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="publishes"),
    )
    publisher = holds(DataClass.ROUTING, models.ForeignKey(Publisher, models.CASCADE, related_name="members"))

    def __str__(self) -> str:
        return f"{self.user_id} of {self.publisher_id}"


class Officer(models.Model):
    """One of the registry's staff who decides for the authority; `title` is what the public list says."""

    user = holds(
        DataClass.ROUTING,
        models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="decides_as"),
    )
    title = holds(DataClass.PUBLIC, models.CharField(max_length=100))

    def __str__(self) -> str:
        return self.title


class Software(models.Model):
    """A named product version of a publisher, what it may send (`Scope`) and how much (`Quota`). `tested_from` is when its conformance
    bench began; tokens given out until `tokens_from` are ended.
    """

    id = holds(DataClass.PUBLIC, models.UUIDField(primary_key=True, default=uuid7))
    publisher = holds(DataClass.PUBLIC, models.ForeignKey(Publisher, models.PROTECT, related_name="software"))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=100))
    version = holds(DataClass.PUBLIC, models.CharField(max_length=30))
    formats = holds(DataClass.PUBLIC, ArrayField(models.CharField(max_length=10), default=list))
    diseases = holds(DataClass.PUBLIC, ArrayField(models.CharField(max_length=20), default=list, blank=True))
    starts_on = holds(DataClass.PUBLIC, models.DateField(null=True))
    ends_on = holds(DataClass.PUBLIC, models.DateField(null=True))
    state = holds(DataClass.PUBLIC, models.CharField(max_length=12, choices=_STATES, default=ApprovalState.DRAFT))
    since = holds(DataClass.PUBLIC, models.DateTimeField())
    tested_from = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    tokens_from = holds(DataClass.ROUTING, models.DateTimeField(null=True))
    reports_a_minute = holds(
        DataClass.ROUTING, models.BigIntegerField(default=Quota().reports_a_minute, db_default=Quota().reports_a_minute)
    )
    reports_a_day = holds(
        DataClass.ROUTING, models.BigIntegerField(default=Quota().reports_a_day, db_default=Quota().reports_a_day)
    )
    bytes_a_minute = holds(
        DataClass.ROUTING, models.BigIntegerField(default=Quota().bytes_a_minute, db_default=Quota().bytes_a_minute)
    )
    bytes_a_day = holds(DataClass.ROUTING, models.BigIntegerField(default=Quota().bytes_a_day, db_default=Quota().bytes_a_day))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["publisher", "name", "version"], name="software_once"),
            models.CheckConstraint(condition=models.Q(state__in=list(ApprovalState)), name="software_state_known"),
            models.CheckConstraint(
                condition=models.Q(formats__contained_by=[str(one) for one in Format]), name="software_formats_known"
            ),
            models.CheckConstraint(
                condition=models.Q(diseases__contained_by=[str(one) for one in Disease]), name="software_diseases_known"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(starts_on__lte=models.F("ends_on")),
                name="software_days_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(reports_a_minute__gt=0, reports_a_day__gt=0, bytes_a_minute__gt=0, bytes_a_day__gt=0),
                name="software_quota_is_some",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def scope(self) -> Scope:
        formats, diseases = [Format(one) for one in self.formats], [Disease(one) for one in self.diseases]
        return Scope(formats, diseases, self.starts_on, self.ends_on)

    @property
    def quota(self) -> Quota:
        return Quota(*(getattr(self, name) for name in Quota._fields))


class Key(models.Model):
    """A public key of a product (EC, RFC 7517), by its thumbprint (RFC 7638). Two may live at once, while one takes over from the
    other; `ends_at` is None for the one that stays. One that `waits` signs for nothing until the authority takes it.
    """

    thumbprint = holds(DataClass.PUBLIC, models.CharField(primary_key=True, max_length=43))
    software = holds(DataClass.PUBLIC, models.ForeignKey(Software, models.PROTECT, related_name="keys"))
    jwk = holds(DataClass.PUBLIC, models.JSONField())
    added_at = holds(DataClass.PUBLIC, models.DateTimeField())
    ends_at = holds(DataClass.PUBLIC, models.DateTimeField(null=True))
    waits = holds(DataClass.PUBLIC, models.BooleanField(default=False, db_default=False))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["software", "waits"], condition=models.Q(ends_at__isnull=True), name="key_one_that_stays"
            ),
        )

    def __str__(self) -> str:
        return self.thumbprint


class Leaked(models.Model):
    """A key whose private half was sent here: nobody's word any more."""

    thumbprint = holds(DataClass.PUBLIC, models.CharField(primary_key=True, max_length=43))
    at = holds(DataClass.PUBLIC, models.DateTimeField())

    def __str__(self) -> str:
        return self.thumbprint


class Evidence(models.Model):
    """What the conformance bench saw of a product: a document that the bench signed. It tells of scenarios, never of persons."""

    id = holds(DataClass.PUBLIC, models.BigAutoField(primary_key=True))
    software = holds(DataClass.PUBLIC, models.ForeignKey(Software, models.PROTECT, related_name="evidence"))
    at = holds(DataClass.PUBLIC, models.DateTimeField())
    document = holds(DataClass.PUBLIC, models.JSONField())
    signature = holds(DataClass.PUBLIC, models.BinaryField())
    passed = holds(DataClass.PUBLIC, models.BooleanField())

    def __str__(self) -> str:
        return f"{self.software_id} {'passed' if self.passed else 'not passed'}"


class Decision(models.Model):
    """One dated act on an approval, with its reason; the last one led to the software's state. `by` is public: the authority's title,
    or the publisher's name. `evidence` is what the authority had before it.
    """

    id = holds(DataClass.PUBLIC, models.BigAutoField(primary_key=True))
    software = holds(DataClass.PUBLIC, models.ForeignKey(Software, models.PROTECT, related_name="decisions"))
    act = holds(DataClass.PUBLIC, models.CharField(max_length=10, choices=[(act.value, act.value) for act in Act]))
    state = holds(DataClass.PUBLIC, models.CharField(max_length=12, choices=_STATES))
    scope = holds(DataClass.PUBLIC, models.JSONField())
    evidence = holds(DataClass.PUBLIC, models.ForeignKey(Evidence, models.PROTECT, null=True))
    at = holds(DataClass.PUBLIC, models.DateTimeField())
    by = holds(DataClass.PUBLIC, models.CharField(max_length=100))
    reason = holds(DataClass.PUBLIC, models.CharField(max_length=500, blank=True))

    def __str__(self) -> str:
        return f"{self.software_id} {self.state}"


class Suspicion(models.Model):
    """What somebody reports of software that presents itself as approved. All they wrote is sealed: it may name people."""

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    at = holds(DataClass.ROUTING, models.DateTimeField())
    sealed = holds(DataClass.SEALED_STAFF, models.BinaryField())
    closed_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))

    def __str__(self) -> str:
        return f"suspicion {self.id}"

    @property
    def label(self) -> str:
        return f"suspicion/{self.id}"

    @property
    def sealed_text(self) -> bytes:
        return bytes(self.sealed)


class Notice(models.Model):
    """An e-mail that is owed to a pharmacy's owner about a decision; sent once, gone when the account is."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    decision = holds(DataClass.ROUTING, models.ForeignKey(Decision, models.CASCADE, related_name="notices"))
    user = holds(DataClass.ROUTING, models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE))
    sent_at = holds(DataClass.ROUTING, models.DateTimeField(null=True))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["decision", "user"], name="notice_once"),)

    def __str__(self) -> str:
        return f"notice {self.id}"


class Assertion(models.Model):
    """A client assertion that was used: its `jti` counts once (RFC 7523, section 3)."""

    digest = holds(DataClass.ROUTING, models.BinaryField(primary_key=True))
    expires_at = holds(DataClass.ROUTING, models.DateTimeField(db_index=True))

    def __str__(self) -> str:
        return "assertion"
