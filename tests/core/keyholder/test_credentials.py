"""Credentials: the keyholder's part in every slot. Drill 26 rests on what `end` and `retire` leave."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.core.keyholder.world import AT, UNLOCK, Running

from sceau.core.keyholder.credential_verbs import CredentialKind, End, Enrol, Evaluate, Hardening, Sponsor
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.secret_verbs import OpenSecret, SealSecret
from sceau.core.keyholder.service_verbs import Retire
from sceau.core.keyholder.store import Store
from sceau.core.sealing import signing, statements

RIGHT, WRONG = bytes(range(32)), bytes(32)
LILAS, PONT = str(UUID(int=1)), str(UUID(int=2))


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Running]:
    with Running("counter", tmp_path).up() as running:
        yield running


def enrolled(counter: Running, owner: str = LILAS, kind: CredentialKind = CredentialKind.PASSWORD, **more: Any) -> UUID:
    credential = uuid4()
    counter.ask("operator", Enrol(credential, owner, kind, RIGHT, **more))
    return credential


def tried(counter: Running, credential: UUID, given: bytes) -> str:
    try:
        counter.ask("web", Evaluate(credential, given))
    except KeyholderError as error:
        return error.refusal.value
    return "right"


def test_the_right_input_is_hardened_the_same_each_time_and_each_credential_otherwise(counter: Running) -> None:
    amina, bruno = enrolled(counter), enrolled(counter)
    first, second = (counter.ask("web", Evaluate(amina, RIGHT)).secret for _ in range(2))
    assert first == second
    assert first != counter.ask("web", Evaluate(bruno, RIGHT)).secret


def test_a_wrong_input_and_an_unknown_credential_are_answered_alike(counter: Running) -> None:
    assert tried(counter, enrolled(counter), WRONG) == tried(counter, uuid4(), RIGHT) == "wrong"


def test_after_ten_wrong_passwords_in_an_hour_the_right_one_has_to_wait(counter: Running) -> None:
    amina = enrolled(counter)
    assert [tried(counter, amina, WRONG) for _ in range(10)] == ["wrong"] * 10
    assert tried(counter, amina, RIGHT) == "metered"
    counter.clock.later(minutes=61)
    assert tried(counter, amina, RIGHT) == "right"


def test_nine_wrong_ones_are_forgotten_with_the_right_one(counter: Running) -> None:
    amina = enrolled(counter)
    for _ in range(2):
        assert [tried(counter, amina, WRONG) for _ in range(9)] == ["wrong"] * 9
        assert tried(counter, amina, RIGHT) == "right"


def test_the_count_survives_a_restart(tmp_path: Path) -> None:
    running = Running("counter", tmp_path)
    with running.up():
        amina = enrolled(running)
        assert [tried(running, amina, WRONG) for _ in range(10)] == ["wrong"] * 10
    with running.up():
        assert tried(running, amina, RIGHT) == "metered"


@pytest.mark.parametrize("kind", [CredentialKind.PASSKEY, CredentialKind.RECOVERY, CredentialKind.WORKSTATION])
def test_no_stranger_locks_out_what_cannot_be_guessed(counter: Running, kind: CredentialKind) -> None:
    amina = enrolled(counter, kind=kind)
    assert {tried(counter, amina, WRONG) for _ in range(30)} == {"wrong"}
    assert tried(counter, amina, RIGHT) == "right"


def test_a_second_credential_needs_somebody_of_the_same_owner(counter: Running) -> None:
    bruno, chloe = enrolled(counter), enrolled(counter, PONT)

    def asked(sponsor: Sponsor | None) -> str:
        try:
            counter.ask("web", Enrol(uuid4(), LILAS, CredentialKind.PASSWORD, RIGHT, sponsor))
        except KeyholderError as error:
            return error.refusal.value
        return "enrolled"

    assert asked(None) == "not-allowed"
    assert asked(Sponsor(chloe, RIGHT)) == "not-allowed"
    assert asked(Sponsor(bruno, WRONG)) == "wrong"
    assert asked(Sponsor(bruno, RIGHT)) == "enrolled"


def test_nobody_takes_over_a_credential_by_enrolling_it_again(counter: Running) -> None:
    amina = enrolled(counter)
    with pytest.raises(KeyholderError, match="not-allowed"):
        counter.ask("operator", Enrol(amina, LILAS, CredentialKind.PASSWORD, WRONG))
    assert tried(counter, amina, RIGHT) == "right"


def test_ended_it_opens_nothing_any_more_and_the_other_does(counter: Running) -> None:
    amina, bruno = enrolled(counter), enrolled(counter)
    counter.ask("web", End(amina))
    assert (tried(counter, amina, RIGHT), tried(counter, bruno, RIGHT)) == ("wrong", "right")


def days(counter: Running, credential: UUID) -> dict[str, bytes]:
    hardening: Hardening = counter.ask("web", Evaluate(credential, RIGHT))
    return hardening.days


def test_unlocking_gives_yesterday_today_and_the_coming_fortnight_of_ones_own_pharmacy(counter: Running) -> None:
    mine, theirs = days(counter, enrolled(counter)), days(counter, enrolled(counter, PONT))
    expected = {(AT.date() + timedelta(days=ahead)).isoformat() for ahead in range(-1, 16)}
    assert set(mine) == set(theirs) == expected
    assert not set(mine.values()) & set(theirs.values())


def test_a_day_stays_until_its_retention_ends_and_then_is_destroyed_with_a_signed_statement(counter: Running) -> None:
    amina, day = enrolled(counter), AT.date()
    before = days(counter, amina)[day.isoformat()]
    counter.clock.now = AT + timedelta(days=31)
    counter.ask("worker", Retire(counter.clock().date()))
    assert days(counter, amina)[day.isoformat()] == before
    counter.clock.later(days=1)
    told = counter.ask("worker", Retire(counter.clock().date()))
    assert day.isoformat() not in days(counter, amina)
    assert f"owners/{LILAS}/{day}" in json.loads(told.text)["destroyed"]
    signing.check(statement_key(counter), told.signature.value, statements.DESTROYED_LABEL + told.text)


def statement_key(counter: Running) -> bytes:
    return signing.public_bytes(Store(counter.state, UNLOCK.key).ensure("statements"))


def test_nobody_retires_what_is_to_come(counter: Running) -> None:
    amina = enrolled(counter)
    with pytest.raises(KeyholderError, match="not-allowed"):
        counter.ask("worker", Retire(date(2027, 11, 23)))
    assert len(days(counter, amina)) == 17


def test_a_small_secret_opens_under_its_own_name_alone(counter: Running) -> None:
    sealed = counter.ask("web", SealSecret("second-factor", b"SEED"))
    assert b"SEED" not in sealed
    assert counter.ask("web", OpenSecret("second-factor", sealed)) == b"SEED"
    with pytest.raises(KeyholderError, match="wrong"):
        counter.ask("web", OpenSecret("another", sealed))


def test_the_journal_names_credentials_and_nobody(counter: Running) -> None:
    amina = enrolled(counter)
    tried(counter, amina, WRONG)
    told = (counter.state / "journal.jsonl").read_text()
    assert str(amina) in told
    assert [line["event"] for line in map(json.loads, told.splitlines())] == ["enrol", "wrong"]
    assert RIGHT.hex() not in told
