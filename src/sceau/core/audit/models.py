"""The log's tables. Rows are only ever added, by triggers and by grants; no plain text, no foreign keys.

An entry is what happened; its leaf is its place in the Merkle tree, given by one sequencer after it was committed. Whole subtrees
of 256 leaves, 256 of those, and so on are kept as nodes, so that a root costs a few rows however long the log is.
"""

from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.data import DataClass, holds


class Entry(models.Model):
    """`by` and `subject` are kinds with ids (`user:12`, `import:0190…`), never names. Partitioned by the month of `at`."""

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    at = holds(DataClass.ROUTING, models.DateTimeField())
    event = holds(DataClass.ROUTING, models.CharField(max_length=30))
    by = holds(DataClass.ROUTING, models.CharField(max_length=60))
    subject = holds(DataClass.ROUTING, models.CharField(max_length=60))
    purpose = holds(DataClass.ROUTING, models.CharField(max_length=100, blank=True))

    class Meta:
        managed = False
        db_table = "audit_entry"

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"


class Pending(models.Model):
    """Entries that wait for the sequencer."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    entry = holds(DataClass.ROUTING, models.UUIDField())

    def __str__(self) -> str:
        return str(self.entry)


class Leaf(models.Model):
    """`digest` is the RFC 6962 leaf hash of the entry; `at` is the entry's, to tell what expired."""

    number = holds(DataClass.ROUTING, models.BigIntegerField(primary_key=True))
    entry = holds(DataClass.ROUTING, models.UUIDField(unique=True))
    at = holds(DataClass.ROUTING, models.DateTimeField())
    digest = holds(DataClass.PUBLIC, models.BinaryField())

    def __str__(self) -> str:
        return str(self.number)


class Node(models.Model):
    """The hash over the `place`-th run of 2^`level` leaves."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    level = holds(DataClass.ROUTING, models.SmallIntegerField())
    place = holds(DataClass.ROUTING, models.BigIntegerField())
    digest = holds(DataClass.PUBLIC, models.BinaryField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["level", "place"], name="node_once"),)

    def __str__(self) -> str:
        return f"{self.level} {self.place}"


class Checkpoint(models.Model):
    """A signed note over the first `size` leaves."""

    size = holds(DataClass.PUBLIC, models.BigIntegerField(primary_key=True))
    at = holds(DataClass.PUBLIC, models.DateTimeField())
    note = holds(DataClass.PUBLIC, models.TextField())

    def __str__(self) -> str:
        return str(self.size)


class Destruction(models.Model):
    """The keyholder's signed word that keys were destroyed, kept as proof."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    at = holds(DataClass.ROUTING, models.DateTimeField())
    text = holds(DataClass.ROUTING, models.TextField())
    key = holds(DataClass.PUBLIC, models.CharField(max_length=16))
    signature = holds(DataClass.PUBLIC, models.BinaryField())

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class Expiry(models.Model):
    """Entries before `before` were dropped when their time was over; their leaves stay."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    before = holds(DataClass.ROUTING, models.DateField())
    at = holds(DataClass.ROUTING, models.DateTimeField())

    def __str__(self) -> str:
        return str(self.before)


class Verification(models.Model):
    """When the whole was looked at, of how many entries, and how much was wrong."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    at = holds(DataClass.ROUTING, models.DateTimeField())
    entries = holds(DataClass.ROUTING, models.BigIntegerField())
    faults = holds(DataClass.ROUTING, models.IntegerField())

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.faults}"
