"""What a workstation kept while the counter was away becomes visits and results once, or waits for a person; it is never lost."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.counter.world import AT, Place

from sceau.core.audit.events import Event
from sceau.core.audit.models import Entry as LogEntry
from sceau.core.codes.snomed import Result
from sceau.core.sealing import suite
from sceau.core.sealing.epochs import new
from sceau.core.sealing.seal import BOX_SEALED, box_info, seal_box
from sceau.counter.kept import actions
from sceau.counter.kept.acts import report_id
from sceau.counter.kept.content import Told
from sceau.counter.kept.deposit import AT_ONCE, Deposit, deposit
from sceau.counter.kept.errors import Full, Settled
from sceau.counter.kept.models import Entry, EntryState, Reason
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.models import Role
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy
from sceau.counter.visits import actions as visits
from sceau.counter.visits.models import Visit, VisitState
from sceau.counter.visits.unseal import open_draft
from sceau.counter.web.away.seen import read

TOLD = {"family": "ZYGRAN", "given": "Otto", "born": "12031985", "sex": "male", "phone": "0639980001", "consent": "given"}
LATER = AT + timedelta(hours=1)
"""When the network is back; what was kept was kept at `AT` and after."""


class Workstation:
    """A counter screen that seals, as its script does, to the pharmacy whose page it shows."""

    def __init__(self, place: Place, *, by: Present | None = None, since: datetime = AT - timedelta(minutes=5)) -> None:
        self.place = place
        self.kit = Kit.objects.filter(pharmacy=place.pharmacy).first() or place.kit()
        self.voucher = actions.vouch(by or place.present(), at=since)

    def started(self, number: UUID | None = None, *, at: datetime | str = AT, **change: Any) -> UUID:
        content = {"kind": "started", "told": TOLD, "box": self.box(), "at": _iso(at), "voucher": self.voucher}
        return self.brings(number or uuid4(), content | change)

    def found(self, visit: UUID, keys: str = "+", *, at: datetime = AT + timedelta(minutes=15), **change: Any) -> UUID:
        content = {"kind": "found", "visit": str(visit), "keys": keys, "box": None, "at": at.isoformat(), "voucher": self.voucher}
        return self.brings(uuid4(), content | change)

    def box(self, **change: Any) -> dict[str, Any]:
        return {"kit": str(self.kit.id), "lot": "A1", "expiry": "2099-01-31"} | change

    def brings(self, number: UUID, content: dict[str, Any], *, day: date | None = None) -> UUID:
        deposited(self.place, self.sealed(number, content, day=day))
        return number

    def sealed(self, number: UUID, content: dict[str, Any], *, day: date | None = None) -> Deposit:
        day, pharmacy = day or self.place.pharmacy.day(AT), self.place.pharmacy
        public = suite.public_key(self.place.keys.box_public(day))
        return Deposit(number, day, seal_box(json.dumps(content).encode(), public, box_info(pharmacy.id, day, number)))


def _iso(at: datetime | str) -> str:
    return at if isinstance(at, str) else at.isoformat()


def deposited(place: Place, *brought: Deposit, at: datetime = LATER) -> set[UUID]:
    return deposit(place.pharmacy, brought, at=at)


@pytest.fixture
def station(lilas: Place) -> Workstation:
    return Workstation(lilas)


def take_in(place: Place, *, by: Present | None = None, at: datetime = LATER) -> int:
    return actions.take_in(by=by or place.present(), at=at, read=read)


def reason(number: UUID) -> str:
    return Entry.objects.get(pk=number, state=EntryState.ASIDE).reason


def test_it_becomes_a_result_with_the_times_it_was_kept_with(lilas: Place, station: Workstation) -> None:
    visit = station.started()
    station.found(visit)
    assert take_in(lilas) == 2
    told = open_copy(Screening.objects.get(), lilas.keys)
    assert told.screening
    assert (told.screening.patient.family, told.screening.patient.phone) == ("ZYGRAN", "+33639980001")
    assert (told.screening.specimen.taken_at, told.issued) == (AT, AT + timedelta(minutes=15))
    assert [one.result for one in told.screening.findings] == [Result.DETECTED]
    row = Visit.objects.get()
    assert (row.id, row.state, row.started_at, row.done_at) == (visit, VisitState.DONE, AT, LATER)


def test_a_test_without_its_result_goes_on_in_the_queue(lilas: Place, station: Workstation) -> None:
    station.started()
    assert take_in(lilas) == 1
    row = Visit.objects.get()
    assert (row.state, row.ready_at) == (VisitState.RUNNING, AT + timedelta(minutes=15))
    assert open_draft(row, lilas.keys).patient.family == "ZYGRAN"


def test_the_lot_is_the_one_that_was_in_hand_then(lilas: Place, station: Workstation) -> None:
    visit = station.started(box=station.box(lot="OLD7"))
    station.found(visit, box=station.box(lot="OLD7"))
    take_in(lilas)
    told = open_copy(Screening.objects.get(), lilas.keys).screening
    assert told
    assert told.kit
    assert told.kit.lot == "OLD7"
    assert Kit.objects.get().lot == "A1"


def test_brought_again_it_is_the_same(lilas: Place, station: Workstation) -> None:
    entry = station.sealed(uuid4(), {})
    for _ in range(3):
        assert deposited(lilas, entry) == {entry.id}
    assert Entry.objects.count() == 1


def test_taken_in_twice_it_counts_once(lilas: Place, station: Workstation) -> None:
    visit = uuid4()
    at = AT.isoformat()
    start = {"kind": "started", "told": TOLD, "box": station.box(), "at": at, "voucher": station.voucher}
    found = {"kind": "found", "visit": str(visit), "keys": "-", "at": at, "voucher": station.voucher}
    brought = [station.sealed(visit, start), station.sealed(uuid4(), found)]
    for _ in range(3):
        assert deposited(lilas, *brought) == {one.id for one in brought}
        take_in(lilas)
    assert (Visit.objects.count(), Screening.objects.count(), Envelope.objects.count()) == (1, 1, 1)
    assert Screening.objects.get().id == report_id(lilas.keys, brought[1].id)
    assert {bytes(row.sealed) for row in Entry.objects.all()} == {b""}


def test_other_bytes_under_a_known_number_are_not_taken(lilas: Place, station: Workstation) -> None:
    number = uuid4()
    assert deposited(lilas, station.sealed(number, {})) == {number}
    assert deposited(lilas, station.sealed(number, {})) == set()


def test_what_is_no_sealed_box_is_not_taken(lilas: Place, station: Workstation) -> None:
    number, good = uuid4(), station.sealed(uuid4(), {})
    assert deposited(lilas, Deposit(number, AT.date(), b"x" * (BOX_SEALED - 1)), good) == {good.id}


def test_a_day_that_is_far_off_is_not_taken(lilas: Place, station: Workstation) -> None:
    days = [lilas.pharmacy.day(LATER) + timedelta(days=ahead) for ahead in (1, 2)]
    brought = [Deposit(uuid4(), day, b"x" * BOX_SEALED) for day in days]
    assert deposited(lilas, *brought) == {brought[0].id}


def test_another_pharmacy_has_nothing_of_it(lilas: Place, other: Place, station: Workstation) -> None:
    entry = station.sealed(uuid4(), {})
    assert deposited(lilas, entry) == {entry.id}
    assert deposited(other, entry) == set()
    assert take_in(other) == 0
    assert Entry.objects.get().state == EntryState.WAITING


def test_sealed_to_another_pharmacy_it_does_not_open(lilas: Place, other: Place, station: Workstation) -> None:
    entry = station.sealed(uuid4(), {})
    deposited(other, entry)
    take_in(other)
    assert reason(entry.id) == Reason.UNREADABLE


def test_another_pharmacys_visit_gets_no_result(lilas: Place, other: Place, station: Workstation) -> None:
    theirs = Workstation(other).started()
    assert take_in(other) == 1
    number = station.found(theirs)
    assert take_in(lilas) == 0
    assert (reason(number), Visit.objects.get().state) == (Reason.NO_VISIT, VisitState.RUNNING)


def test_another_pharmacys_voucher_speaks_for_nobody(lilas: Place, other: Place, station: Workstation) -> None:
    number = station.started(voucher=Workstation(other).voucher)
    assert take_in(lilas) == 0
    assert reason(number) == Reason.UNVOUCHED


FORGED: list[Callable[[str], str]] = [
    lambda good: "",
    lambda good: good[:-1] + ("0" if good[-1] != "0" else "1"),
    lambda good: good.replace(good.split(".")[0], "99", 1),
    lambda good: "x.y.z.w",
    lambda good: f"1.{10**30}.1.ff",
    lambda good: good + "é",
]


@pytest.mark.parametrize("forged", FORGED)
def test_without_the_pharmacys_voucher_it_waits_for_a_person(
    lilas: Place, station: Workstation, forged: Callable[[str], str]
) -> None:
    number = station.started(voucher=forged(station.voucher))
    assert take_in(lilas) == 0
    assert (reason(number), Visit.objects.exists()) == (Reason.UNVOUCHED, False)


@pytest.mark.parametrize(
    ("later", "taken"), [(timedelta(hours=12), 1), (timedelta(hours=12, seconds=1), 0), (timedelta(seconds=-1), 0)]
)
def test_a_voucher_speaks_as_long_as_a_session_may_last(lilas: Place, later: timedelta, taken: int) -> None:
    Workstation(lilas, since=AT).started(at=AT + later)
    Entry.objects.update(arrived_at=AT + timedelta(days=1))
    assert take_in(lilas, at=AT + timedelta(days=1)) == taken


def test_a_voucher_ends_with_the_member_and_with_the_epoch(lilas: Place, station: Workstation) -> None:
    number = station.started()
    renewed = lilas.keys.renewed(new(lilas.pharmacy.id, 1))
    take_in(lilas, by=lilas.present()._replace(keys=renewed))
    assert reason(number) == Reason.UNVOUCHED


def test_whoever_left_speaks_no_more(lilas: Place) -> None:
    amina = lilas.present("amina@example.org", Role.PHARMACIST)
    number = Workstation(lilas, by=amina).started()
    amina.member.user.is_active = False
    amina.member.user.save()
    assert take_in(lilas) == 0
    assert reason(number) == Reason.UNVOUCHED


def test_it_is_the_act_of_whoever_was_at_the_page(lilas: Place) -> None:
    amina = lilas.present("amina@example.org", Role.PHARMACIST)
    station = Workstation(lilas, by=amina)
    station.found(station.started())
    assert take_in(lilas) == 2
    assert Visit.objects.get().done_by == amina.member
    recorded = LogEntry.objects.get(event=Event.RESULT_RECORDED)
    assert recorded.by == f"user:{amina.member.user_id}"


def test_an_assistants_result_waits_for_a_pharmacist(lilas: Place) -> None:
    assistant = lilas.present("paul@example.org", Role.ASSISTANT)
    station = Workstation(lilas, by=assistant)
    result = station.found(station.started())
    assert take_in(lilas) == 1
    assert reason(result) == Reason.NOT_ALLOWED
    assert actions.confirm(result, by=assistant, at=LATER, read=read) == Reason.NOT_ALLOWED
    assert actions.confirm(result, by=lilas.present(), at=LATER, read=read) is None
    assert Visit.objects.get().state == VisitState.DONE


@pytest.mark.parametrize(("ahead", "taken"), [(timedelta(minutes=1), 1), (timedelta(minutes=3), 0)])
def test_what_lies_in_the_future_waits(lilas: Place, station: Workstation, ahead: timedelta, taken: int) -> None:
    number = station.started(at=LATER + ahead)
    assert take_in(lilas, at=LATER + timedelta(hours=1)) == taken
    if not taken:
        assert reason(number) == Reason.FUTURE
        assert actions.confirm(number, by=lilas.present(), at=LATER + timedelta(days=1), read=read) == Reason.FUTURE


WRONG: list[dict[str, Any]] = [
    {"told": TOLD | {"born": "31021985"}},
    {"told": TOLD | {"family": ""}},
    {"told": TOLD | {"more": "x"}},
    {"told": None},
    {"at": "yesterday"},
    {"at": f"{AT:%Y-%m-%dT%H:%M:%S}"},
    {"kind": "other"},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_malformed_waits(lilas: Place, station: Workstation, wrong: dict[str, Any]) -> None:
    number = station.started(**wrong)
    assert take_in(lilas) == 0
    assert (reason(number), Visit.objects.exists()) == (Reason.MALFORMED, False)


@pytest.mark.parametrize("keys", ["", "++", "x"])
def test_a_result_too_many_or_too_few_waits(lilas: Place, station: Workstation, keys: str) -> None:
    number = station.found(station.started(), keys)
    assert take_in(lilas) == 1
    assert reason(number) == Reason.MALFORMED


def test_an_unknown_or_expired_kit_waits(lilas: Place, other: Place, station: Workstation) -> None:
    theirs = station.started(box=station.box(kit=str(other.kit().id)))
    expired = station.started(box=station.box(expiry=f"{AT - timedelta(days=1):%Y-%m-%d}"))
    today = station.started(box=station.box(expiry=f"{AT:%Y-%m-%d}"))
    assert take_in(lilas) == 1
    assert (reason(theirs), reason(expired), Visit.objects.get().id) == (Reason.KIT, Reason.KIT, today)


def test_a_day_whose_key_is_gone_is_told(lilas: Place, station: Workstation) -> None:
    entry = station.sealed(uuid4(), {})
    deposited(lilas, Deposit(entry.id, date(2020, 1, 1), entry.sealed))
    assert take_in(lilas) == 0
    assert reason(entry.id) == Reason.SHUT


def test_in_the_order_of_time_whatever_order_they_came_in(lilas: Place, station: Workstation) -> None:
    visit = uuid4()
    station.found(visit, at=AT + timedelta(minutes=15))
    station.started(visit, at=AT)
    assert take_in(lilas) == 2


def test_a_result_waits_while_its_test_is_being_taken_in_elsewhere(lilas: Place, station: Workstation) -> None:
    """Its time is before the test's, so that it comes first: nothing is set aside, and the next time both are there."""
    visit = uuid4()
    number = station.found(visit, at=AT - timedelta(minutes=1))
    station.started(visit)
    assert take_in(lilas) == 1
    assert Entry.objects.get(pk=number).state == EntryState.WAITING
    assert take_in(lilas) == 1


