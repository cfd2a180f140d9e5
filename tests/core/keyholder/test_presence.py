"""Presence: agents are enrolled by two of the authority, and open nothing unless they are there (drill 12)."""

from typing import Any

import msgspec
import pytest
from tests.core.keyholder.world import FARID, GAELLE, NADIA, Running

from sceau.core.keyholder.agent_verbs import Agent, Assertion, Challenge, EnrolAgent, Opens, Present, RaiseLimit, WhoIs
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.presence import record_digest
from sceau.demo.authenticator import PRESENT, Passkey


def refusal(registry: Running, question: Any, principal: str = "web") -> str:
    try:
        registry.ask(principal, question)
    except KeyholderError as error:
        return error.refusal.value
    return "answered"


def approved(registry: Running, agent: Agent, *members: Passkey) -> list[Assertion]:
    """The touches of these members for exactly this record."""
    return [member.touched(registry.ask("web", Challenge(member.agent, record_digest(agent)))) for member in members]


def enrolled(registry: Running, passkey: Passkey, role: str = "agent", departments: tuple[str, ...] = ("75",)) -> None:
    record = passkey.record(role, departments)
    registry.ask("web", EnrolAgent(record, approved(registry, record, FARID, GAELLE)))


def there(registry: Running, passkey: Passkey, opens: Opens | None = None) -> bytes:
    """The token of a touch, for whom it opens if anybody."""
    challenge = registry.ask("web", Challenge(passkey.agent, opens=opens))
    token: bytes = registry.ask("web", Present(passkey.touched(challenge)))
    return token


def test_two_members_of_the_authority_together_enrol_an_agent(registry: Running) -> None:
    enrolled(registry, NADIA)
    assert len(there(registry, NADIA)) == 32


def test_one_member_alone_or_twice_the_same_does_not(registry: Running) -> None:
    record = NADIA.record()
    assert refusal(registry, EnrolAgent(record, approved(registry, record, FARID))) == "not-allowed"
    assert refusal(registry, EnrolAgent(record, approved(registry, record, FARID, FARID))) == "not-allowed"
    assert refusal(registry, EnrolAgent(record, [])) == "not-allowed"


def test_their_word_holds_for_the_record_they_saw(registry: Running) -> None:
    seen = NADIA.record()
    changed = msgspec.structs.replace(seen, departments=("*",))
    assert refusal(registry, EnrolAgent(changed, approved(registry, seen, FARID, GAELLE))) == "wrong"
    assert refusal(registry, EnrolAgent(seen, approved(registry, seen, FARID, GAELLE))) == "answered"


def test_an_agent_cannot_help_to_enrol_another(registry: Running) -> None:
    enrolled(registry, NADIA)
    record = Passkey("intruder").record()
    assert refusal(registry, EnrolAgent(record, approved(registry, record, FARID, NADIA))) == "not-allowed"


def test_the_operator_founds_the_authority_and_enrols_nobody_else(registry: Running) -> None:
    assert refusal(registry, EnrolAgent(Passkey("third").record("authority", ()), []), "operator") == "not-allowed"
    assert refusal(registry, EnrolAgent(NADIA.record(), []), "operator") == "not-allowed"


WRONG_TOUCHES: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://registre.example.evil"},
    "another relying party": {"rp_id": "evil.example"},
    "no fingerprint or PIN": {"flags": PRESENT},
    "nobody touched it": {"flags": 0x04},
    "a registration, not an assertion": {"kind": "create"},
}


@pytest.mark.parametrize("how", WRONG_TOUCHES)
def test_a_touch_elsewhere_or_unverified_is_refused_and_a_right_one_taken(registry: Running, how: str) -> None:
    enrolled(registry, NADIA)
    challenge = registry.ask("web", Challenge("nadia"))
    assert refusal(registry, Present(NADIA.touched(challenge, **WRONG_TOUCHES[how]))) == "wrong"
    assert there(registry, NADIA)


def test_a_challenge_counts_once_for_its_own_agent_within_five_minutes(registry: Running) -> None:
    enrolled(registry, NADIA)
    used = NADIA.touched(registry.ask("web", Challenge("nadia")))
    assert refusal(registry, Present(used)) == "answered"
    assert refusal(registry, Present(used)) == "wrong"
    assert refusal(registry, Present(NADIA.touched(registry.ask("web", Challenge("farid"))))) == "wrong"
    assert refusal(registry, Present(NADIA.touched(bytes(32)))) == "wrong"
    late = registry.ask("web", Challenge("nadia"))
    registry.clock.later(minutes=5, seconds=1)
    assert refusal(registry, Present(NADIA.touched(late))) == "wrong"


def test_another_passkey_is_not_hers(registry: Running) -> None:
    enrolled(registry, NADIA)
    forged = Passkey("nadia")
    forged.credential_id = NADIA.credential_id
    assert refusal(registry, Present(forged.touched(registry.ask("web", Challenge("nadia"))))) == "wrong"


def test_a_copied_passkey_that_counts_back_is_refused(registry: Running) -> None:
    enrolled(registry, NADIA)
    there(registry, NADIA)
    NADIA.count -= 1
    assert refusal(registry, Present(NADIA.touched(registry.ask("web", Challenge("nadia"))))) == "wrong"
    assert there(registry, NADIA)


def test_whoever_is_taken_off_the_list_gets_no_token(registry: Running) -> None:
    enrolled(registry, NADIA)
    enrolled(registry, NADIA, role="none", departments=())
    assert refusal(registry, Present(NADIA.touched(registry.ask("web", Challenge("nadia"))))) == "not-allowed"


def test_a_supervisor_raises_anothers_limit_and_not_her_own(registry: Running) -> None:
    supervisor = Passkey("solene")
    enrolled(registry, supervisor, "supervisor")
    enrolled(registry, NADIA)
    token, agents = there(registry, supervisor), there(registry, NADIA)
    assert refusal(registry, RaiseLimit(token, "nadia", 60, "an outbreak in the 75")) == "answered"
    assert refusal(registry, RaiseLimit(token, "solene", 60, "for myself")) == "not-allowed"
    assert refusal(registry, RaiseLimit(agents, "solene", 60, "a favour")) == "not-allowed"


def test_who_an_agent_is_is_told_by_the_keyholder_alone(registry: Running) -> None:
    enrolled(registry, NADIA, departments=("69",))
    assert registry.ask("web", WhoIs("nadia")) == NADIA.record("agent", ("69",))
    assert registry.ask("web", WhoIs("mallory")) is None
