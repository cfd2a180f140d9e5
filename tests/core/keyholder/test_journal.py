"""The keyholder's own log: nothing in it can be changed, taken out or cut off unseen."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sceau.core.keyholder.journal import Head, Journal, Tampered, entries, verify

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    journal = Journal(tmp_path / "journal.jsonl")
    for number in range(3):
        journal.append("ingest", AT, reports=number)
    journal.close()
    return journal.path


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_it_goes_on_after_a_restart(path: Path) -> None:
    again = Journal(path)
    again.append("reveal", AT, agent="Nadia")
    again.close()
    assert [(entry.n, entry.event) for entry in entries(path)] == [(1, "ingest"), (2, "ingest"), (3, "ingest"), (4, "reveal")]
    assert verify(path) == again.head


@pytest.mark.parametrize("number", [0, 1])
def test_a_line_changed_is_found(path: Path, number: int) -> None:
    changed = lines(path)
    changed[number] = changed[number].replace(b'"reports":', b'"repairs":')
    path.write_bytes(b"".join(changed))
    with pytest.raises(Tampered, match=f"line {number + 2}"):
        Journal(path)


def test_a_line_taken_out_is_found(path: Path) -> None:
    path.write_bytes(b"".join(lines(path)[::2]))
    with pytest.raises(Tampered, match="line 2"):
        verify(path)


def test_lines_cut_off_show_in_the_head_that_was_remembered(path: Path) -> None:
    remembered = verify(path)
    path.write_bytes(b"".join(lines(path)[:-1]))
    assert verify(path) != remembered
    assert verify(path).entries == 2


def test_the_last_line_changed_shows_in_the_head_that_was_remembered(path: Path) -> None:
    remembered = verify(path)
    path.write_bytes(path.read_bytes().replace(b'"reports":2', b'"reports":3'))
    assert (verify(path).entries, verify(path) == remembered) == (3, False)


def test_an_end_forged_with_right_numbers_and_hashes_shows_in_the_head_that_was_remembered(path: Path) -> None:
    remembered = verify(path)
    path.write_bytes(b"".join(lines(path)[:-1]))
    forged = Journal(path)
    forged.append("ingest", AT, reports=200)
    forged.close()
    assert (verify(path).entries, verify(path) == remembered) == (3, False)


@pytest.mark.parametrize("event", [b"\xff\xfe", b'"', b""])
def test_a_line_that_is_no_text_is_named_too(path: Path, event: bytes) -> None:
    kept = lines(path)
    path.write_bytes(kept[0] + kept[1].replace(b'"ingest"', event and b'"' + event + b'"') + kept[2])
    with pytest.raises(Tampered, match="line 2 is no entry"):
        Journal(path)


def test_two_lines_exchanged_are_found(path: Path) -> None:
    one, two, three = lines(path)
    path.write_bytes(one + three + two)
    with pytest.raises(Tampered, match="line 2"):
        verify(path)


def test_half_a_line_was_never_answered_for_and_is_dropped(path: Path) -> None:
    before = verify(path)
    with path.open("ab") as file:
        file.write(b'{"n":4,"at"')
    journal = Journal(path)
    assert journal.head == before
    journal.append("reveal", AT)
    journal.close()
    assert verify(path).entries == 4


def test_on_a_full_disk_it_says_so_and_is_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, before = Journal(path), path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", full)
        with pytest.raises(OSError, match="No space"):
            journal.append("reveal", AT)
    assert path.read_bytes() == before
    journal.append("reveal", AT)
    journal.close()
    assert verify(path) == journal.head


def test_a_disk_that_fills_up_within_a_line_keeps_none_of_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, before, write = Journal(path), path.read_bytes(), os.write

    def filling(handle: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data[:10])

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", filling)
        with pytest.raises(OSError, match="No space"):
            journal.append("reveal", AT)
    assert path.read_bytes() == before
    journal.append("reveal", AT)
    journal.close()
    assert (verify(path), verify(path).entries) == (journal.head, 4)


def test_only_its_user_may_read_it(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


def test_an_empty_one_has_no_entries(tmp_path: Path) -> None:
    assert verify(tmp_path / "none") == Head(0, bytes(32))
