"""Who signs in as which software: a key counts when it was given before anything was approved, when the one before signed it, or when
the authority touched for it; and a token when the keyholder signed it.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from tests.core.keyholder.test_presence import refusal
from tests.core.keyholder.test_software import OTHER, REASON, SOFTWARE, row, telling
from tests.core.keyholder.world import AT, FARID, Running

from sceau.core.keyholder import assertions
from sceau.core.keyholder.access import MOST_LENT
from sceau.core.keyholder.access_token import LIFETIME, AccessToken
from sceau.core.keyholder.agent_verbs import Challenge
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.software_keys import thumbprint
from sceau.core.keyholder.software_verbs import AccessKey, AddKey, EndKey, Lend, SignIn, TellSoftware, agreed

Private = ec.EllipticCurvePrivateKey
AUDIENCE = "https://registre.example/oauth/token"
FIRST, SECOND, THIRD = (ec.generate_private_key(curve()) for curve in (ec.SECP256R1, ec.SECP256R1, ec.SECP384R1))


def public(key: Private) -> dict[str, str]:
    told: dict[str, str] = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return told


def names(*keys: Private) -> list[str]:
    return [thumbprint(public(key)) for key in keys]


def signed(key: Private, told: dict[str, Any]) -> str:
    return jwt.encode(told, key, algorithm="ES384" if key is THIRD else "ES256")


def proof(heir: Private, *, by: Private, software: UUID = SOFTWARE, **changes: Any) -> str:
    told = {"sub": str(software), "jwk": public(heir), "iat": AT, "exp": AT + timedelta(days=1)}
    return signed(by, told | changes)


def asserted(software: UUID = SOFTWARE, *, at: datetime = AT, **changes: Any) -> dict[str, Any]:
    """What a key signs to sign in."""
    who, until = str(software), at + timedelta(minutes=5)
    return {"iss": who, "sub": who, "aud": AUDIENCE, "iat": at, "exp": until, "jti": str(uuid4())} | changes


def signing_in(registry: Running, told: dict[str, Any], *, by: Private = FIRST) -> str:
    return refusal(registry, SignIn(signed(by, told)))


def given(registry: Running, key: Private, proof: str = "", *, software: UUID = SOFTWARE, overlap: int = 60) -> object:
    """As the web process asks for it: whether it is heard, or why it is refused."""
    try:
        heard: bool = registry.ask("web", AddKey(software, public(key), proof, overlap))
    except KeyholderError as error:
        return error.refusal.value
    return heard


def signs_in(registry: Running, key: Private, software: UUID = SOFTWARE) -> bool:
    return signing_in(registry, asserted(software, at=registry.clock()), by=key) == "answered"


def approved(registry: Running, *, stay: tuple[Private, ...] = (FIRST,), taken: tuple[Private, ...] = (), **changes: Any) -> str:
    """By Farid's touch for exactly these keys; what the keyholder says."""
    asked = with_keys(row(**changes), stay, taken)
    touch = FARID.touched(registry.ask("web", Challenge("farid", agreed(SOFTWARE, asked.told, REASON, names(*stay, *taken)))))
    return refusal(registry, TellSoftware(SOFTWARE, asked.told, asked.statement, REASON, touch, asked.stay, asked.taken))


def with_keys(told: bytes, stay: tuple[Private, ...], taken: tuple[Private, ...]) -> TellSoftware:
    asked = telling(told)
    return TellSoftware(SOFTWARE, told, asked.statement, REASON, None, names(*stay), [public(key) for key in taken])


def test_a_signature_of_its_key_is_worth_a_token_of_five_minutes(registry: Running) -> None:
    given(registry, FIRST)
    token = registry.ask("web", SignIn(signed(FIRST, asserted())))
    told = AccessToken.read(token, registry.ask("doors", AccessKey()))
    assert told == AccessToken(SOFTWARE, registry.clock(), registry.clock() + LIFETIME)


