"""Two runs that differ only in results leave equal clear columns and equal lengths of every sealed one."""

import random
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models, transaction
from tests.counter.world import Place, file

from sceau.core.data import DataClass, data_class

ROWS = 60
RANDOM = {"id", "digest", "envelope_id", "source_id"}
SEALED = {DataClass.SEALED_HEALTH, DataClass.SEALED_IDENTITY}


def trace(place: Place, positive: Callable[[int], bool]) -> dict[str, list[Any]]:
    """Every column of every row that a run leaves: its value, or its length where it is sealed. The run itself is taken back."""
    with transaction.atomic():
        place.imports(file(ROWS, positive=positive))
        left = {str(field): column(field) for model in tables() for field in model._meta.concrete_fields if shown(field)}
        transaction.set_rollback(True)
    return left


def tables() -> list[type[models.Model]]:
    return [apps.get_model(name) for name in ("imports.Import", "relay.Envelope", "screenings.Screening")]


def shown(field: "models.Field[Any, Any]") -> bool:
    return field.attname not in RANDOM


def column(field: "models.Field[Any, Any]") -> list[Any]:
    order = "position" if field.model.__name__ == "Screening" else "pk"
    values = field.model._default_manager.order_by(order).values_list(field.attname, flat=True)
    return [len(value) if data_class(field) in SEALED and value is not None else value for value in values]


def test_all_negative_random_and_all_positive_look_alike(lilas: Place) -> None:
    dice = random.Random(20261123)  # noqa: S311 - a coin, not a key
    thrown = [dice.random() < 0.5 for _ in range(ROWS)]
    negative = trace(lilas, lambda nth: False)
    assert trace(lilas, lambda nth: thrown[nth]) == negative
    assert trace(lilas, lambda nth: True) == negative
    assert len(negative["screenings.Screening.sealed"]) == ROWS
