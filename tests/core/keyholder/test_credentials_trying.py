"""Credentials: what the keyholder adds to a slot, for the right input only, and who may have a new one."""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.core.keyholder.credential_holder import (
    AMINA,
    BRUNO,
    CHLOE,
    FARID,
    NOBODY,
    NOON,
    OTHER,
    OTHER_RIGHT,
    RIGHT,
    WRONG,
    Keyholder,
    enrol,
    fail,
)

from sceau.core.keyholder.credential_verbs import CredentialKind, End, Evaluate, Sponsor
from sceau.core.keyholder.credentials import FAILURES, WITHIN
from sceau.core.keyholder.errors import Refusal
from sceau.core.keyholder.service_verbs import Retire


@pytest.fixture
def keyholder(tmp_path: Path) -> Iterator[Keyholder]:
    """Where Amina is the first of the Pharmacie des Lilas."""
    made = Keyholder(tmp_path / "store")
    made.ask(enrol())
    yield made
    made.journal.close()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Keyholder]:
    made = Keyholder(tmp_path / "registry", "registry")
    yield made
    made.journal.close()


def test_the_right_input_gives_the_same_hardening_each_time(keyholder: Keyholder) -> None:
    first = keyholder.evaluate()
    assert len(first.secret) == 32
    assert keyholder.evaluate().secret == first.secret
    assert keyholder.restarted().evaluate() == first


def test_enrolling_gives_what_evaluating_gives(keyholder: Keyholder) -> None:
    enrolled = keyholder.ask(enrol(BRUNO, OTHER, given=OTHER_RIGHT))
    assert enrolled == keyholder.evaluate(BRUNO, OTHER_RIGHT)


def test_the_same_input_is_hardened_differently_for_each_credential(keyholder: Keyholder) -> None:
    keyholder.ask(enrol(BRUNO, OTHER))
    assert keyholder.evaluate(BRUNO).secret != keyholder.evaluate(AMINA).secret


def test_hardening_is_what_the_specification_says_and_not_the_check(keyholder: Keyholder) -> None:
    held = keyholder.credentials._held(AMINA)
    assert held is not None
    assert keyholder.evaluate().secret == hmac.digest(held.secret, b"sceau/harden/v1\0" + RIGHT, "sha256")
    assert held.check == hmac.digest(held.secret, b"sceau/check/v1\0" + RIGHT, "sha256")


@pytest.mark.parametrize("given", [WRONG, RIGHT[:-1], RIGHT + b"\0", b""])
def test_a_wrong_input_gives_nothing(keyholder: Keyholder, given: bytes) -> None:
    assert keyholder.refusal(Evaluate(AMINA, given)) is Refusal.WRONG
    assert keyholder.evaluate().secret


@pytest.mark.parametrize("given", [WRONG, RIGHT])
def test_an_unknown_credential_is_answered_as_a_wrong_input(keyholder: Keyholder, given: bytes) -> None:
    assert keyholder.refusal(Evaluate(NOBODY, given)) is Refusal.WRONG