def test_another_key_or_the_key_of_another_product_signs_nobody_in(registry: Running) -> None:
    given(registry, FIRST)
    given(registry, SECOND, software=OTHER)
    assert [signs_in(registry, key) for key in (FIRST, SECOND, THIRD)] == [True, False, False]
    for strange in ("", "a.b.c", signed(FIRST, {"sub": "x"}), jwt.encode({"sub": str(SOFTWARE)}, "", algorithm="none")):
        assert refusal(registry, SignIn(strange)) == "wrong"


@pytest.mark.parametrize("place", [0, 20, 30, 32, 33, 96])
def test_a_token_with_one_byte_changed_is_none(registry: Running, place: int) -> None:
    given(registry, FIRST)
    key, token = registry.ask("web", AccessKey()), registry.ask("web", SignIn(signed(FIRST, asserted())))
    letter = place * 4 // 3
    changed = token[:letter] + ("A" if token[letter] != "A" else "B") + token[letter + 1 :]
    assert AccessToken.read(changed, key) is None
    assert AccessToken.read(token, key)


@pytest.mark.parametrize("text", ["", "é", "=", "AAAA", "A" * 130, "A" * 10_000])
def test_garbage_is_no_token(registry: Running, text: str) -> None:
    assert AccessToken.read(text, registry.ask("web", AccessKey())) is None


def test_an_assertion_is_for_its_own_product_at_this_sites_token_endpoint(registry: Running) -> None:
    given(registry, FIRST)
    strange: list[dict[str, Any]] = [
        {"iss": str(OTHER)},
        {"iss": ""},
        {"aud": "https://bench.example/oauth/token"},
        {"aud": "https://registre.example/fhir"},
        {"aud": []},
        {"jti": ""},
        {"jwk": public(SECOND)},
        {"jwk": None},
    ]
    assert [signing_in(registry, asserted(**changes)) for changes in strange] == ["wrong"] * len(strange)
    assert [signing_in(registry, asserted(aud=one)) for one in (AUDIENCE, ["x", AUDIENCE])] == ["answered"] * 2


@pytest.mark.parametrize("missing", ["iss", "aud", "iat", "exp", "jti"])
def test_an_assertion_that_lacks_a_claim_is_none(registry: Running, missing: str) -> None:
    given(registry, FIRST)
    told = asserted()
    assert signing_in(registry, {name: value for name, value in told.items() if name != missing}) == "wrong"
    assert signing_in(registry, told) == "answered"


@pytest.mark.parametrize(("seconds", "answer"), [(300, "answered"), (301, "wrong"), (0, "wrong"), (-1, "wrong")])
def test_an_assertion_lives_five_minutes_at_most(registry: Running, seconds: int, answer: str) -> None:
    given(registry, FIRST)
    assert signing_in(registry, asserted(exp=AT + timedelta(seconds=seconds))) == answer


@pytest.mark.parametrize(
    ("after", "answer"), [(-31, "wrong"), (-30, "answered"), (329, "answered"), (330, "wrong"), (90 * 86_400, "wrong")]
)
def test_an_assertion_counts_while_it_lives_by_the_keyholders_own_clock(registry: Running, after: int, answer: str) -> None:
    """Half a minute's difference between clocks is forgiven."""
    given(registry, FIRST)
    registry.clock.later(seconds=after)
    assert signing_in(registry, asserted()) == answer


@pytest.mark.parametrize("strange", [float("nan"), float("inf"), 10**400, True, "2026", None])
def test_what_is_no_moment_is_refused(registry: Running, strange: object) -> None:
    given(registry, FIRST)
    for claim in ("iat", "exp"):
        assert signing_in(registry, asserted() | {claim: strange}) == "wrong"


def test_an_assertion_counts_once(registry: Running) -> None:
    """Signed again, or within a longer one: who it is told by its `jti`. Another product may use the same."""
    given(registry, FIRST)
    given(registry, SECOND, software=OTHER)
    told = asserted()
    assert [signing_in(registry, one) for one in (told, told, told | {"exp": AT + timedelta(minutes=4)})] == [
        "answered",
        "wrong",
        "wrong",
    ]
    assert signing_in(registry, asserted(OTHER, jti=told["jti"]), by=SECOND) == "answered"


