"""What repeats another report by content is flagged and stays: the same person, test and pharmacy, within two hours."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from msgspec.structs import replace
from tests.plugins.services import acting
from tests.registry.tracing import HUGO, INES, of
from tests.registry.world import OTHER, Sender, corrected

from sceau.core.codes.loinc import Loinc
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.report.model import Finding, Patient, Performer, ScreeningReport
from sceau.registry.intake.actions import take_in
from sceau.registry.pharmacies.models import Pharmacy
from sceau.registry.results.duplicates import look, repeats
from sceau.registry.results.models import Duplicate, Report, Standing, Unlooked

NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


def at(taken: datetime, patient: Patient = HUGO) -> ScreeningReport:
    report = of(patient)
    assert report.screening
    specimen = replace(report.screening.specimen, taken_at=taken)
    return replace(report, screening=replace(report.screening, specimen=specimen))


def flagged(keys: RegistryClient, sender: Sender, *reports: ScreeningReport) -> list[bool]:
    """Whether each is flagged, once all have come in."""
    sender.arrive(*reports)
    with acting("registry_worker"):
        take_in(keys, limit=10, at=timezone.now())
        look(keys, at=timezone.now())
    return [repeats(one.id) for one in reports]


@pytest.mark.parametrize(
    ("minutes", "same"), [(0, True), (119, True), (120, True), (121, False), (-120, True), (-121, False), (24 * 60, False)]
)
def test_within_two_hours_either_way(lilas: Sender, keys: RegistryClient, minutes: int, same: bool) -> None:
    assert flagged(keys, lilas, at(NOON), at(NOON + timedelta(minutes=minutes))) == [same, same]


def test_across_midnight_and_in_two_batches(lilas: Sender, keys: RegistryClient) -> None:
    late = NOON.replace(hour=23, minute=30)
    first, second = at(late - timedelta(days=1)), at(late - timedelta(days=1) + timedelta(hours=1))
    assert flagged(keys, lilas, first) == [False]
    assert flagged(keys, lilas, second) == [True]
    assert repeats(first.id)


def test_both_are_recorded_and_stand(lilas: Sender, keys: RegistryClient) -> None:
    flagged(keys, lilas, at(NOON), at(NOON))
    assert [one.standing for one in Report.objects.all()] == [Standing.CURRENT, Standing.CURRENT]
    assert Duplicate.objects.count() == 1
    assert not Unlooked.objects.exists()


def test_a_twin_another_test_and_a_correction_repeat_nothing(lilas: Sender, keys: RegistryClient) -> None:
    first = at(NOON)
    assert first.screening
    code = Loinc("94500-6")
    finding = Finding(code, first.screening.findings[0].result)
    other = replace(at(NOON), screening=replace(first.screening, loinc=code, findings=(finding,)))
    correction = corrected(first, first.screening, later=24 * 365 * 10)
    assert flagged(keys, lilas, first, at(NOON, INES), other, correction) == [False] * 4


def test_another_pharmacy_repeats_nothing(lilas: Sender, keys: RegistryClient) -> None:
    fields = {"name": "Autre", "public_key": lilas.public, "enrolled_at": timezone.now() - timedelta(days=1)}
    Pharmacy.objects.create(finess=OTHER, **fields)
    there = at(NOON)
    assert there.screening
    performer = Performer(name="Autre", finess=OTHER)
    elsewhere = replace(there, screening=replace(there.screening, performer=performer))
    assert flagged(keys, lilas, at(NOON)) == [False]
    assert flagged(keys, lilas._replace(finess=OTHER), elsewhere) == [False]


def test_looking_again_finds_the_same_once(lilas: Sender, keys: RegistryClient) -> None:
    reports = [at(NOON), at(NOON), at(NOON)]
    assert flagged(keys, lilas, *reports) == [True] * 3
    Unlooked.objects.bulk_create(Unlooked(report_id=one.id) for one in reports)
    look(keys, at=timezone.now())
    assert Duplicate.objects.count() == 3
