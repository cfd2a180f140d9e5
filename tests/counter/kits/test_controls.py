"""A lot is tried with its maker's controls. One that fails starts no test: until another box, a better control, or a reason."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from tests.counter.world import AT, Place, patient

from sceau.core.audit.models import Entry
from sceau.core.codes.identifiers import Gtin
from sceau.core.codes.snomed import Result
from sceau.counter.kits import actions, controls, queries
from sceau.counter.kits.box import Box
from sceau.counter.kits.errors import NothingFailed
from sceau.counter.kits.models import Control, Kit
from sceau.counter.pharmacies.models import ControlRule, Role
from sceau.counter.pharmacies.policies import NotAllowed
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.models import Screening
from sceau.counter.visits import actions as visits
from sceau.counter.visits.draft import Draft
from sceau.counter.visits.errors import NoKit

YES, NO, UNCLEAR = Result.DETECTED, Result.NOT_DETECTED, Result.INCONCLUSIVE
GTIN = Gtin("03760123456784")


def tried(place: Place, kit: Kit, positive: Result, negative: Result, *, lot: str = "A1", at: datetime = AT) -> Control:
    return controls.run(kit, lot, positive=positive, negative=negative, by=place.bruno, at=at)


def usable(kit: Kit) -> bool:
    kit.refresh_from_db()
    return actions.usable(kit, AT.date())


@pytest.mark.parametrize(
    ("positive", "negative", "passed"),
    [(YES, NO, True), (YES, YES, False), (NO, NO, False), (NO, YES, False), (YES, UNCLEAR, False), (UNCLEAR, NO, False)],
)
def test_a_lot_passes_when_the_positive_is_positive_and_the_negative_negative(
    lilas: Place, positive: Result, negative: Result, passed: bool
) -> None:
    kit = lilas.kit()
    assert tried(lilas, kit, positive, negative).passed is passed
    assert usable(kit) is passed
    assert Entry.objects.get(event="kit-controlled").purpose == ("passed" if passed else "failed")


def test_nothing_of_a_control_is_for_the_registry(lilas: Place) -> None:
    tried(lilas, lilas.kit(), YES, NO)
    assert not Screening.objects.exists()
    assert not Envelope.objects.exists()


def test_no_test_is_started_with_a_lot_that_failed(lilas: Place) -> None:
    kit, by = lilas.kit(), lilas.present()
    waiting = visits.add(Draft(patient=patient()), by=by, at=AT)
    tried(lilas, kit, NO, NO)
    with pytest.raises(NoKit):
        visits.start(waiting.id, queries.in_hand(lilas.pharmacy), by=by, at=AT)
    tried(lilas, kit, YES, NO, at=AT + timedelta(minutes=20))
    assert visits.start(waiting.id, queries.in_hand(lilas.pharmacy), by=by, at=AT).kit == kit


def test_the_lot_is_barred_again_whenever_its_box_is_taken_in_hand(lilas: Place) -> None:
    kit = lilas.kit()
    tried(lilas, kit, NO, NO)
    assert not actions.take(Box(GTIN, "B2", None), pharmacy=lilas.pharmacy, at=AT).failed
    assert actions.take(Box(GTIN, "A1", None), pharmacy=lilas.pharmacy, at=AT).failed


def test_a_lot_that_is_not_in_hand_any_more_bars_no_other(lilas: Place) -> None:
    kit = lilas.kit(lot="B2")
    tried(lilas, kit, NO, NO, lot="A1")
    assert usable(kit)


def test_another_kits_lot_of_the_same_name_is_another(lilas: Place, other: Place) -> None:
    here, there = lilas.kit(), other.kit()
    tried(lilas, here, NO, NO)
    assert not usable(here)
    assert not actions.take(Box(GTIN, "A1", None), pharmacy=other.pharmacy, at=AT).failed
    assert usable(there)


def test_a_pharmacist_uses_it_for_a_reason_and_the_log_keeps_it(lilas: Place) -> None:
    kit = lilas.kit()
    tried(lilas, kit, UNCLEAR, NO)
    controls.use_all_the_same(kit, "A1", "swab of the control was dry", by=lilas.bruno, at=AT)
    assert usable(kit)
    assert not actions.take(Box(GTIN, "A1", date(2099, 1, 31)), pharmacy=lilas.pharmacy, at=AT).failed
    assert Entry.objects.get(event="kit-overridden").purpose == "swab of the control was dry"
    assert Control.objects.get().override == "swab of the control was dry"


def test_the_next_control_ends_the_exception(lilas: Place) -> None:
    kit = lilas.kit()
    tried(lilas, kit, NO, NO)
    controls.use_all_the_same(kit, "A1", "dry swab", by=lilas.bruno, at=AT)
    tried(lilas, kit, NO, NO, at=AT + timedelta(minutes=20))
    assert not usable(kit)


def test_a_reason_for_the_date_is_none_for_the_control(lilas: Place) -> None:
    kit, box = lilas.kit(), Box(GTIN, "A1", AT.date() - timedelta(days=1))
    tried(lilas, kit, NO, NO)
    assert actions.use_expired(kit, box, "prolonged", by=lilas.bruno, at=AT).failed
    assert not usable(kit)


def test_an_assistant_runs_a_control_and_overrides_none(lilas: Place) -> None:
    kit, sam = lilas.kit(), lilas.present("sam@example.org", Role.ASSISTANT).member
    controls.run(kit, "A1", positive=NO, negative=NO, by=sam, at=AT)
    with pytest.raises(NotAllowed):
        controls.use_all_the_same(kit, "A1", "dry swab", by=sam, at=AT)
    assert not usable(kit)


def test_what_passed_or_never_ran_is_not_overridden(lilas: Place) -> None:
    kit = lilas.kit()
    with pytest.raises(NothingFailed):
        controls.use_all_the_same(kit, "A1", "dry swab", by=lilas.bruno, at=AT)
    control = tried(lilas, kit, YES, NO)
    with pytest.raises(NothingFailed):
        controls.use_all_the_same(kit, "A1", "dry swab", by=lilas.bruno, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Control.objects.filter(pk=control.pk).update(override="dry swab")


def test_a_control_without_its_audit_entry_is_not_kept(lilas: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError

    kit = lilas.kit()
    monkeypatch.setattr(controls, "record", full)
    with pytest.raises(OSError), transaction.atomic():  # noqa: PT011
        tried(lilas, kit, NO, NO)
    assert not Control.objects.exists()
    assert usable(kit)


def test_the_history_tells_who_ran_it_the_latest_first(lilas: Place) -> None:
    kit = lilas.kit()
    tried(lilas, kit, NO, NO)
    tried(lilas, kit, YES, NO, at=AT + timedelta(minutes=20))
    assert [(one.passed, one.by.name) for one in queries.controls(kit, 10)] == [(True, "Bruno"), (False, "Bruno")]


DAY = timedelta(days=1)
NEVER, EACH_LOT, EACH_DAY = ControlRule


@pytest.mark.parametrize(
    ("rule", "tried_before", "missing"),
    [
        (NEVER, None, False),
        (EACH_LOT, None, True),
        (EACH_LOT, 30 * DAY, False),
        (EACH_DAY, None, True),
        (EACH_DAY, DAY, True),
        (EACH_DAY, timedelta(0), False),
    ],
)
def test_a_control_is_missing_as_the_pharmacy_asks(
    lilas: Place, rule: ControlRule, tried_before: timedelta | None, missing: bool
) -> None:
    kit, pharmacy = lilas.kit(), lilas.pharmacy
    controls.ask(pharmacy, rule, by=lilas.bruno, at=AT)
    tried(lilas, kit, YES, NO, lot="B2")  # another lot's says nothing of this one
    if tried_before is not None:
        tried(lilas, kit, YES, NO, at=AT - tried_before)
    pharmacy.refresh_from_db()
    assert controls.missing(kit, pharmacy, pharmacy.day(AT)) is missing
    assert usable(kit)


def test_where_nothing_is_asked_nothing_is_looked_up(lilas: Place, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    kit = lilas.kit()
    with django_assert_num_queries(0):
        assert not controls.missing(kit, lilas.pharmacy, AT.date())


def test_a_day_begins_at_the_pharmacys_midnight(lilas: Place) -> None:
    kit, pharmacy = lilas.kit(), lilas.pharmacy
    pharmacy.controls = EACH_DAY
    tried(lilas, kit, YES, NO, at=datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    assert not controls.missing(kit, pharmacy, date(2026, 11, 25))


@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.ASSISTANT])
def test_the_owner_alone_says_when_controls_are_asked_for(lilas: Place, role: Role) -> None:
    with pytest.raises(NotAllowed):
        controls.ask(lilas.pharmacy, EACH_DAY, by=lilas.present("sam@example.org", role).member, at=AT)
    controls.ask(lilas.pharmacy, EACH_DAY, by=lilas.bruno, at=AT)
    assert Entry.objects.get(event="controls-asked").purpose == "day"