@pytest.mark.parametrize("kind", CredentialKind)
def test_an_unknown_credential_costs_what_a_wrong_input_costs(
    keyholder: Keyholder, kind: CredentialKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyholder.ask(enrol(BRUNO, OTHER, kind))
    written: list[str] = []
    put = keyholder.store.put

    def noted(name: str, secret: bytes) -> bytes:
        written.append(name)
        return put(name, secret)

    monkeypatch.setattr(keyholder.store, "put", noted)
    costs = []
    for credential in (BRUNO, NOBODY):
        written.clear()
        before = keyholder.journal.head.entries
        assert keyholder.refusal(Evaluate(credential, WRONG)) is Refusal.WRONG
        costs.append((len(written), keyholder.journal.head.entries - before))
    assert costs == [(1, 1), (1, 1)]


def test_the_eleventh_password_in_an_hour_is_not_tried_even_if_right(keyholder: Keyholder) -> None:
    fail(keyholder, AMINA, FAILURES)
    assert keyholder.refusal(Evaluate(AMINA, RIGHT)) is Refusal.METERED
    assert keyholder.refusal(Evaluate(AMINA, WRONG)) is Refusal.METERED


def test_the_tenth_password_in_an_hour_is_tried(keyholder: Keyholder) -> None:
    fail(keyholder, AMINA, FAILURES - 1)
    assert keyholder.evaluate().secret


def test_a_right_password_forgets_the_wrong_ones(keyholder: Keyholder) -> None:
    for _ in range(3):
        fail(keyholder, AMINA, FAILURES - 1)
        keyholder.evaluate()


def test_the_hour_passes_and_not_a_second_sooner(keyholder: Keyholder) -> None:
    fail(keyholder, AMINA, FAILURES)
    keyholder.now = NOON + WITHIN - timedelta(seconds=1)
    assert keyholder.refusal(Evaluate(AMINA, RIGHT)) is Refusal.METERED
    keyholder.now = NOON + WITHIN
    assert keyholder.evaluate().secret


def test_wrong_passwords_are_remembered_over_a_restart(keyholder: Keyholder) -> None:
    fail(keyholder, AMINA, FAILURES)
    assert keyholder.restarted().refusal(Evaluate(AMINA, RIGHT)) is Refusal.METERED


def test_one_persons_wrong_passwords_lock_nobody_else(keyholder: Keyholder) -> None:
    keyholder.ask(enrol(BRUNO, sponsor=Sponsor(AMINA, RIGHT), given=OTHER_RIGHT))
    fail(keyholder, AMINA, FAILURES)
    assert keyholder.evaluate(BRUNO, OTHER_RIGHT).secret


@pytest.mark.parametrize("kind", [CredentialKind.PASSKEY, CredentialKind.RECOVERY, CredentialKind.WORKSTATION])
def test_no_stranger_locks_what_cannot_be_guessed(keyholder: Keyholder, kind: CredentialKind) -> None:
    keyholder.ask(enrol(BRUNO, OTHER, kind))
    fail(keyholder, BRUNO, FAILURES + 2)
    assert keyholder.evaluate(BRUNO).secret


def test_a_full_disk_lets_nobody_guess(keyholder: Keyholder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(name: str, secret: bytes) -> bytes:
        raise OSError(28, name)

    monkeypatch.setattr(keyholder.store, "put", full)
    for given in (WRONG, RIGHT):
        with pytest.raises(OSError, match="meters"):
            keyholder.ask(Evaluate(AMINA, given))


def test_nothing_is_given_that_the_journal_did_not_take(keyholder: Keyholder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(event: str, at: datetime, **facts: object) -> None:
        raise OSError(28, event)

    monkeypatch.setattr(keyholder.journal, "append", full)
    for question, event in (
        (Evaluate(AMINA, RIGHT), "evaluate"),
        (enrol(BRUNO, OTHER), "enrol"),
        (End(AMINA), "end"),
        (Retire(NOON.date()), "retire"),
    ):
        with pytest.raises(OSError, match=event):
            keyholder.ask(question)
    monkeypatch.undo()
    assert keyholder.evaluate().secret
    assert keyholder.refusal(Evaluate(BRUNO, RIGHT)) is Refusal.WRONG


def test_an_owners_second_credential_needs_somebody_of_theirs(keyholder: Keyholder) -> None:
    assert keyholder.refusal(enrol(BRUNO)) is Refusal.NOT_ALLOWED
    assert keyholder.ask(enrol(BRUNO, sponsor=Sponsor(AMINA, RIGHT)))


def test_a_sponsor_of_another_owner_vouches_for_nobody(keyholder: Keyholder) -> None:
    keyholder.ask(enrol(CHLOE, OTHER))
    assert keyholder.refusal(enrol(BRUNO, sponsor=Sponsor(CHLOE, RIGHT))) is Refusal.NOT_ALLOWED


@pytest.mark.parametrize(("sponsor", "given"), [(AMINA, WRONG), (NOBODY, RIGHT)])
def test_a_sponsor_has_to_be_there(keyholder: Keyholder, sponsor: UUID, given: bytes) -> None:
    assert keyholder.refusal(enrol(BRUNO, sponsor=Sponsor(sponsor, given))) is Refusal.WRONG
    assert keyholder.refusal(Evaluate(BRUNO, RIGHT)) is Refusal.WRONG


def test_guessing_at_a_sponsors_password_is_counted_too(keyholder: Keyholder) -> None:
    for _ in range(FAILURES):
        assert keyholder.refusal(enrol(BRUNO, sponsor=Sponsor(AMINA, WRONG))) is Refusal.WRONG
    assert keyholder.refusal(enrol(BRUNO, sponsor=Sponsor(AMINA, RIGHT))) is Refusal.METERED


def test_the_operator_needs_no_sponsor(keyholder: Keyholder) -> None:
    assert keyholder.ask(enrol(BRUNO), "operator")


def test_staff_without_an_owner_vouch_for_each_other(registry: Keyholder) -> None:
    assert registry.ask(enrol(FARID, ""))
    assert registry.refusal(enrol(BRUNO, "")) is Refusal.NOT_ALLOWED
    assert registry.ask(enrol(BRUNO, "", sponsor=Sponsor(FARID, RIGHT)))


def test_ending_every_credential_makes_no_owner_new(keyholder: Keyholder) -> None:
    keyholder.ask(End(AMINA))
    assert keyholder.refusal(enrol(BRUNO)) is Refusal.NOT_ALLOWED
    assert keyholder.ask(enrol(BRUNO), "operator")


def test_a_credential_is_enrolled_once(keyholder: Keyholder) -> None:
    assert keyholder.refusal(enrol(given=OTHER_RIGHT, sponsor=Sponsor(AMINA, RIGHT))) is Refusal.NOT_ALLOWED
    assert keyholder.refusal(enrol(given=OTHER_RIGHT), "operator") is Refusal.NOT_ALLOWED
    assert keyholder.evaluate().secret


@pytest.mark.parametrize("given", [b"", RIGHT[:-1], RIGHT + b"\0"])
def test_an_input_of_another_length_is_not_enrolled(keyholder: Keyholder, given: bytes) -> None:
    assert keyholder.refusal(enrol(BRUNO, OTHER, given=given)) is Refusal.NOT_ALLOWED


@pytest.mark.parametrize("owner", ["staff", "../../lilas", f"{OTHER}/..", OTHER.upper(), OTHER.replace("-", ""), f"{OTHER} "])
def test_an_owner_is_a_pharmacys_id_or_nobody(keyholder: Keyholder, owner: str) -> None:
    before = sorted(keyholder.folder.parent.rglob("*"))
    assert keyholder.refusal(enrol(BRUNO, owner), "operator") is Refusal.NOT_UNDERSTOOD
    assert sorted(keyholder.folder.parent.rglob("*")) == before