def test_what_was_not_signed_by_its_key_uses_up_nothing(registry: Running) -> None:
    given(registry, FIRST)
    told = asserted()
    assert [signing_in(registry, told, by=key) for key in (SECOND, FIRST)] == ["wrong", "answered"]


def test_so_many_at_once_are_remembered_and_forgotten_when_they_have_ended(
    registry: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assertions, "MOST_AT_ONCE", 2)
    given(registry, FIRST)
    given(registry, SECOND, software=OTHER)
    assert [signing_in(registry, asserted()) for _ in range(3)] == ["answered", "answered", "metered"]
    assert signs_in(registry, SECOND, OTHER)
    registry.clock.later(seconds=329)
    assert signing_in(registry, asserted(at=registry.clock())) == "metered"
    registry.clock.later(seconds=1)
    assert signing_in(registry, asserted(at=registry.clock())) == "answered"


def test_a_proof_signs_nobody_in(registry: Running) -> None:
    given(registry, FIRST)
    for one in (proof(SECOND, by=FIRST), proof(SECOND, by=FIRST, **asserted())):
        assert refusal(registry, SignIn(one)) == "wrong"
    assert signs_in(registry, FIRST)


@pytest.mark.parametrize(
    ("changes", "after", "answer"),
    [
        ({}, 0, True),
        ({"exp": AT + timedelta(days=1, seconds=1)}, 0, "wrong"),
        ({}, 86_429, True),
        ({}, 86_430, "wrong"),
        ({}, -31, "wrong"),
        ({"exp": None}, 0, "wrong"),
        ({"iat": None}, 0, "wrong"),
    ],
    ids=["a day", "longer", "to the end", "ended", "not yet", "no end", "no beginning"],
)
def test_a_proof_counts_for_a_day_at_most(registry: Running, changes: dict[str, Any], after: int, answer: object) -> None:
    given(registry, FIRST)
    approved(registry)
    registry.clock.later(seconds=after)
    assert given(registry, SECOND, proof(SECOND, by=FIRST, **changes)) == answer


def test_once_approved_a_bare_key_waits_and_opens_nothing(registry: Running) -> None:
    """The near miss: before anything was approved, the publisher gives what keys it likes."""
    assert given(registry, FIRST) is True
    assert approved(registry) == "answered"
    assert given(registry, SECOND) is False
    assert [signs_in(registry, key) for key in (FIRST, SECOND)] == [True, False]


def test_a_key_that_the_one_before_signed_takes_over(registry: Running) -> None:
    given(registry, FIRST)
    approved(registry)
    assert given(registry, THIRD, proof(THIRD, by=FIRST), overlap=3600) is True
    assert [signs_in(registry, key) for key in (FIRST, THIRD)] == [True, True]
    registry.clock.later(hours=1)
    assert [signs_in(registry, key) for key in (FIRST, THIRD)] == [False, True]


def test_a_signature_for_something_else_gives_no_key(registry: Running) -> None:
    given(registry, FIRST)
    approved(registry)
    given(registry, THIRD, software=OTHER)
    strange = [
        proof(THIRD, by=FIRST),
        proof(SECOND, by=SECOND),
        proof(SECOND, by=THIRD),
        proof(SECOND, by=FIRST, software=OTHER),
        signed(FIRST, asserted()),
        proof(SECOND, by=FIRST, jwk="x"),
        "x",
    ]
    assert [given(registry, SECOND, one) for one in strange] == ["wrong"] * len(strange)
    assert not signs_in(registry, SECOND)
    assert given(registry, SECOND, proof(SECOND, by=FIRST)) is True


def test_a_key_that_has_ended_signs_for_none_and_an_old_signature_brings_it_not_back(registry: Running) -> None:
    given(registry, FIRST)
    approved(registry)
    given(registry, SECOND, proof(SECOND, by=FIRST), overlap=3600)
    registry.ask("web", EndKey(SOFTWARE, *names(SECOND)))
    assert [signs_in(registry, key) for key in (FIRST, SECOND)] == [True, False]
    assert given(registry, SECOND, proof(SECOND, by=FIRST)) == "wrong"
    assert given(registry, THIRD, proof(THIRD, by=SECOND)) == "wrong"


