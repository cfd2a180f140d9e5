"""Persons who come plain: twins and namesakes stay apart, the same person by two doors is one (drill 25)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from msgspec.structs import replace
from tests.registry.doors.conftest import Knock
from tests.registry.doors.plain import CSV, FHIR, HL7, bundle, message, outcomes, table
from tests.registry.world import final, hugo

from sceau.core.keyholder.clients import RegistryClient
from sceau.core.report.model import Patient, ScreeningReport, Sex
from sceau.registry.persons.models import Identity

HUGO = hugo().patient


def screened(patient: Patient) -> ScreeningReport:
    """An hour ago, so that the identity is kept."""
    specimen = replace(hugo().specimen, taken_at=timezone.now() - timedelta(hours=1))
    return final(replace(hugo(), patient=patient, specimen=specimen))


def persons() -> int:
    return Identity.objects.values("person_id").distinct().count()


@pytest.mark.parametrize(
    "other",
    [
        replace(HUGO, given=("Inès",), sex=Sex.FEMALE),
        replace(HUGO, given=("Otto",)),
        replace(HUGO, birth_date=date(1991, 11, 2)),
        replace(HUGO, family="MERVEILLE"),
    ],
    ids=["twin", "twin of the same sex", "namesake", "given name and birth date"],
)
def test_never_another_persons_result(knock: Knock, keys: RegistryClient, other: Patient) -> None:
    assert knock("/hl7v2", message(screened(HUGO)), HL7).status_code == 200
    assert knock("/fhir", bundle(screened(other)), FHIR).status_code == 200
    assert outcomes(keys) == {"recorded": 2}
    assert persons() == 2


def test_one_person_by_every_door_is_one(knock: Knock, keys: RegistryClient) -> None:
    for path, sent, kind in (("/hl7v2", message, HL7), ("/fhir", bundle, FHIR), ("/csv", table, CSV)):
        assert knock(path, sent(screened(HUGO)), kind).status_code == 200
    assert outcomes(keys) == {"recorded": 3}
    assert persons() == 1
