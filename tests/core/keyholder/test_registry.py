"""What the registry's keyholder signs, destroys and never signs: receipts, acknowledgements, checkpoints, ended days."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.core.keyholder.test_presence import refusal
from tests.core.keyholder.world import AT, UNLOCK, Running

from sceau.core.audit import merkle, note
from sceau.core.keyholder import journal
from sceau.core.keyholder.envelope_verbs import Acknowledge, AcknowledgeAll, Ingest, Keys, Receipt, ReceiptAll
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.service_verbs import Checkpoint, Retire, Signature
from sceau.core.keyholder.store import Store
from sceau.core.sealing import signing, statements
from sceau.core.sealing.errors import SealingError

ROOT = hashlib.sha256(b"envelopes").digest()
ENVELOPE = UUID("0190c0de-0000-7000-8000-000000000001")
LEAVES = [bytes([number]) for number in range(7)]
REWRITTEN = [b"x", *LEAVES[1:]]


@pytest.fixture(params=["registry"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    with Running(request.param, tmp_path).up() as up:
        yield up


def keys(registry: Running) -> KeyList:
    encoded, root = registry.ask("web", Keys())
    return KeyList.decode(encoded).check(root)


def checkpoint(size: int, *, after: int = 0, leaves: list[bytes] = LEAVES) -> Checkpoint:
    """Of a log of `size` leaves, proven to extend what it was at `after`."""
    proof = merkle.consistency(after, size, merkle.ranges(leaves)) if 0 < after <= size else []
    return Checkpoint(size, merkle.root(leaves[:size]), proof)


def retired(registry: Running, **later: float) -> list[str]:
    registry.clock.later(**later)
    told = registry.ask("worker", Retire(registry.clock().date()))
    return list(msgspec.json.decode(told.text)["destroyed"])


def secrets(registry: Running, folder: str) -> list[str]:
    return sorted(each.name for each in (registry.state / folder).iterdir())


def test_a_receipt_is_signed_by_the_key_of_the_list(running: Running) -> None:
    signed: Signature = running.ask("web", Receipt(ROOT, 3, AT))
    public = keys(running).receipt
    signing.check(public, signed.value, statements.receipt(ROOT, 3, AT))
    assert signed.key == public.hex()[:16]
    with pytest.raises(SealingError, match="bad-signature"):
        signing.check(public, signed.value, statements.receipt(ROOT, 4, AT))


def test_receipts_of_calls_that_came_at_once_are_signed_in_their_order(running: Running) -> None:
    asked = [Receipt(ROOT, count, AT) for count in (3, 1)]
    signed = running.ask("web", ReceiptAll(asked))
    assert signed == [running.ask("web", one) for one in asked]
    assert signed[0] != signed[1]


def test_acknowledgements_are_signed_in_their_order(running: Running) -> None:
    outcomes = ["stored"], ["refused"]
    asked = [Acknowledge(ENVELOPE, told, b"sealed", AT) for told in outcomes]
    signed = running.ask("worker", AcknowledgeAll(asked))
    assert signed[0] == running.ask("worker", asked[0])
    for told, signature in zip(outcomes, signed, strict=True):
        signing.check(keys(running).receipt, signature.value, statements.acknowledgement(ENVELOPE, told, b"sealed", AT))


@pytest.mark.parametrize("minutes", [-6, 6])
@pytest.mark.parametrize(
    ("principal", "of"),
    [
        ("web", lambda at: Receipt(ROOT, 1, at)),
        ("web", lambda at: ReceiptAll([Receipt(ROOT, 1, AT), Receipt(ROOT, 1, at)])),
        ("worker", lambda at: Acknowledge(ENVELOPE, [], b"", at)),
        ("worker", lambda at: AcknowledgeAll([Acknowledge(ENVELOPE, [], b"", at)])),
        ("worker", lambda at: Ingest([], at)),
    ],
)
def test_nothing_is_signed_or_taken_in_at_an_hour_that_is_not_now(
    running: Running, minutes: int, principal: str, of: Any
) -> None:
    near: datetime = AT + timedelta(minutes=minutes - minutes // abs(minutes))
    assert refusal(running, of(near), principal) == "answered"
    assert refusal(running, of(AT + timedelta(minutes=minutes)), principal) == "clock"


@pytest.mark.parametrize("running", ["counter", "registry"], indirect=True)
def test_a_log_that_grows_is_signed_and_asked_again_too(running: Running) -> None:
    for asked in (checkpoint(3), checkpoint(3, after=3), checkpoint(7, after=3)):
        signed = running.ask("worker", asked)
    origin = f"sceau/{running.service}"
    public = signing.public_bytes(_seed(running, "log"))
    told = note.verify(note.signed(origin, 7, merkle.root(LEAVES), signature=signed.value, public=public), public)
    assert (told.size, told.root) == (7, merkle.root(LEAVES))


def test_the_registrys_log_key_is_the_one_of_its_list(running: Running) -> None:
    signed = running.ask("worker", checkpoint(3))
    signing.check(keys(running).log, signed.value, note.text("sceau/registry", 3, merkle.root(LEAVES[:3])))


@pytest.mark.parametrize("running", ["counter", "registry"], indirect=True)
@pytest.mark.parametrize(
    "asked",
    [
        checkpoint(3),
        checkpoint(4, after=4),
        checkpoint(5, leaves=REWRITTEN),
        checkpoint(7, after=5, leaves=REWRITTEN),
        checkpoint(7, after=4),
        checkpoint(7),
    ],
    ids=["cut", "cut with a proof", "same size rewritten", "longer rewritten", "proof from another size", "no proof"],
)
def test_a_log_that_was_cut_or_rewritten_is_never_signed(running: Running, asked: Checkpoint) -> None:
    running.ask("worker", checkpoint(5))
    assert refusal(running, asked, "worker") == "not-allowed"
    assert refusal(running, checkpoint(7, after=5), "worker") == "answered"


def test_what_was_signed_is_remembered_across_restarts(tmp_path: Path) -> None:
    registry = Running("registry", tmp_path)
    with registry.up():
        registry.ask("worker", checkpoint(5))
    with registry.up():
        assert refusal(registry, checkpoint(3), "worker") == "not-allowed"
        assert refusal(registry, checkpoint(7, after=5), "worker") == "answered"


def test_the_day_that_ended_is_destroyed_and_the_others_stay(running: Running) -> None:
    running.ask("worker", Ingest([], AT))
    before = secrets(running, "days")
    first = before[0]
    assert retired(running) == []
    assert retired(running, days=1) == [f"days/{first}"]
    assert secrets(running, "days") == before[1:]


def test_a_day_to_come_ends_nothing(running: Running) -> None:
    running.ask("worker", Ingest([], AT))
    before = secrets(running, "days")
    assert refusal(running, Retire(AT.date() + timedelta(days=1)), "worker") == "not-allowed"
    assert secrets(running, "days") == before


def test_what_was_destroyed_is_told_under_a_signature(running: Running) -> None:
    running.ask("worker", Ingest([], AT))
    running.clock.later(days=2)
    told = running.ask("worker", Retire(running.clock().date()))
    public = signing.public_bytes(_seed(running, "statements"))
    signing.check(public, told.signature.value, statements.DESTROYED_LABEL + told.text)
    assert len(msgspec.json.decode(told.text)["destroyed"]) == 2


def test_a_months_keys_go_when_its_last_day_has_gone(running: Running) -> None:
    running.ask("worker", Ingest([], AT))
    assert keys(running).envelopes[0].month == "2026-11"
    retired(running, days=38)  # 31 December: 30 November still lives
    assert (secrets(running, "index"), keys(running).envelopes[0].month) == (["2026-11"], "2026-11")
    retired(running, days=1)
    assert (secrets(running, "index"), keys(running).envelopes[0].month) == ([], "2026-12")


def test_a_batch_has_one_entry_in_the_journal_without_a_name(running: Running) -> None:
    running.ask("worker", Ingest([b"no envelope", b"no envelope"], AT))
    (entry,) = (one for one in journal.entries(running.state / "journal.jsonl") if one.event == "ingest")
    assert entry.facts == {"envelopes": 2, "reports": 0}


def _seed(running: Running, name: str) -> bytes:
    seed = Store(running.state, UNLOCK.key).get(name)
    assert seed is not None
    return seed
