"""A meter lets through what was allowed within a time, and not one more, whatever stops in between."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.meter import Meter
from sceau.core.keyholder.store import Store

UNLOCK = bytes(range(32))
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "state", UNLOCK)


@pytest.fixture
def meter(store: Store) -> Meter:
    return Meter(store)


def used(meter: Meter, key: str, times: int, *, at: datetime = AT) -> None:
    for _ in range(times):
        meter.count(key, at=at)


def refused(meter: Meter, key: str, *, at: datetime = AT, more: int = 1) -> bool:
    """By the meter itself: any other error is one."""
    try:
        meter.check(key, limit=10, window=HOUR, at=at, more=more)
    except KeyholderError as error:
        if error.refusal is not Refusal.METERED:
            raise
        return True
    return False


def test_the_tenth_is_let_through_and_the_eleventh_is_not(meter: Meter) -> None:
    used(meter, "reveal", 9)
    assert not refused(meter, "reveal")
    used(meter, "reveal", 1)
    assert refused(meter, "reveal")


def test_several_at_once_count_as_many(meter: Meter) -> None:
    used(meter, "reveal", 7)
    assert not refused(meter, "reveal", more=3)
    assert refused(meter, "reveal", more=4)


def test_checking_uses_nothing_up(meter: Meter) -> None:
    used(meter, "reveal", 9)
    assert [refused(meter, "reveal") for _ in range(20)] == [False] * 20


def test_another_key_has_its_own_count(meter: Meter) -> None:
    used(meter, "reveal-1", 10)
    assert refused(meter, "reveal-1")
    assert not refused(meter, "reveal-2")


def test_what_was_counted_ends_with_its_hour_and_not_a_second_before(meter: Meter) -> None:
    used(meter, "reveal", 10)
    assert refused(meter, "reveal", at=AT + HOUR - SECOND)
    assert not refused(meter, "reveal", at=AT + HOUR)


def test_a_clock_put_back_gives_nothing_back(meter: Meter) -> None:
    used(meter, "reveal", 10)
    assert refused(meter, "reveal", at=AT - 2 * HOUR)


def test_it_survives_a_restart(meter: Meter, store: Store) -> None:
    used(meter, "reveal", 10)
    assert refused(Meter(Store(store.folder, UNLOCK)), "reveal")


def test_reset_it_begins_again_and_its_neighbour_does_not(meter: Meter, store: Store) -> None:
    used(meter, "wrong-1", 10)
    used(meter, "wrong-2", 10)
    meter.reset("wrong-1")
    again = Meter(Store(store.folder, UNLOCK))
    assert [refused(again, "wrong-1"), refused(again, "wrong-2")] == [False, True]


def test_to_reset_what_was_never_counted_is_no_error(meter: Meter) -> None:
    meter.reset("wrong-1")
    assert not refused(meter, "wrong-1", more=10)


def test_what_is_a_day_old_is_not_kept(meter: Meter, store: Store) -> None:
    used(meter, "reveal", 10)
    [file] = [store.folder / name for name in store.names("meters")]
    of_ten = file.stat().st_size
    used(meter, "reveal", 1, at=AT + timedelta(days=1) - SECOND)
    of_eleven = file.stat().st_size
    used(meter, "reveal", 1, at=AT + timedelta(days=1))
    assert file.stat().st_size < of_ten < of_eleven


def test_no_file_names_what_is_counted(meter: Meter, store: Store) -> None:
    used(meter, "reveal-Driss", 1)
    told = b"".join(path.name.encode() + path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert b"Driss" not in told


def test_a_meter_file_of_another_key_does_not_open_for_this_one(meter: Meter, store: Store) -> None:
    used(meter, "wrong-1", 10)
    [full] = store.names("meters")
    used(meter, "wrong-2", 1)
    [fresh] = set(store.names("meters")) - {full}
    (store.folder / full).write_bytes((store.folder / fresh).read_bytes())
    with pytest.raises(KeyholderError, match="does not open"):
        refused(Meter(Store(store.folder, UNLOCK)), "wrong-1")


def test_on_a_full_disk_nothing_is_counted_and_it_goes_on(meter: Meter, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    used(meter, "reveal", 9)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            meter.count("reveal", at=AT)
    assert not refused(meter, "reveal")
    assert not refused(Meter(Store(store.folder, UNLOCK)), "reveal")
    used(meter, "reveal", 1)
    assert refused(meter, "reveal")