def test_what_had_arrived_before_its_answer_was_lost_counts_once(lilas: Place, station: Workstation) -> None:
    by = lilas.present()
    visit = visits.add(read(Told(**TOLD), AT.date()), by=by, at=AT, number=uuid4())
    visits.start(visit.id, station.kit, by=by, at=AT)
    visits.finish(visit.id, [Result.DETECTED], by=by, at=AT)
    station.started(visit.id)
    same, another = station.found(visit.id, "+"), station.found(visit.id, "-")
    assert take_in(lilas) == 2
    assert (reason(another), Screening.objects.count()) == (Reason.MOVED, 1)
    assert Entry.objects.get(pk=same).state == EntryState.TAKEN


def test_a_person_says_that_it_is_theirs(lilas: Place, station: Workstation) -> None:
    visit = station.started(voucher="")
    result = station.found(visit, voucher="")
    assert take_in(lilas) == 0
    by = lilas.present()
    assert actions.confirm(result, by=by, at=LATER, read=read) == Reason.NO_VISIT
    assert [actions.confirm(one, by=by, at=LATER, read=read) for one in (visit, result)] == [None, None]
    assert (Visit.objects.get().state, Visit.objects.get().done_by) == (VisitState.DONE, by.member)
    with pytest.raises(Settled):
        actions.confirm(visit, by=by, at=LATER, read=read)


