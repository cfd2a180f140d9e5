"""The directory of a pharmacy at work: follows what is recorded, shuts out others, and is dropped."""

from datetime import timedelta

from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.counter.world import Place, file

from sceau.counter.patients import memory
from sceau.counter.patients.models import Card


def test_it_follows_what_another_process_recorded(lilas: Place) -> None:
    now = timezone.now()
    lilas.imports(file(2), at=now)
    assert len(memory.directory(lilas.pharmacy, lilas.keys)) == 2
    lilas.imports(file(1, start=2), at=now + timedelta(seconds=1))
    assert len(memory.directory(lilas.pharmacy, lilas.keys)) == 3


def test_another_pharmacy_finds_nobody(lilas: Place, other: Place) -> None:
    lilas.imports(file(2), at=timezone.now())
    assert len(memory.directory(other.pharmacy, other.keys)) == 0


def test_a_card_that_was_swapped_for_another_pharmacys_names_nobody(lilas: Place, other: Place) -> None:
    lilas.imports(file(1), at=timezone.now())
    Card.objects.update(pharmacy=other.pharmacy)
    assert len(memory.directory(other.pharmacy, other.keys)) == 0


def test_a_question_is_one_query_however_many_are_known(lilas: Place, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    lilas.imports(file(30), at=timezone.now())
    memory.directory(lilas.pharmacy, lilas.keys)
    with django_assert_num_queries(1):
        assert len(memory.directory(lilas.pharmacy, lilas.keys).search("testard")) == 8


def test_what_was_taken_back_is_forgotten_and_what_comes_next_is_not_missed(lilas: Place) -> None:
    now = timezone.now()
    lilas.imports(file(2), at=now)
    memory.directory(lilas.pharmacy, lilas.keys)
    gone = Card.objects.order_by("recorded_at").values_list("id", flat=True)[0]
    Card.objects.filter(id=gone).delete()
    memory.forget(lilas.pharmacy.id, gone)
    lilas.imports(file(1, start=2), at=now)
    assert len(memory.directory(lilas.pharmacy, lilas.keys)) == 2


def test_once_dropped_it_is_opened_anew(lilas: Place) -> None:
    lilas.imports(file(1), at=timezone.now())
    before = memory.directory(lilas.pharmacy, lilas.keys)
    memory.drop(lilas.pharmacy.id)
    assert memory.directory(lilas.pharmacy, lilas.keys) is not before
