"""What is charged: a relayed test that the registry recorded, once, in the month of its acknowledgement. Nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import Error, connection, transaction
from tests.counter.billing.books import FIRST_OF_DECEMBER, IN_NOVEMBER, NOVEMBER, Books, run
from tests.counter.visits.test_corrections import LATER, recorded, told
from tests.counter.world import AT, FIRST, HEADER, FakeRegistry, Place, file
from tests.plugins.services import acting

from sceau.core.codes.snomed import Result
from sceau.counter.billing import actions, ledger
from sceau.counter.billing.ledger import SoFar
from sceau.counter.billing.models import Charge
from sceau.counter.relay import actions as relay
from sceau.counter.screenings.models import Screening
from sceau.counter.visits import corrections


def charged() -> int:
    ledger.accrue()
    return Charge.objects.filter(void=False).count()


@pytest.mark.parametrize(
    ("outcome", "lines"), [("recorded", 1), ("duplicate", 0), ("refused", 0), ("amended", 0), ("cancelled", 0)]
)
def test_a_recorded_test_is_charged_and_nothing_else(books: Books, outcome: str, lines: int) -> None:
    books.answered([outcome])
    assert charged() == lines


def test_what_is_not_acknowledged_is_not_charged_until_it_is(lilas: Place, registry: FakeRegistry) -> None:
    recorded(lilas)
    assert charged() == 0
    relay.deliver(registry, at=LATER)
    assert charged() == 0
    relay.collect(registry, at=LATER)
    assert charged() == 1


def test_it_runs_twice_and_charges_once_with_the_rights_of_the_worker(books: Books) -> None:
    books.answered(["recorded"] * 3)
    with acting("counter_worker"):
        assert [ledger.accrue(), ledger.accrue()] == [3, 0]


def test_a_corrected_test_is_charged_once(lilas: Place, registry: FakeRegistry) -> None:
    first = recorded(lilas)
    second = corrections.correct(first, told(lilas, first, Result.NOT_DETECTED), by=lilas.present(), at=LATER)
    relay.deliver(registry, at=LATER + timedelta(minutes=1))
    relay.collect(registry, at=LATER + timedelta(minutes=1))
    Screening.objects.filter(pk=second).update(outcome="amended")
    assert charged() == 1
    assert Charge.objects.get().report == first


def test_a_test_cancelled_before_the_invoice_is_not_charged_though_it_was_corrected_between(lilas: Place) -> None:
    first = recorded(lilas)
    second = corrections.correct(first, told(lilas, first, Result.NOT_DETECTED), by=lilas.present(), at=LATER)
    Screening.objects.filter(pk=first).update(outcome="recorded")
    Screening.objects.filter(pk=second).update(outcome="amended")
    first_row = Screening.objects.select_related("envelope").get(pk=first)
    type(first_row.envelope).objects.filter(pk=first_row.envelope_id).update(acknowledged_at=AT)
    assert charged() == 1
    corrections.cancel(second, by=lilas.present(), at=LATER)
    assert charged() == 0


def test_an_undone_import_is_not_charged_and_another_one_is(books: Books) -> None:
    undone = books.place.imports("\n".join([HEADER, FIRST]).encode())
    Screening.objects.update(outcome="recorded")
    type(Screening.objects.get().envelope).objects.update(acknowledged_at=AT)
    assert charged() == 1
    books.place.undo(undone)
    assert charged() == 0
    Screening.objects.filter(outcome="").update(outcome="cancelled")
    books.answered(["recorded"])
    assert charged() == 1


def test_a_cancellation_that_comes_in_a_file_voids_the_test_it_is_about_and_no_other(books: Books) -> None:
    books.answered(["recorded", "recorded"])
    assert charged() == 2
    told = file(1).decode().replace("définitif", "annulé")
    books.place.imports(told.encode(), at=AT + timedelta(minutes=1))
    assert charged() == 1


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 8, 31, 21, 59, 59, tzinfo=UTC), date(2026, 8, 1)),
        (datetime(2026, 8, 31, 22, 0, tzinfo=UTC), date(2026, 9, 1)),
    ],
)
def test_the_month_ends_at_midnight_in_paris(books: Books, at: datetime, month: date) -> None:
    books.answered(["recorded"], at=at)
    ledger.accrue()
    assert Charge.objects.get().month == month


def test_a_price_counts_from_its_day_and_a_regime_has_its_own(books: Books) -> None:
    actions.set_price(80, regime="", since=date(2026, 11, 20), by="operator", at=AT)
    books.answered(["recorded"], at=IN_NOVEMBER - timedelta(days=5))
    books.answered(["recorded"])
    assert ledger.so_far(books.place.pharmacy, NOVEMBER) == SoFar(2, 180)
    actions.set_price(50, regime="consent-one-month", since=date(2023, 7, 1), by="operator", at=AT)
    actions.set_price(40, regime="consent", since=date(2023, 7, 1), by="operator", at=AT)
    assert ledger.so_far(books.place.pharmacy, NOVEMBER) == SoFar(2, 100)


def test_a_test_in_the_ledger_keeps_its_price_and_a_free_one_has_no_line(books: Books) -> None:
    books.answered(["recorded"])
    ledger.accrue()
    actions.set_price(0, regime="", since=date(2026, 11, 1), by="operator", at=AT)
    books.answered(["recorded"])
    ledger.accrue()
    assert list(Charge.objects.values_list("cents", flat=True)) == [100]


def test_the_months_so_far_are_one_pharmacys(books: Books, other: Place) -> None:
    Books(other).answered(["recorded"] * 5)
    books.answered(["recorded", "recorded", "refused"])
    with acting("counter_web"):
        assert ledger.so_far(books.place.pharmacy, NOVEMBER) == SoFar(2, 200)
        assert ledger.so_far(books.place.pharmacy, date(2026, 10, 1)) == SoFar(0, 0)


@pytest.mark.parametrize("change", ["cents = 1", "month = '2026-01-01'", "void = false", "invoice_id = null"])
def test_postgresql_refuses_to_charge_anew_what_was_charged(books: Books, change: str) -> None:
    books.answered(["recorded"])
    run()
    Charge.objects.update(void=True)
    with pytest.raises(Error, match="charged once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update billing_charge set {change}")  # noqa: S608


def test_a_line_goes_with_the_copy_once_nothing_can_change_about_it(books: Books) -> None:
    books.answered(["recorded", "recorded"])
    run()
    books.answered(["recorded"], at=FIRST_OF_DECEMBER)
    ledger.accrue()
    assert ledger.forget() == 0
    Screening.objects.all()._raw_delete("default")
    with acting("counter_worker"):
        assert ledger.forget() == 2
    assert not Charge.objects.get().invoice_id
