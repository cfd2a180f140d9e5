"""Days and secrets that credentials give, and how they end: no more after the end of a credential or of a day's retention."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.core.keyholder.credential_holder import (
    AMINA,
    BRUNO,
    CHLOE,
    FARID,
    LILAS,
    NOBODY,
    NOON,
    OTHER,
    RIGHT,
    Keyholder,
    enrol,
    fail,
)

from sceau.core.keyholder.credential_verbs import End, Enrol, Evaluate, Sponsor
from sceau.core.keyholder.errors import Refusal
from sceau.core.keyholder.journal import entries
from sceau.core.keyholder.secret_verbs import OpenSecret, SealSecret
from sceau.core.keyholder.service_verbs import Retire, Statement
from sceau.core.keyholder.verbs import QUESTIONS
from sceau.core.regime import REGIMES
from sceau.core.sealing import signing, statements


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


def test_the_days_reach_from_yesterday_to_a_fortnight_ahead(keyholder: Keyholder) -> None:
    days = keyholder.evaluate().days
    wanted = {(NOON.date() + timedelta(days=ahead)).isoformat() for ahead in range(-1, 15)}
    assert wanted <= set(days)
    assert {len(secret) for secret in days.values()} == {32}
    assert len(set(days.values())) == len(days)


def test_days_stay_and_new_ones_come(keyholder: Keyholder) -> None:
    before = keyholder.evaluate().days
    keyholder.now += timedelta(days=3)
    after = keyholder.restarted().evaluate().days
    assert before.items() < after.items()
    assert len(after) == len(before) + 3


def test_colleagues_have_the_same_days_and_another_pharmacy_has_others(keyholder: Keyholder) -> None:
    keyholder.ask(enrol(BRUNO, sponsor=Sponsor(AMINA, RIGHT)))
    keyholder.ask(enrol(CHLOE, OTHER))
    assert keyholder.evaluate(BRUNO).days == keyholder.evaluate(AMINA).days
    assert not set(keyholder.evaluate(CHLOE).days.values()) & set(keyholder.evaluate(AMINA).days.values())


def test_nobody_has_days_without_an_owner_nor_at_the_registry(keyholder: Keyholder, registry: Keyholder) -> None:
    keyholder.ask(enrol(FARID, ""))
    registry.ask(enrol(AMINA, LILAS))
    assert keyholder.evaluate(FARID).days == registry.evaluate(AMINA).days == {}


def statement_of(answer: object, keyholder: Keyholder) -> dict[str, object]:
    """What a statement says, once its signature is found good."""
    assert isinstance(answer, Statement)
    public = signing.public_bytes(keyholder.store.ensure("statements"))
    assert answer.signature.key == public.hex()[:16]
    signing.check(public, answer.signature.value, statements.DESTROYED_LABEL + answer.text)
    told: dict[str, object] = json.loads(answer.text)
    return told


def test_an_ended_credential_opens_nothing_any_more(keyholder: Keyholder) -> None:
    held = (keyholder.folder / f"credentials/{AMINA}").read_bytes()
    told = statement_of(keyholder.ask(End(AMINA)), keyholder)
    assert told["destroyed"] == [f"credentials/{AMINA}"]
    assert keyholder.refusal(Evaluate(AMINA, RIGHT)) is Refusal.WRONG
    assert keyholder.restarted().refusal(Evaluate(AMINA, RIGHT)) is Refusal.WRONG
    assert not any(held in path.read_bytes() for path in keyholder.folder.rglob("*") if path.is_file())


def test_ending_one_credential_leaves_a_colleagues(keyholder: Keyholder) -> None:
    keyholder.ask(enrol(BRUNO, sponsor=Sponsor(AMINA, RIGHT)))
    days = keyholder.evaluate(BRUNO).days
    keyholder.ask(End(AMINA))
    assert keyholder.evaluate(BRUNO).days == days


def test_an_ended_credential_enrolled_again_is_another(keyholder: Keyholder) -> None:
    before = keyholder.evaluate().secret
    keyholder.ask(End(AMINA))
    keyholder.ask(enrol(), "operator")
    assert keyholder.evaluate().secret != before


def test_ending_twice_and_ending_nothing_are_safe(keyholder: Keyholder) -> None:
    for credential in (AMINA, AMINA, NOBODY):
        assert statement_of(keyholder.ask(End(credential)), keyholder)["destroyed"] == [f"credentials/{credential}"]


def test_a_retired_day_is_gone_for_every_owner_and_the_next_is_not(keyholder: Keyholder) -> None:
    keyholder.ask(enrol(CHLOE, OTHER))
    oldest = min(keyholder.evaluate().days)
    retention = REGIMES["law"][-1].retention
    keyholder.now += retention + timedelta(days=1)
    on = date.fromisoformat(oldest) + retention + timedelta(days=1)
    told = statement_of(keyholder.ask(Retire(on), "worker"), keyholder)
    assert told["destroyed"] == [f"owners/{LILAS}/{oldest}", f"owners/{OTHER}/{oldest}"]
    left = keyholder.restarted().evaluate().days
    assert oldest not in left
    assert (date.fromisoformat(oldest) + timedelta(days=1)).isoformat() in left


def test_a_day_is_kept_until_its_retention_is_over(keyholder: Keyholder) -> None:
    days = keyholder.evaluate().days
    keyholder.now += REGIMES["law"][-1].retention
    on = date.fromisoformat(min(days)) + REGIMES["law"][-1].retention
    assert statement_of(keyholder.ask(Retire(on), "worker"), keyholder)["destroyed"] == []
    assert days.items() < keyholder.evaluate().days.items()


def test_nothing_is_retired_before_its_time_comes(keyholder: Keyholder) -> None:
    assert keyholder.refusal(Retire(NOON.date() + timedelta(days=1)), "worker") is Refusal.NOT_ALLOWED
    assert statement_of(keyholder.ask(Retire(NOON.date()), "worker"), keyholder)["destroyed"] == []


def test_a_services_secret_opens_under_its_name_only(keyholder: Keyholder) -> None:
    sealed = keyholder.ask(SealSecret("totp/7", b"a second factor's seed"))
    assert isinstance(sealed, bytes)
    assert b"seed" not in sealed
    assert keyholder.ask(OpenSecret("totp/7", sealed)) == b"a second factor's seed"
    assert keyholder.restarted().ask(OpenSecret("totp/7", sealed)) == b"a second factor's seed"
    assert keyholder.refusal(OpenSecret("totp/8", sealed)) is Refusal.WRONG


def test_a_services_secret_that_was_touched_does_not_open(keyholder: Keyholder) -> None:
    sealed = keyholder.ask(SealSecret("totp/7", b"seed"))
    assert isinstance(sealed, bytes)
    for other in (b"", sealed[:11], sealed[:-1], sealed + b"\0", sealed[:-1] + bytes([sealed[-1] ^ 1])):
        assert keyholder.refusal(OpenSecret("totp/7", other)) is Refusal.WRONG


def test_a_services_secret_does_not_open_at_another_keyholder(keyholder: Keyholder, registry: Keyholder) -> None:
    sealed = keyholder.ask(SealSecret("totp/7", b"seed"))
    assert isinstance(sealed, bytes)
    assert registry.refusal(OpenSecret("totp/7", sealed)) is Refusal.WRONG


def test_the_journal_names_credential_and_kind(keyholder: Keyholder) -> None:
    keyholder.evaluate()
    fail(keyholder, AMINA, 1)
    fail(keyholder, NOBODY, 1)
    keyholder.ask(End(AMINA))
    told = [(entry.event, entry.facts["credential"], entry.facts["kind"]) for entry in entries(keyholder.journal.path)]
    assert told == [
        ("enrol", str(AMINA), "password"),
        ("evaluate", str(AMINA), "password"),
        ("wrong", str(AMINA), "password"),
        ("wrong", str(NOBODY), "unknown"),
        ("end", str(AMINA), "password"),
    ]


def test_no_input_and_no_answer_lies_readable_in_the_store(keyholder: Keyholder) -> None:
    hardening = keyholder.evaluate()
    stored = b"".join(path.read_bytes() for path in keyholder.folder.rglob("*") if path.is_file())
    for secret in (RIGHT, hardening.secret, *hardening.days.values()):
        assert secret not in stored
        assert secret.hex().encode() not in stored


@pytest.mark.parametrize("service", ["counter", "registry"])
def test_every_question_about_credentials_has_its_answer(tmp_path: Path, service: str) -> None:
    made = Keyholder(tmp_path / service, service)
    asked = {Enrol, Evaluate, End} | ({Retire} if service == "counter" else set())
    assert set(made.credentials.handlers()) == asked
    assert asked <= set(QUESTIONS[service]["operator"])
    made.journal.close()
