"""The keyholder's book of software: the authority decides by a touch that is checked here, and no envelope of other software opens."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.core.keyholder.test_presence import enrolled, refusal
from tests.core.keyholder.test_reveal import keys
from tests.core.keyholder.world import FARID, NADIA, Running

from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.agent_verbs import Assertion, Challenge, Present
from sceau.core.keyholder.envelope_verbs import Ingest, NotApproved, Unopened
from sceau.core.keyholder.service_verbs import Attest, Attested
from sceau.core.keyholder.software_verbs import Decisions, Heard, TellSoftware, agreed
from sceau.core.sealing import suite
from sceau.core.sealing.header import Header
from sceau.demo.authenticator import Passkey

SOFTWARE, OTHER = UUID(int=7), UUID(int=8)
REASON = hashlib.sha256(b"conforme").digest()


def row(state: str = "approved", **changes: Any) -> bytes:
    told = {"publisher": 1, "name": "Officine", "version": "2", "formats": ["sealed"], "diseases": []}
    told |= {"starts_on": None, "ends_on": None, "state": state}
    return json.dumps(list((told | changes).values())).encode()


def telling(told: bytes, *, software: UUID = SOFTWARE, touch: Assertion | None = None, reason: bytes = REASON) -> TellSoftware:
    statement = f"software:{software}\n0\n1\n".encode() + hashlib.sha256(told).digest()
    return TellSoftware(software, told, statement, reason, touch)


def touched(registry: Running, who: Passkey, told: bytes, *, software: UUID = SOFTWARE, reason: bytes = REASON) -> Assertion:
    return who.touched(registry.ask("web", Challenge(who.agent, agreed(software, told, reason))))


def decided(registry: Running, told: bytes) -> bytes:
    mac: bytes = registry.ask("web", telling(told, touch=touched(registry, FARID, told)))
    return mac


def opened(registry: Running, software: UUID = SOFTWARE) -> object:
    """What becomes of an envelope of this software: one whose body is none, which the child says once it has looked."""
    public = keys(registry).envelope_for(registry.clock().date())
    header = Header(suite.key_id(public), UUID(int=1), software, Finess("750000002"), registry.clock(), 1)
    (answer,) = registry.ask("worker", Ingest([registry.stamped(header.pack() + bytes(3_000))], registry.clock()))
    return answer


def test_an_officers_touch_approves_and_what_is_told_is_attested(registry: Running) -> None:
    told = row()
    mac = decided(registry, told)
    assert registry.ask("operator", Attested("software", [(telling(told).statement, mac)])) == [True]
    assert isinstance(opened(registry), Unopened)
    assert opened(registry, OTHER) == NotApproved()


def test_without_a_touch_nothing_is_decided(registry: Running) -> None:
    """The near miss: describing and showing a product needs none."""
    for state in ("approved", "suspended", "withdrawn", "refused"):
        assert refusal(registry, telling(row(state))) == "not-allowed"
    assert refusal(registry, Attest("software", [telling(row()).statement])) == "not-allowed"
    for state in ("draft", "submitted"):
        assert refusal(registry, telling(row(state))) == "answered"
    assert opened(registry) == NotApproved()


CHANGED: dict[str, Any] = {
    "another product": {"software": OTHER},
    "another scope": {"told": row(diseases=["rsv"])},
    "another state": {"told": row("suspended")},
    "another version": {"told": row(version="3")},
    "another reason": {"reason": bytes(32)},
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_touch_is_for_exactly_what_was_shown(registry: Running, what: str) -> None:
    changed = {"told": row(), "software": SOFTWARE, "reason": REASON} | CHANGED[what]
    touch = touched(registry, FARID, row())
    assert refusal(registry, telling(changed.pop("told"), touch=touch, **changed)) == "wrong"
    assert opened(registry) == NotApproved()
    decided(registry, row())
    assert isinstance(opened(registry), Unopened)


def test_a_touch_counts_once_and_one_for_something_else_never(registry: Running) -> None:
    told = row()
    touch = touched(registry, FARID, told)
    assert refusal(registry, telling(told, touch=touch)) == "answered"
    assert refusal(registry, telling(told, touch=touch)) == "wrong"
    present = FARID.touched(registry.ask("web", Challenge("farid")))
    assert refusal(registry, telling(told, touch=present)) == "wrong"
    assert refusal(registry, Present(touched(registry, FARID, told))) == "wrong"


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_nobody_but_a_member_of_the_authority_decides(registry: Running, role: str) -> None:
    enrolled(registry, NADIA, role=role)
    told = row()
    assert refusal(registry, telling(told, touch=touched(registry, NADIA, told))) == "not-allowed"
    assert refusal(registry, telling(told, touch=touched(registry, Passkey("mallory"), told))) == "wrong"


def test_an_entry_about_another_row_is_not_attested(registry: Running) -> None:
    told, other = row("draft"), row("submitted")
    asked = TellSoftware(SOFTWARE, told, telling(other).statement)
    assert refusal(registry, asked) == "wrong"
    assert refusal(registry, TellSoftware(OTHER, told, telling(told).statement)) == "wrong"
    assert refusal(registry, telling(row("blessed"))) == "wrong"


def test_what_was_decided_no_publisher_takes_back(registry: Running) -> None:
    """The near miss: after a refusal it asks again."""
    decided(registry, row())
    decided(registry, row("withdrawn"))
    assert refusal(registry, telling(row("submitted"))) == "not-allowed"
    decided(registry, row("refused"))
    assert refusal(registry, telling(row("submitted"))) == "answered"


def test_what_had_come_in_when_it_was_suspended_is_taken_in_for_a_day(registry: Running) -> None:
    decided(registry, row())
    decided(registry, row("suspended"))
    registry.clock.later(hours=23)
    assert isinstance(opened(registry), Unopened)
    registry.clock.later(hours=2)
    assert opened(registry) == NotApproved()
    decided(registry, row())
    assert isinstance(opened(registry), Unopened)


def test_an_approval_covers_its_days_and_no_others(registry: Running) -> None:
    today = registry.clock().date()
    decided(registry, row(starts_on=str(today + timedelta(days=1))))
    assert opened(registry) == NotApproved()
    decided(registry, row(starts_on=str(today), ends_on=str(today)))
    assert isinstance(opened(registry), Unopened)
    registry.clock.later(days=2)
    assert opened(registry) == NotApproved()


def test_the_book_outlives_a_restart(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up():
        registry.ask("operator", telling(row()))
    with registry.up():
        assert isinstance(opened(registry), Unopened)


def test_in_a_sandbox_what_the_registry_shows_needs_no_touch_and_a_suspension_does(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up(bench=True):
        assert refusal(registry, telling(row())) == "answered"
        assert refusal(registry, telling(row("suspended"))) == "not-allowed"


def test_what_was_decided_waits_for_the_worker_until_it_says_that_it_was_told(registry: Running) -> None:
    """By whom, and what: the web process, which the touch passed through, neither reads it nor ends it."""
    decided(registry, row(formats=["csv"]))
    registry.ask("web", telling(row("draft"), software=OTHER))
    registry.ask("operator", telling(row("suspended")))
    owed = registry.ask("worker", Decisions())
    assert [(one.software, one.by, one.row.state, one.row.formats) for _, one in owed] == [
        (SOFTWARE, "farid", "approved", ["csv"]),
        (SOFTWARE, "operator", "suspended", ["sealed"]),
    ]
    assert [refusal(registry, asked) for asked in (Decisions(), Heard([]))] == ["not-understood"] * 2
    assert refusal(registry, Heard([]), "operator") == "not-understood"
    registry.ask("worker", Heard([owed[0][0], "../attest", "x"]))
    assert [name for name, _ in registry.ask("operator", Decisions())] == [owed[1][0]]


def test_a_touch_that_was_refused_is_told_to_nobody(registry: Running) -> None:
    assert refusal(registry, telling(row(), touch=touched(registry, FARID, row("suspended")))) == "wrong"
    assert registry.ask("worker", Decisions()) == []
