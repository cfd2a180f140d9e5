"""A store of secrets: sealed in its files, whole or not at all, and gone when destroyed."""

import errno
import os
import threading
from pathlib import Path

import pytest

from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.store import Store

UNLOCK, OTHER = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "state", UNLOCK)


def test_what_was_put_is_there_after_a_restart(store: Store) -> None:
    made = store.ensure("days/2026-11-23")
    assert Store(store.folder, UNLOCK).get("days/2026-11-23") == made


def test_it_is_made_once(store: Store) -> None:
    assert store.ensure("receipt") == store.ensure("receipt")
    assert store.ensure("receipt") != store.ensure("root")


def test_another_key_does_not_unlock_it(store: Store) -> None:
    with pytest.raises(KeyholderError, match="wrong"):
        Store(store.folder, OTHER)


def test_no_second_store_is_made_over_the_first(store: Store) -> None:
    with pytest.raises(FileExistsError):
        Store.create(store.folder, OTHER)
    assert Store(store.folder, UNLOCK).get("receipt") is None


def test_rewrapped_it_opens_with_the_new_key_alone(store: Store) -> None:
    kept = store.ensure("receipt")
    store.rewrap(OTHER)
    assert Store(store.folder, OTHER).get("receipt") == kept
    with pytest.raises(KeyholderError):
        Store(store.folder, UNLOCK)


def test_no_file_holds_a_secret_in_clear(store: Store) -> None:
    secret = store.put("days/2026-11-23", b"a secret of thirty-two bytes....")
    files = b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert secret not in files
    assert store.master not in files


def test_a_file_under_another_name_does_not_open(store: Store) -> None:
    store.ensure("days/2026-11-23")
    (store.folder / "days/2026-11-23").rename(store.folder / "days/2026-11-24")
    with pytest.raises(KeyholderError, match="wrong"):
        Store(store.folder, UNLOCK).get("days/2026-11-24")


def test_destroyed_it_is_gone_from_memory_and_disk_and_its_neighbour_is_not(store: Store) -> None:
    kept = store.ensure("days/2026-11-24")
    store.ensure("days/2026-11-23")
    assert store.destroy("days/2026-11-23") is True
    assert store.destroy("days/2026-11-23") is False
    assert store.get("days/2026-11-23") is None
    assert Store(store.folder, UNLOCK).names("days") == ["days/2026-11-24"]
    assert store.get("days/2026-11-24") == kept


def test_only_its_user_may_read_it(store: Store) -> None:
    store.ensure("owners/lilas/2026-11-23")
    modes = {path.stat().st_mode & 0o077 for path in [store.folder, *store.folder.rglob("*")]}
    assert modes == {0}


def test_on_a_full_disk_nothing_changes_and_it_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.put("receipt", b"before")
    files = sorted(store.folder.rglob("*"))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.put("receipt", b"after")
    assert store.get("receipt") == Store(store.folder, UNLOCK).get("receipt") == before
    assert sorted(store.folder.rglob("*")) == files
    assert store.put("receipt", b"after") == Store(store.folder, UNLOCK).get("receipt")


@pytest.mark.parametrize(
    "name",
    ["", "../receipt", "days/../receipt", "/receipt", "days//receipt", "days/", ".receipt", "days/.receipt", "a\0b", "a\n"],
)
def test_no_name_leads_out_of_its_folder(store: Store, name: str) -> None:
    for use in (store.get, store.ensure, store.destroy):
        with pytest.raises(ValueError, match="no name"):
            use(name)
    assert [path.name for path in store.folder.parent.rglob("*")] == ["state", "master"]


@pytest.mark.parametrize("name", ["master", "salt", "journal.jsonl"])
def test_what_the_store_itself_needs_is_no_secret_to_replace_but_its_near_namesake_is(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        store.put(name, b"")
    store.put(f"days/{name}", b"kept")
    assert Store(store.folder, UNLOCK).get(f"days/{name}") == b"kept"


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_only_a_whole_key_makes_a_store(tmp_path: Path, length: int) -> None:
    with pytest.raises(KeyholderError, match="wrong"):
        Store.create(tmp_path / "other", bytes(length))
    assert not list((tmp_path / "other").iterdir())


def test_what_a_write_cut_short_left_beside_it_is_destroyed_with_it(store: Store) -> None:
    store.ensure("days/2026-11-23")
    left, neighbour = store.folder / "days/.2026-11-23", store.folder / "days/.2026-11-24"
    left.write_bytes((store.folder / "days/2026-11-23").read_bytes())
    neighbour.write_bytes(b"another's")
    assert store.names("days") == ["days/2026-11-23"]
    assert store.destroy("days/2026-11-23") is True
    assert list((store.folder / "days").iterdir()) == [neighbour]


def test_when_the_disk_fails_after_the_replacement_memory_says_what_the_disk_says(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("receipt", b"before")
    synced, sync = [], os.fsync

    def failing(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(handle)

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", failing)
        with pytest.raises(OSError, match="Input/output"):
            store.put("receipt", b"after")
    assert store.get("receipt") == Store(store.folder, UNLOCK).get("receipt")


def test_asked_for_by_several_at_once_it_is_still_made_once(store: Store) -> None:
    both, made = threading.Barrier(2), list[bytes]()

    def ask() -> None:
        both.wait(timeout=10)
        made.extend(store.ensure(f"days/{number}") for number in range(50))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(made) == 100
    assert set(made) == {Store(store.folder, UNLOCK).get(f"days/{number}") for number in range(50)}


def test_the_master_key_recovers_it_and_a_file_half_destroyed_does_not_hinder(store: Store) -> None:
    kept = store.ensure("owners/lilas/2026-11-24")
    store.ensure("owners/lilas/2026-11-23")
    (store.folder / "owners/lilas/2026-11-23").write_bytes(os.urandom(60))
    Store.recovered(store.folder, store.master).rewrap(OTHER)
    assert Store(store.folder, OTHER).get("owners/lilas/2026-11-24") == kept


def test_another_master_key_recovers_nothing(store: Store) -> None:
    kept = store.ensure("owners/lilas/2026-11-23")
    with pytest.raises(KeyholderError, match="wrong"):
        Store.recovered(store.folder, OTHER)
    assert Store(store.folder, UNLOCK).get("owners/lilas/2026-11-23") == kept
