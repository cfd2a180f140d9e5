"""What unlocks a store: a whole key from where the operator put it, or a refusal that says why."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sceau.core.keyholder import unlock
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.store import Store
from sceau.core.keyholder.unlock import Unlock, UnsafeFileKeys

KEY = bytes(range(32))
NOT_A_KEY = {
    "empty": "",
    "a byte short": KEY[:-1].hex(),
    "a byte long": (KEY + b"!").hex(),
    "half a byte": KEY.hex()[:-1],
    "words": "clé",
}


def descriptor(written: str) -> Unlock:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        file.write(written.encode())
    return unlock.from_descriptor(reading)


@pytest.fixture
def credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Unlock | None]:
    def given(written: str) -> Unlock | None:
        (tmp_path / unlock.CREDENTIAL).write_text(written)
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
        return unlock.from_systemd()

    return given


def test_the_same_passphrase_opens_it_again(tmp_path: Path) -> None:
    Store.create(tmp_path, unlock.from_passphrase("correct cheval pile agrafe", tmp_path).key).put("receipt", b"kept")
    again = unlock.from_passphrase("correct cheval pile agrafe", tmp_path)
    assert Store(tmp_path, again.key).get("receipt") == b"kept"
    assert again.unsafe is False


def test_nearly_the_same_passphrase_does_not(tmp_path: Path) -> None:
    Store.create(tmp_path, unlock.from_passphrase("correct cheval pile agrafe", tmp_path).key)
    with pytest.raises(KeyholderError, match="wrong"):
        Store(tmp_path, unlock.from_passphrase("correct cheval pile agrafes", tmp_path).key)


def test_the_same_passphrase_is_another_key_for_another_store(tmp_path: Path) -> None:
    keys = {unlock.from_passphrase("correct cheval pile agrafe", tmp_path / service).key for service in ("counter", "registry")}
    assert len(keys) == 2


def test_only_its_user_may_read_what_it_leaves(tmp_path: Path) -> None:
    unlock.from_passphrase("correct cheval pile agrafe", tmp_path / "state")
    UnsafeFileKeys(tmp_path / "state/key").unlock()
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "state").rglob("*")} == {0}


def test_a_full_disk_leaves_no_half_salt_and_the_next_try_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            unlock.from_passphrase("correct cheval pile agrafe", tmp_path)
        with pytest.raises(OSError, match="No space"):
            UnsafeFileKeys(tmp_path / "key").unlock()
    assert list(tmp_path.iterdir()) == []
    assert len(unlock.from_passphrase("correct cheval pile agrafe", tmp_path).key) == 32


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_salt_that_was_cut_or_grew_is_named(tmp_path: Path, length: int) -> None:
    (tmp_path / "salt").write_bytes(bytes(length))
    with pytest.raises(KeyholderError, match="salt"):
        unlock.from_passphrase("correct cheval pile agrafe", tmp_path)


def test_a_key_in_a_file_is_made_once_and_called_unsafe(tmp_path: Path) -> None:
    made = UnsafeFileKeys(tmp_path / "key").unlock()
    assert UnsafeFileKeys(tmp_path / "key").unlock() == made
    assert made.unsafe is True
    assert len(made.key) == 32


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_key_comes_with_or_without_an_end_of_line(end: str, tmp_path: Path, credential: Callable[[str], Unlock | None]) -> None:
    (tmp_path / "key").write_text(KEY.hex() + end)
    assert UnsafeFileKeys(tmp_path / "key").unlock() == Unlock(KEY, unsafe=True)
    assert descriptor(KEY.hex() + end) == credential(KEY.hex() + end) == Unlock(KEY)


@pytest.mark.parametrize("written", NOT_A_KEY.values(), ids=NOT_A_KEY)
def test_what_is_no_key_is_refused_wherever_it_lies(
    written: str, tmp_path: Path, credential: Callable[[str], Unlock | None]
) -> None:
    (tmp_path / "key").write_text(written)
    asked: list[Callable[[], object]] = [
        UnsafeFileKeys(tmp_path / "key").unlock,
        lambda: descriptor(written),
        lambda: credential(written),
    ]
    for ask in asked:
        with pytest.raises(KeyholderError, match="32 bytes"):
            ask()
    assert (tmp_path / "key").read_text() == written


def test_a_refusal_does_not_repeat_the_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY.hex()[:-1])
    with pytest.raises(KeyholderError) as refused:
        UnsafeFileKeys(tmp_path / "key").unlock()
    assert KEY.hex()[:8] not in str(refused.value)
    assert refused.value.__cause__ is None


def test_without_a_systemd_credential_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert unlock.from_systemd() is None
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert unlock.from_systemd() is None
