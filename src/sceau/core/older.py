"""What of a service's database does not open with its keyholder's store: that store is older, or the database was put back.

A table whose rows are sealed under keys of days says so by its declared data classes and its column `day`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from django.apps import apps
from django.db.models import Field, Model

from sceau.core.accounts.models import Slot
from sceau.core.data import DataClass, data_class
from sceau.core.keyholder.credential_verbs import Lacked, Lacking
from sceau.core.keyholder.shapes import Question

_SEALED = frozenset({DataClass.SEALED_IDENTITY, DataClass.SEALED_HEALTH})
_AT_ONCE = 10_000
T = TypeVar("T")


class Asks(Protocol):
    """The keyholder, on its operator's socket."""

    def ask(self, question: Question) -> object: ...


def lacked(keyholder: Asks) -> Lacked:
    """Slots whose credential, and days of rows whose key, the store does not have. Raises `KeyholderError`."""
    slots, days = list(Slot.objects.values_list("id", flat=True)), sorted(sealed_days())
    gone = [one for some in _some(slots) for one in _asked(keyholder, Lacking(some, [])).credentials]
    return Lacked(gone, [one for some in _some(days) for one in _asked(keyholder, Lacking([], some)).days])


def sealed_days() -> set[tuple[str, date]]:
    """Owner (a pharmacy's id; empty at the registry) and day of every row that is sealed under a day's key."""
    return {found for model in apps.get_models() if _is_sealed(model) for found in _days(model)}


def _days(model: type[Model]) -> Iterator[tuple[str, date]]:
    rows = model._default_manager.order_by()
    if "pharmacy" in {field.name for field in _fields(model)}:
        yield from ((str(owner), day) for owner, day in rows.values_list("pharmacy_id", "day").distinct())
    else:
        yield from (("", day) for day in rows.values_list("day", flat=True).distinct())


def _is_sealed(model: type[Model]) -> bool:
    fields = _fields(model)
    return "day" in {field.name for field in fields} and any(data_class(field) in _SEALED for field in fields)


def _fields(model: type[Model]) -> "list[Field[Any, Any]]":
    return list(model._meta.concrete_fields)


def _asked(keyholder: Asks, question: Lacking) -> Lacked:
    told = keyholder.ask(question)
    assert isinstance(told, Lacked)
    return told


def _some(things: Sequence[T]) -> Iterator[list[T]]:
    return (list(things[start : start + _AT_ONCE]) for start in range(0, len(things), _AT_ONCE))
