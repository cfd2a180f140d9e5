"""A visit goes one way, one step at a time, whoever acts; a result may be taken back while it has not left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.counter.world import AT, FakeRegistry, Place, patient

from sceau.core.audit.models import Entry as LogEntry
from sceau.core.codes.snomed import Result
from sceau.counter.patients import memory
from sceau.counter.patients.models import Card
from sceau.counter.pharmacies.models import Role
from sceau.counter.pharmacies.policies import NotAllowed
from sceau.counter.relay import actions as relay
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.actions import HOLD
from sceau.counter.screenings.errors import AlreadySent
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy
from sceau.counter.visits import actions, queries
from sceau.counter.visits.draft import Draft
from sceau.counter.visits.errors import Moved, NoKit, ResultsMissing
from sceau.counter.visits.models import Visit, VisitState

DRAFT = Draft(patient=patient(phone="+33612345678"), symptomatic=True)
READ = AT + timedelta(minutes=15)


def started(place: Place, **kit: Any) -> Visit:
    by = place.present()
    visit = actions.add(DRAFT, by=by, at=AT)
    return actions.start(visit.id, place.kit(**kit), by=by, at=AT)


def finished(place: Place, *, at: Any = READ) -> Visit:
    return actions.finish(started(place).id, [Result.DETECTED], by=place.present(), at=at)


def test_the_report_tells_who_when_which_kit_and_what(lilas: Place) -> None:
    visit = finished(lilas)
    assert visit.report
    told = open_copy(visit.report, lilas.keys).screening
    assert told
    assert told.kit
    assert (told.patient, told.symptomatic, told.specimen.taken_at) == (DRAFT.patient, True, AT)
    assert (told.kit.name, told.kit.lot, told.performer.finess) == ("Panbio", "A1", "750123457")
    assert [one.result for one in told.findings] == [Result.DETECTED]


def test_the_timer_is_the_kits(lilas: Place) -> None:
    assert started(lilas, minutes=20).ready_at == AT + timedelta(minutes=20)


def test_no_kit_or_an_expired_one_starts_nothing(lilas: Place) -> None:
    by = lilas.present()
    visit = actions.add(DRAFT, by=by, at=AT)
    for kit in (None, lilas.kit(expiry=AT.date() - timedelta(days=1))):
        with pytest.raises(NoKit):
            actions.start(visit.id, kit, by=by, at=AT)
    assert Visit.objects.get().state == VisitState.WAITING


@pytest.mark.parametrize("results", [[], [Result.DETECTED], [Result.DETECTED] * 4])
def test_a_panel_wants_a_result_for_each_part(lilas: Place, results: list[Result]) -> None:
    visit = started(lilas, loinc="97099-6")
    with pytest.raises(ResultsMissing):
        actions.finish(visit.id, results, by=lilas.present(), at=READ)
    assert actions.finish(visit.id, [Result.DETECTED] * 3, by=lilas.present(), at=READ).state == VisitState.DONE


STEPS: dict[str, Callable[[Visit, Place], object]] = {
    "start": lambda visit, place: actions.start(visit.id, place.kit(gtin=""), by=place.present(), at=READ),
    "finish": lambda visit, place: actions.finish(visit.id, [Result.DETECTED], by=place.present(), at=READ),
    "take_back": lambda visit, place: actions.take_back(visit.id, by=place.present(), at=READ),
    "leave": lambda visit, place: actions.leave(visit.id, by=place.present()),
    "come_back": lambda visit, place: actions.come_back(visit.id, by=place.present()),
}
ALLOWED = {
    VisitState.WAITING: {"start", "leave"},
    VisitState.RUNNING: {"finish", "leave"},
    VisitState.DONE: {"take_back"},
    VisitState.LEFT: {"come_back"},
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", VisitState)
def test_each_state_allows_its_own_steps(lilas: Place, state: VisitState, step: str) -> None:
    visit = finished(lilas) if state == VisitState.DONE else started(lilas)
    if state in (VisitState.WAITING, VisitState.LEFT):
        Visit.objects.update(state=state)
    if step in ALLOWED[state]:
        STEPS[step](visit, lilas)
        assert Visit.objects.get().state != state
    else:
        with pytest.raises(Moved):
            STEPS[step](visit, lilas)
        assert Visit.objects.get().state == state


@pytest.mark.parametrize("step", STEPS)
def test_another_pharmacy_moves_nothing(lilas: Place, other: Place, step: str) -> None:
    visit = finished(lilas) if step == "take_back" else started(lilas)
    with pytest.raises(Moved):
        STEPS[step](visit, other)


@pytest.mark.parametrize(("role", "allowed"), [(Role.ASSISTANT, False), (Role.PHARMACIST, True)])
def test_an_assistant_starts_and_a_pharmacist_gives_the_result(lilas: Place, role: Role, allowed: bool) -> None:
    by = lilas.present("sam@example.org", role)
    visit = actions.start(actions.add(DRAFT, by=by, at=AT).id, lilas.kit(), by=by, at=AT)
    if allowed:
        assert actions.finish(visit.id, [Result.DETECTED], by=by, at=READ).state == VisitState.DONE
        return
    with pytest.raises(NotAllowed):
        actions.finish(visit.id, [Result.DETECTED], by=by, at=READ)
    assert Screening.objects.count() == 0


def test_a_result_stays_for_seconds_and_then_leaves(lilas: Place, registry: FakeRegistry) -> None:
    finished(lilas)
    relay.deliver(registry, at=READ + HOLD - timedelta(seconds=1))
    assert registry.sent == []
    relay.deliver(registry, at=READ + HOLD)
    assert len(registry.sent) == 1


def test_taken_back_it_never_was(lilas: Place, registry: FakeRegistry) -> None:
    visit = finished(lilas)
    actions.take_back(visit.id, by=lilas.present(), at=READ + timedelta(seconds=5))
    relay.deliver(registry, at=READ + HOLD)
    assert (registry.sent, Screening.objects.count(), Envelope.objects.count(), Card.objects.count()) == ([], 0, 0, 0)
    assert [one.event for one in LogEntry.objects.order_by("id")][-2:] == ["result-recorded", "result-taken-back"]


def test_what_has_left_is_not_taken_back(lilas: Place, registry: FakeRegistry) -> None:
    visit = finished(lilas)
    relay.deliver(registry, at=READ + HOLD)
    with pytest.raises(AlreadySent):
        actions.take_back(visit.id, by=lilas.present(), at=READ + HOLD)
    assert Visit.objects.get().state == VisitState.DONE


def test_what_the_relay_has_in_hand_is_not_taken_back(lilas: Place, registry: FakeRegistry) -> None:
    """The registry was away when it was tried: the envelope waits again, but may have arrived."""
    visit = finished(lilas)
    registry.refuse = None
    Envelope.objects.update(next_attempt_at=READ + timedelta(minutes=1))
    with pytest.raises(AlreadySent):
        actions.take_back(visit.id, by=lilas.present(), at=READ + timedelta(seconds=1))


def test_whoever_was_tested_is_found_again(lilas: Place) -> None:
    finished(lilas)
    (person,) = memory.directory(lilas.pharmacy, lilas.keys).search("lunev")
    assert person.patient == DRAFT.patient


def test_the_queue_holds_the_day_and_this_pharmacy(lilas: Place, other: Place) -> None:
    visit = started(lilas)
    actions.add(DRAFT, by=other.present(), at=AT)
    yesterday = actions.add(DRAFT, by=lilas.present(), at=AT)
    Visit.objects.filter(pk=yesterday.pk).update(day=lilas.pharmacy.day(AT) - timedelta(days=1))
    assert [one.id for one in queries.queue(lilas.pharmacy, lilas.pharmacy.day(AT))] == [visit.id]
