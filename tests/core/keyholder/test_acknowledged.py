"""Which envelopes were acknowledged: noted for good, across restarts, and gone with the month's keys."""

import errno
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.core.keyholder.test_presence import refusal
from tests.core.keyholder.world import AT, UNLOCK, Running, approving

from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder import journal
from sceau.core.keyholder.acknowledged import Acknowledged
from sceau.core.keyholder.envelope_verbs import AlreadyAcknowledged, Ingest, Keys, Readmit, Unopened
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.service_verbs import Retire
from sceau.core.keyholder.store import Store
from sceau.core.sealing import suite
from sceau.core.sealing.errors import Flaw
from sceau.core.sealing.header import Header

MONTH = "2026-11"
IDS = [UUID(int=0x0190C0DE << 96 | number) for number in range(1_000)]
SOFTWARE, FINESS = UUID(int=7), Finess("750000002")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path, bytes(range(32)))


def file(store: Store) -> Path:
    return store.place(f"acknowledged/{MONTH}")


def test_what_was_noted_is_known_after_a_restart_and_its_neighbours_are_not(store: Store) -> None:
    noted = Acknowledged(store)
    assert [noted.note(IDS[:300], month=MONTH), noted.note(IDS[200:600:2], month=MONTH)] == [300, 150]
    for each in (noted, Acknowledged(store)):
        assert [one for one in IDS if one in each] == [*IDS[:300], *IDS[300:600:2]]


def test_half_of_one_and_half_of_the_next_is_none(store: Store) -> None:
    noted = Acknowledged(store)
    first, second = UUID(bytes=bytes(range(16))), UUID(bytes=bytes(range(16, 32)))
    noted.note([first, second], month=MONTH)
    month = noted._months[MONTH]
    month._buckets = dict.fromkeys(range(1 << 16), bytearray(first.bytes + second.bytes))
    assert all(one in noted for one in (first, second))
    assert not any(UUID(bytes=bytes(range(shift, shift + 16))) in noted for shift in range(1, 16))


def test_a_record_that_the_machine_stopped_within_was_never_answered_for(store: Store) -> None:
    Acknowledged(store).note(IDS[:3], month=MONTH)
    whole = file(store).read_bytes()
    Acknowledged(store).note(IDS[3:6], month=MONTH)
    for length in range(len(whole), file(store).stat().st_size):
        file(store).write_bytes(file(store).read_bytes()[:length])
        assert [one in Acknowledged(store) for one in IDS[2:5]] == [True, False, False]
        assert file(store).read_bytes() == whole
        Acknowledged(store).note(IDS[3:6], month=MONTH)


@pytest.mark.parametrize("place", [4, 19, 21, 51])
def test_a_changed_file_is_refused(store: Store, place: int) -> None:
    Acknowledged(store).note(IDS[:1], month=MONTH)
    data = bytearray(file(store).read_bytes())
    data[place] ^= 1
    file(store).write_bytes(data)
    with pytest.raises(KeyholderError, match="was changed"):
        Acknowledged(store)


def test_another_months_file_is_not_taken_for_this_ones(store: Store) -> None:
    Acknowledged(store).note(IDS[:1], month=MONTH)
    file(store).rename(store.place("acknowledged/2026-12"))
    with pytest.raises(KeyholderError, match="was changed"):
        Acknowledged(store)


def test_a_full_disk_notes_nothing_and_the_next_try_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = Acknowledged(store)
    noted.note(IDS[:1], month=MONTH)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        with pytest.raises(OSError, match="full"):
            noted.note(IDS[1:3], month=MONTH)
    assert [one in noted for one in IDS[:3]] == [True, False, False]
    noted.note(IDS[1:3], month=MONTH)
    assert all(one in Acknowledged(store) for one in IDS[:3])


def test_those_readmitted_are_forgotten_and_no_others(store: Store) -> None:
    noted = Acknowledged(store)
    noted.note(IDS[:10], month=MONTH)
    noted.note(IDS[10:20], month="2026-12")
    assert noted.readmit([*IDS[5:15], IDS[500]]) == 10
    for each in (noted, Acknowledged(store)):
        assert [one for one in IDS if one in each] == [*IDS[:5], *IDS[15:20]]


def header(registry: Running, envelope: UUID, *, month: int = 0) -> bytes:
    """Of an envelope under the key of the month that is so many months ahead; its body is none."""
    registry.ask("operator", approving(SOFTWARE))
    encoded, root = registry.ask("web", Keys())
    public = KeyList.decode(encoded).check(root).envelopes[month].public
    return registry.stamped(Header(suite.key_id(public), envelope, SOFTWARE, FINESS, AT, 1).pack() + bytes(3_000))


def answers(registry: Running, *envelopes: bytes, acknowledged: list[UUID] | None = None) -> list[object]:
    return list(registry.ask("worker", Ingest(list(envelopes), registry.clock(), acknowledged or [])))


SHUT, AGAIN = Unopened(Flaw.CANNOT_OPEN), AlreadyAcknowledged()


def test_a_confirmed_envelope_is_refused_by_itself_also_after_a_restart(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up():
        one, other = header(registry, IDS[0]), header(registry, IDS[1])
        assert answers(registry, one, other) == [SHUT, SHUT]
        assert answers(registry, one, other, acknowledged=[IDS[0]]) == [AGAIN, SHUT]
    with registry.up():
        assert answers(registry, one, other, one) == [AGAIN, SHUT, AGAIN]
        assert registry.ask("operator", Readmit([IDS[0], IDS[1]])) == 1
        assert answers(registry, one) == [SHUT]


def test_the_journal_counts_what_came_again(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up():
        answers(registry, header(registry, IDS[0]), acknowledged=IDS[:2])
    (entry,) = (one for one in journal.entries(registry.state / "journal.jsonl") if one.event == "ingest")
    assert entry.facts == {"envelopes": 1, "reports": 0, "again": 1, "acknowledged": 2}


def test_only_the_operator_readmits(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up():
        assert [refusal(registry, Readmit([]), who) for who in ("web", "worker")] == ["not-understood"] * 2


def test_a_key_opens_nothing_until_the_day_before_its_month(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up():
        december = header(registry, IDS[0], month=1)
        assert answers(registry, december) == [Unopened(Flaw.UNKNOWN_KEY)]
        registry.clock.now = AT.replace(day=30)
        assert answers(registry, december) == [SHUT]


def test_ids_go_when_no_envelope_of_their_month_can_be_opened_any_more(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up():
        answers(registry, acknowledged=IDS[:2])
        registry.clock.later(days=38)
        registry.ask("worker", Retire(registry.clock().date()))
        assert Store(registry.state, UNLOCK.key).names("acknowledged") == ["acknowledged/2026-11"]
        registry.clock.later(days=1)
        registry.ask("worker", Retire(registry.clock().date()))
        assert Store(registry.state, UNLOCK.key).names("acknowledged") == []
        assert answers(registry, acknowledged=IDS[2:3]) == []


def test_at_the_end_of_a_month_they_are_noted_with_the_next(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    registry.clock.now = AT.replace(day=30) + timedelta(hours=1)
    with registry.up():
        answers(registry, acknowledged=IDS[:1])
    assert Store(registry.state, UNLOCK.key).names("acknowledged") == ["acknowledged/2026-12"]
