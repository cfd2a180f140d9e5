"""Who may have an entry of the log attested, of what kind."""

from pathlib import Path

import pytest
from tests.core.keyholder.test_presence import refusal
from tests.core.keyholder.world import Running

from sceau.core.keyholder.service_verbs import Attest, Attested


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("facts", {"worker", "operator"}),
        ("pharmacy", {"web", "operator"}),
        ("user", {"web", "operator"}),
        ("software", {"operator"}),
        ("software-key", {"web", "operator"}),
    ],
)
def test_each_principal_attests_what_it_writes_itself(registry: Running, kind: str, allowed: set[str]) -> None:
    answers = {who: refusal(registry, Attest(kind, [b"one"]), who) for who in ("web", "worker", "operator")}
    assert answers == {who: "answered" if who in allowed else "not-allowed" for who in answers}


def test_what_was_attested_is_known_again_after_a_restart(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up():
        first, second = registry.ask("worker", Attest("facts", [b"one", b"two"]))
    with registry.up():
        asked = [(b"one", first), (b"two", second), (b"two", first), (b"three", second), (b"one", b"")]
        assert registry.ask("operator", Attested("facts", asked)) == [True, True, False, False, False]


def test_the_web_process_cannot_ask_what_is_attested(registry: Running) -> None:
    assert refusal(registry, Attested("facts", []), "web") == "not-understood"
    assert refusal(registry, Attested("facts", []), "worker") == "answered"
