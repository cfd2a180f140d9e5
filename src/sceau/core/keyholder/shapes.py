"""What crosses a keyholder's border is made of: short arrays, and questions tagged by their verb."""

from datetime import date
from uuid import UUID

import msgspec


class Shape(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What crosses the border, as a short array."""


class Question(msgspec.Struct, frozen=True, tag_field="verb", forbid_unknown_fields=True):
    """Base of all questions."""


class SealedAt(Shape, frozen=True):
    """A sealed identity with what it is bound to: report id, department (empty when unknown), day."""

    report: UUID
    department: str
    day: date
    sealed: bytes
