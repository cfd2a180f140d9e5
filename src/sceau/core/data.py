"""Which class of data each column holds. Every model field says so; `tests/rules/test_data_classes.py` fails on one that does not.

The exposure tools and the documentation read the same declaration.
"""

from enum import StrEnum
from typing import Any, TypeVar

from django.db import models


class DataClass(StrEnum):
    """`sealed-…` columns hold ciphertext of that class: what a thief of the database sees of it is its length.
    `blind` columns hold keyed digests: what he sees is which of a month are equal.
    """

    IDENTITY = "identity"
    CONTACT = "contact"
    HEALTH = "health"
    PSEUDONYMOUS = "pseudonymous"
    ROUTING = "routing"
    PUBLIC = "public"
    SEALED_IDENTITY = "sealed-identity"
    SEALED_HEALTH = "sealed-health"
    SEALED_STAFF = "sealed-staff"
    BLIND = "blind"
    STAFF = "staff"
    SECRET = "secret"  # noqa: S105


F = TypeVar("F", bound="models.Field[Any, Any]")


def holds(data_class: DataClass, field: F) -> F:
    """Declares what a model field holds."""
    field.data_class = data_class  # type: ignore[attr-defined]
    return field


def data_class(field: "models.Field[Any, Any]") -> DataClass | None:
    """What a field was declared to hold, or None."""
    return getattr(field, "data_class", None) or THIRD_PARTY.get(field.model._meta.app_label)


THIRD_PARTY = {
    "auth": DataClass.ROUTING,
    "contenttypes": DataClass.PUBLIC,
    "sessions": DataClass.SECRET,
    "account": DataClass.ROUTING,  # these tables stay empty: staff's addresses lie in `accounts_user`, sealed
    "mfa": DataClass.SECRET,
    "procrastinate": DataClass.ROUTING,
}
