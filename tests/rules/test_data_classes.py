"""Every column says which class of data it holds, and what names or describes a patient is held sealed."""

from functools import cache
from typing import NamedTuple

import pytest
from tests.rules.projects import PROJECTS, ask

PROBE = """
from django.apps import apps
from sceau.core.data import data_class
tell([(field.model._meta.label, field.name, type(field).__name__, data_class(field))
      for model in apps.get_models(include_auto_created=True) for field in model._meta.local_fields])
"""
OURS_UNDECLARED = """
from django.db import models
from sceau.core.data import data_class
from django.apps import apps
field = models.CharField()
field.contribute_to_class(apps.get_model("pharmacies", "Pharmacy"), "nickname")
tell(data_class(field))
"""
NEVER_IN_CLEAR = {"identity", "contact", "health"}
SEALED = {"sealed-identity", "sealed-health", "sealed-staff"}


class Column(NamedTuple):
    model: str
    name: str
    kind: str
    data_class: str | None


@cache
def columns(project: str) -> list[Column]:
    return [Column(*told) for told in ask(project, PROBE)]


@pytest.mark.parametrize("project", PROJECTS)
def test_every_field_of_every_model_declares_its_class(project: str) -> None:
    assert [column for column in columns(project) if column.data_class is None] == []


@pytest.mark.parametrize("project", PROJECTS)
def test_a_field_that_declares_nothing_would_be_found(project: str) -> None:
    assert ask(project, OURS_UNDECLARED) is None


@pytest.mark.parametrize("project", PROJECTS)
def test_identities_contacts_and_health_lie_in_no_table_in_clear(project: str) -> None:
    assert [column for column in columns(project) if column.data_class in NEVER_IN_CLEAR] == []


@pytest.mark.parametrize("project", PROJECTS)
def test_what_is_called_sealed_is_bytes(project: str) -> None:
    sealed = [column for column in columns(project) if column.data_class in SEALED]
    assert {column.kind for column in sealed} == {"BinaryField"}


@pytest.mark.parametrize(
    ("project", "column"),
    [("counter", "screenings.Screening.sealed"), ("registry", "persons.Identity.sealed")],
)
def test_both_projects_keep_what_they_know_of_patients_sealed(project: str, column: str) -> None:
    assert column in {f"{one.model}.{one.name}" for one in columns(project) if one.data_class in SEALED}
