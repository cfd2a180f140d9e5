"""What was reported wrongly is reported anew; nothing is overwritten, and only what stands is changed."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.counter.visits.test_visits import READ, finished
from tests.counter.world import FakeRegistry, Place

from sceau.core.codes.snomed import Result
from sceau.core.report.model import Finding, Status
from sceau.core.report.model import Screening as Told
from sceau.counter.pharmacies.models import Role
from sceau.counter.pharmacies.policies import NotAllowed
from sceau.counter.relay import actions as relay
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy
from sceau.counter.visits import corrections
from sceau.counter.visits.errors import Moved
from sceau.counter.visits.models import Visit

LATER = READ + timedelta(minutes=5)


def recorded(place: Place) -> UUID:
    report = finished(place).report_id
    assert report
    return report


def told(place: Place, report: UUID, result: Result) -> Told:
    screening = open_copy(Screening.objects.get(pk=report), place.keys).screening
    assert screening
    return replace(screening, findings=tuple(Finding(one.loinc, result) for one in screening.findings))


def test_a_correction_names_what_it_replaces_and_stands_in_the_queue(lilas: Place) -> None:
    first = recorded(lilas)
    second = corrections.correct(first, told(lilas, first, Result.NOT_DETECTED), by=lilas.present(), at=LATER)
    made = open_copy(Screening.objects.get(pk=second), lilas.keys)
    assert (made.status, made.replaces, made.lineage) == (Status.CORRECTED, first, first)
    assert Visit.objects.get().report_id == second
    assert Screening.objects.get(pk=first).corrected


def test_a_cancellation_tells_that_it_never_was(lilas: Place) -> None:
    first = recorded(lilas)
    corrections.cancel(first, by=lilas.present(), at=LATER)
    made = open_copy(Screening.objects.exclude(pk=first).get(), lilas.keys)
    assert (made.status, made.replaces, made.screening) == (Status.ENTERED_IN_ERROR, first, None)


def test_what_no_longer_stands_is_not_changed_again(lilas: Place) -> None:
    first = recorded(lilas)
    wanted = told(lilas, first, Result.NOT_DETECTED)
    second = corrections.correct(first, wanted, by=lilas.present(), at=LATER)
    with pytest.raises(Moved):
        corrections.correct(first, wanted, by=lilas.present(), at=LATER)
    with pytest.raises(Moved):
        corrections.cancel(first, by=lilas.present(), at=LATER)
    corrections.cancel(second, by=lilas.present(), at=LATER)
    with pytest.raises(Moved):
        corrections.cancel(second, by=lilas.present(), at=LATER)


def test_another_pharmacy_changes_nothing(lilas: Place, other: Place) -> None:
    first = recorded(lilas)
    with pytest.raises(Moved):
        corrections.cancel(first, by=other.present(), at=LATER)
    assert Screening.objects.count() == 1


@pytest.mark.parametrize(("role", "allowed"), [(Role.ASSISTANT, False), (Role.PHARMACIST, True)])
def test_a_pharmacist_corrects(lilas: Place, role: Role, allowed: bool) -> None:
    first, by = recorded(lilas), lilas.present("sam@example.org", role)
    if allowed:
        corrections.cancel(first, by=by, at=LATER)
        return
    with pytest.raises(NotAllowed):
        corrections.cancel(first, by=by, at=LATER)


def test_what_the_registry_refused_is_sent_again_under_its_own_id(lilas: Place, registry: FakeRegistry) -> None:
    first = recorded(lilas)
    wanted = told(lilas, first, Result.NOT_DETECTED)
    relay.deliver(registry, at=LATER)
    Screening.objects.update(outcome="refused")
    assert corrections.correct(first, wanted, by=lilas.present(), at=LATER) == first
    again = Screening.objects.get()
    assert (again.outcome, open_copy(again, lilas.keys).status) == ("", Status.FINAL)
    relay.deliver(registry, at=LATER)
    assert len(registry.sent) == 2


def test_a_refused_one_is_dropped_without_telling_the_registry(lilas: Place) -> None:
    first = recorded(lilas)
    Screening.objects.update(outcome="refused")
    corrections.cancel(first, by=lilas.present(), at=LATER)
    assert Screening.objects.get().undone