def test_the_authority_takes_a_key_that_waited_by_a_touch_for_exactly_it(registry: Running) -> None:
    given(registry, FIRST)
    approved(registry)
    asked = with_keys(row(), (FIRST,), (SECOND,))
    for keys in ((FIRST,), (FIRST, THIRD)):
        touch = FARID.touched(registry.ask("web", Challenge("farid", agreed(SOFTWARE, asked.told, REASON, names(*keys)))))
        assert (
            refusal(registry, TellSoftware(SOFTWARE, asked.told, asked.statement, REASON, touch, asked.stay, asked.taken))
            == "wrong"
        )
    assert not signs_in(registry, SECOND)
    assert approved(registry, taken=(SECOND,)) == "answered"
    assert [signs_in(registry, key) for key in (FIRST, SECOND)] == [True, True]
    registry.clock.later(days=7)
    assert [signs_in(registry, key) for key in (FIRST, SECOND)] == [False, True]


def test_a_key_that_the_approval_does_not_name_ends_with_it(registry: Running) -> None:
    """Whoever had the web process give a key of theirs before: the officer touched for what the page showed."""
    given(registry, FIRST)
    given(registry, SECOND)
    approved(registry)
    assert [signs_in(registry, key) for key in (FIRST, SECOND)] == [True, False]
    assert given(registry, THIRD, proof(THIRD, by=SECOND)) == "wrong"


def test_a_suspension_leaves_the_keys_and_gives_none(registry: Running) -> None:
    given(registry, FIRST)
    approved(registry)
    told = row("suspended")
    touch = FARID.touched(registry.ask("web", Challenge("farid", agreed(SOFTWARE, told, REASON))))
    assert refusal(registry, telling(told, touch=touch)) == "answered"
    assert given(registry, SECOND) is False
    assert signs_in(registry, FIRST)


def test_a_token_is_lent_for_tables_alone_and_only_to_what_may_send_them(registry: Running) -> None:
    assert refusal(registry, Lend(SOFTWARE)) == "not-allowed"
    approved(registry)
    assert refusal(registry, Lend(SOFTWARE)) == "not-allowed"
    approved(registry, formats=["csv"])
    told = AccessToken.read(registry.ask("web", Lend(SOFTWARE)), registry.ask("web", AccessKey()))
    assert told
    assert told.table
    assert refusal(registry, Lend(OTHER)) == "not-allowed"
    registry.ask("operator", telling(row("suspended", formats=["csv"])))
    assert refusal(registry, Lend(SOFTWARE)) == "not-allowed"


def test_it_lends_so_many_an_hour_and_each_is_in_its_journal(registry: Running) -> None:
    approved(registry, formats=["csv"])
    for _ in range(MOST_LENT):
        registry.ask("web", Lend(SOFTWARE))
    assert refusal(registry, Lend(SOFTWARE)) == "metered"
    lent = (registry.state / "journal.jsonl").read_text().count('"lend"')
    assert lent == MOST_LENT
    registry.clock.now += timedelta(hours=1, seconds=1)
    assert refusal(registry, Lend(SOFTWARE)) == "answered"


@pytest.mark.parametrize("who", ["worker", "doors"])
def test_no_other_process_gives_keys_or_gets_tokens(registry: Running, who: str) -> None:
    for asked in (AddKey(SOFTWARE, public(FIRST)), EndKey(SOFTWARE, "x"), SignIn(""), Lend(SOFTWARE)):
        assert refusal(registry, asked, who) == "not-understood"


def test_in_a_sandbox_the_keys_that_its_registry_tells_are_heard(tmp_path: Any) -> None:
    sandbox = Running("registry", tmp_path)
    with sandbox.up(bench=True):
        assert [given(sandbox, key) for key in (FIRST, SECOND)] == [True, True]
        sandbox.ask("web", telling(row()))
        assert [given(sandbox, key) for key in (FIRST, SECOND)] == [True, True]
        assert [signs_in(sandbox, key) for key in (FIRST, SECOND)] == [True, True]
