"""A phone's answers come sealed, may be changed until they are verified, and never flood the counter."""

import os
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.counter.world import AT, Place

from sceau.core.sealing.seal import BOX_SEALED
from sceau.counter.checkins import actions, queries
from sceau.counter.checkins.actions import AT_ONCE, WAITING_MOST
from sceau.counter.checkins.answers import Answers
from sceau.counter.checkins.errors import Full, Settled
from sceau.counter.checkins.models import CheckIn, CheckInState
from sceau.counter.checkins.unseal import open_answers
from sceau.counter.pharmacies import keys
from sceau.counter.pharmacies.models import BoxKey

SECRET, TOLD = os.urandom(32), Answers(family="LUNEVILLE", given="Hugo", born="12031985", sex="male")


@pytest.fixture
def open_lilas(lilas: Place) -> Place:
    """Somebody signed in during the last fortnight."""
    keys.make_ahead(lilas.pharmacy, lilas.keys, lilas.pharmacy.day(AT))
    return lilas


def arrive(place: Place, told: Answers = TOLD, *, number: UUID | None = None, secret: bytes = SECRET, minutes: int = 0) -> UUID:
    number = number or uuid4()
    at = AT + timedelta(minutes=minutes)
    actions.arrive(place.pharmacy, number, secret, actions.seal_here(place.pharmacy, number, told, at=at), at=at)
    return number


def told(place: Place, number: UUID) -> Answers | None:
    return open_answers(CheckIn.objects.get(pk=number), place.keys)


def test_it_arrives_and_the_pharmacy_opens_it(open_lilas: Place) -> None:
    number = arrive(open_lilas)
    assert [one.id for one in queries.here(open_lilas.pharmacy, open_lilas.pharmacy.day(AT))] == [number]
    assert told(open_lilas, number) == TOLD


def test_no_byte_of_it_lies_in_clear(open_lilas: Place) -> None:
    row = CheckIn.objects.get(pk=arrive(open_lilas))
    assert len(row.sealed) == BOX_SEALED
    assert b"LUNEVILLE" not in bytes(row.sealed)


def test_another_pharmacy_opens_nothing_of_it(open_lilas: Place, other: Place) -> None:
    number = arrive(open_lilas)
    assert told(other, number) is None
    CheckIn.objects.update(pharmacy=other.pharmacy)
    assert told(other, number) is None


def test_whoever_left_the_pharmacy_does_not_shut_boxes_made_before(open_lilas: Place) -> None:
    number = arrive(open_lilas)
    renewed = open_lilas.keys.renewed(open_lilas.keys.epochs[-1])
    assert open_answers(CheckIn.objects.get(pk=number), renewed) == TOLD


def test_the_phone_changes_its_answers_until_they_are_verified(open_lilas: Place) -> None:
    number = arrive(open_lilas)
    changed = Answers(family="LUNEVILLE", given="Hugues")
    arrive(open_lilas, changed, number=number)
    assert told(open_lilas, number) == changed
    actions.settle(number, CheckInState.VERIFIED, by=open_lilas.present(), at=AT)
    with pytest.raises(Settled):
        arrive(open_lilas, TOLD, number=number)


def test_another_phone_changes_nothing(open_lilas: Place) -> None:
    number = arrive(open_lilas)
    with pytest.raises(Settled):
        arrive(open_lilas, Answers(family="MALLORY"), number=number, secret=os.urandom(32))
    assert told(open_lilas, number) == TOLD


def test_verified_it_keeps_no_answers(open_lilas: Place) -> None:
    number = arrive(open_lilas)
    actions.settle(number, CheckInState.VERIFIED, by=open_lilas.present(), at=AT)
    assert bytes(CheckIn.objects.get().sealed) == b""
    with pytest.raises(Settled):
        actions.settle(number, CheckInState.VERIFIED, by=open_lilas.present(), at=AT)


def test_dismissed_by_mistake_they_come_back(open_lilas: Place) -> None:
    number = arrive(open_lilas)
    actions.settle(number, CheckInState.DISMISSED, by=open_lilas.present(), at=AT)
    assert queries.here(open_lilas.pharmacy, open_lilas.pharmacy.day(AT)) == []
    actions.settle(number, CheckInState.HERE, by=open_lilas.present(), at=AT)
    assert told(open_lilas, number) == TOLD


def test_another_pharmacy_settles_nothing(open_lilas: Place, other: Place) -> None:
    number = arrive(open_lilas)
    for state in (CheckInState.VERIFIED, CheckInState.DISMISSED):
        with pytest.raises(Settled):
            actions.settle(number, state, by=other.present(), at=AT)


def test_more_than_a_queue_is_a_flood(open_lilas: Place) -> None:
    for _ in range(AT_ONCE):
        arrive(open_lilas)
    with pytest.raises(Full):
        arrive(open_lilas)
    arrive(open_lilas, minutes=1)


def test_there_is_an_end_to_how_many_wait(open_lilas: Place) -> None:
    for nth in range(WAITING_MOST):
        arrive(open_lilas, minutes=nth // AT_ONCE * 2)
    with pytest.raises(Full):
        arrive(open_lilas, minutes=60)


def test_without_a_box_for_today_nobody_checks_in(lilas: Place) -> None:
    assert not BoxKey.objects.exists()
    with pytest.raises(Full):
        arrive(lilas)


@pytest.mark.parametrize("sealed", [b"", b"x" * (BOX_SEALED - 1), b"x" * (BOX_SEALED + 1)])
def test_what_is_no_box_is_not_kept(open_lilas: Place, sealed: bytes) -> None:
    with pytest.raises(ValueError, match="box"):
        actions.arrive(open_lilas.pharmacy, uuid4(), SECRET, sealed, at=AT)
    assert not CheckIn.objects.exists()


def test_what_does_not_open_is_shown_as_such(open_lilas: Place) -> None:
    number = uuid4()
    actions.arrive(open_lilas.pharmacy, number, SECRET, os.urandom(BOX_SEALED), at=AT)
    assert told(open_lilas, number) is None


def test_they_are_for_the_day_alone(open_lilas: Place) -> None:
    number = arrive(open_lilas)
    with pytest.raises(Settled):
        actions.settle(number, CheckInState.VERIFIED, by=open_lilas.present(), at=AT + timedelta(days=1))
    assert actions.end_days(at=AT + timedelta(days=1)) == 0
    assert actions.end_days(at=AT + timedelta(days=2)) == 1