def test_a_person_says_that_it_is_not(lilas: Place, other: Place, station: Workstation) -> None:
    visit = station.started(voucher="")
    take_in(lilas)
    with pytest.raises(Settled):
        actions.confirm(visit, by=other.present(), at=LATER, read=read)
    with pytest.raises(Settled):
        actions.dismiss(visit, by=other.present(), at=LATER)
    actions.dismiss(visit, by=lilas.present(), at=LATER)
    assert (Entry.objects.get().state, Visit.objects.exists()) == (EntryState.DISMISSED, False)
    with pytest.raises(Settled):
        actions.confirm(visit, by=lilas.present(), at=LATER, read=read)


def test_if_the_log_fails_nothing_is_taken_in(lilas: Place, station: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_args: object, **_told: object) -> None:
        raise RuntimeError

    station.started()
    monkeypatch.setattr(actions, "record", failing)
    with pytest.raises(RuntimeError):
        take_in(lilas)
    assert (Entry.objects.get().state, Visit.objects.exists()) == (EntryState.WAITING, False)


def test_more_than_an_outages_work_is_a_flood(lilas: Place) -> None:
    brought = [Deposit(uuid4(), AT.date(), b"x" * BOX_SEALED) for _ in range(AT_ONCE + 1)]
    assert len(deposited(lilas, *brought[:-1])) == AT_ONCE
    with pytest.raises(Full):
        deposited(lilas, brought[-1])
    assert deposited(lilas, brought[0]) == {brought[0].id}
    assert len(deposited(lilas, brought[-1], at=LATER + timedelta(minutes=2))) == 1


def test_no_byte_of_it_lies_in_clear(lilas: Place, station: Workstation) -> None:
    station.started()
    assert b"ZYGRAN" not in bytes(Entry.objects.get().sealed)
