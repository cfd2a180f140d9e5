"""Secrets as files: made once whoever asks first, readable by their owner alone."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from sceau.core.keyholder.files import SecretFolder


def _ensure(path: Path) -> tuple[bytes, bytes]:
    """What this process offered, and what it was given."""
    mine = os.urandom(32)
    return mine, SecretFolder(path).ensure("days/2026-11-23", lambda: mine)


@pytest.mark.parametrize("round_", range(5))
def test_of_several_processes_one_wins_and_all_get_its_secret(tmp_path: Path, round_: int) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        answers = pool.map(_ensure, [tmp_path / str(round_)] * 32, chunksize=1)
    assert len({given for _, given in answers}) == 1
    assert sum(offered == given for offered, given in answers) == 1


def test_a_secret_is_never_made_twice(tmp_path: Path) -> None:
    assert SecretFolder(tmp_path).ensure("receipt", lambda: b"first") == b"first"
    assert SecretFolder(tmp_path).ensure("receipt", lambda: b"second") == b"first"


def test_one_that_was_written_meanwhile_is_kept(tmp_path: Path) -> None:
    folder = SecretFolder(tmp_path)

    def slow() -> bytes:
        folder.ensure("receipt", lambda: b"meanwhile")
        return b"late"

    assert folder.ensure("receipt", slow) == b"meanwhile"


def test_files_are_0600_and_every_folder_0700_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        SecretFolder(tmp_path / "keys").ensure("pharmacies/one/days/2026-11-23", lambda: b"secret")
    finally:
        os.umask(before)
    found = list((tmp_path / "keys").rglob("*"))
    assert len(found) == 4
    for path in [tmp_path / "keys", *found]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_nothing_is_left_beside_a_secret(tmp_path: Path) -> None:
    SecretFolder(tmp_path).ensure("receipt", lambda: b"secret")
    assert [path.name for path in tmp_path.iterdir()] == ["receipt"]


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    folder = SecretFolder(tmp_path)
    assert folder.get("receipt") is None
    assert folder.names("days") == []


def test_names_are_listed_in_order(tmp_path: Path) -> None:
    folder = SecretFolder(tmp_path)
    for day in ("2026-11-24", "2026-11-23"):
        folder.ensure(f"days/{day}", lambda: b"secret")
    assert folder.names("days") == ["2026-11-23", "2026-11-24"]
    assert folder.get("days/2026-11-23") == b"secret"
