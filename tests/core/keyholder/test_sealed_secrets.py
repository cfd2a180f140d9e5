"""Staff's names and addresses: opened a page at a time, found by a token that only this keyholder makes."""

from pathlib import Path

import pytest
from tests.core.keyholder.credential_holder import Keyholder

from sceau.core.keyholder.secret_verbs import AddressToken, OpenSecrets, SealSecret, SubjectToken
from sceau.core.keyholder.verbs import QUESTIONS

AMINA = "amina@lilas.example"


@pytest.fixture
def keyholder(tmp_path: Path) -> Keyholder:
    return Keyholder(tmp_path / "counter")


def sealed(keyholder: Keyholder, name: str, text: bytes) -> bytes:
    answer = keyholder.ask(SealSecret(name, text))
    assert isinstance(answer, bytes)
    return answer


def test_many_open_in_their_order_and_what_does_not_open_keeps_no_other_shut(keyholder: Keyholder) -> None:
    amina, bruno = sealed(keyholder, "staff/a", b"Amina"), sealed(keyholder, "staff/b", b"Bruno")
    asked = [("staff/b", bruno), ("staff/b", amina), ("staff/a", amina), ("staff/a", b""), ("staff/a", amina[:-1])]
    assert keyholder.ask(OpenSecrets(asked)) == [b"Bruno", None, b"Amina", None, None]
    assert keyholder.ask(OpenSecrets([])) == []


@pytest.mark.parametrize("written", [AMINA, "AMINA@lilas.example", " amina@Lilas.Example\t", "ａmina@lilas.example"])
def test_an_address_has_one_token_however_it_is_written(keyholder: Keyholder, written: str) -> None:
    token = keyholder.ask(AddressToken(written))
    assert isinstance(token, bytes)
    assert len(token) == 32
    assert token == keyholder.ask(AddressToken(AMINA)) == keyholder.restarted().ask(AddressToken(AMINA))


@pytest.mark.parametrize("other", ["amina@lilas.exampl", "chloe@lilas.example", "aminalilas.example", ""])
def test_another_address_has_another(keyholder: Keyholder, other: str) -> None:
    assert keyholder.ask(AddressToken(other)) != keyholder.ask(AddressToken(AMINA))


def test_another_keyholder_makes_another(keyholder: Keyholder, tmp_path: Path) -> None:
    assert Keyholder(tmp_path / "registry", "registry").ask(AddressToken(AMINA)) != keyholder.ask(AddressToken(AMINA))


def test_a_subject_has_one_token_which_lasts(keyholder: Keyholder) -> None:
    asked = SubjectToken("https://issuer.example", "rpps-1")
    assert keyholder.ask(asked) == keyholder.restarted().ask(asked)


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        ("https://issuer.example", "RPPS-1"),
        ("https://issuer.example", "rpps-1 "),
        ("https://other.example", "rpps-1"),
        ("https://issuer.exampler", "pps-1"),
    ],
)
def test_another_subject_or_issuer_has_another_token(keyholder: Keyholder, issuer: str, subject: str) -> None:
    assert keyholder.ask(SubjectToken(issuer, subject)) != keyholder.ask(SubjectToken("https://issuer.example", "rpps-1"))


@pytest.mark.parametrize("service", ["counter", "registry"])
def test_the_worker_can_neither_open_names_nor_ask_for_an_address(service: str) -> None:
    """The near miss: another process of the same service."""
    assert {OpenSecrets, AddressToken, SubjectToken, SealSecret}.isdisjoint(QUESTIONS[service]["worker"])
    assert {OpenSecrets, AddressToken, SubjectToken, SealSecret} <= set(QUESTIONS[service]["web"])
