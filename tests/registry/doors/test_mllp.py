"""What one block of MLLP is answered; the connections are tried in `tests/wire/test_plain_doors.py`."""

import asyncio

import pytest
from tests.plugins.services import acting, break_table
from tests.registry.doors.plain import BATCH, MESSAGE, elsewhere, message, outcomes
from tests.registry.world import Publisher

from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.approvals.enums import Act, Format
from sceau.registry.approvals.scope import Scope
from sceau.registry.doors.frames import MOST_BYTES, Unframed, block, framed
from sceau.registry.doors.mllp import answer
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.submissions.models import Sender

PINNED, OTHER = bytes(32), bytes(31) + b"\1"


def codes(answered: bytes) -> list[str]:
    return [line.split(b"|")[1].decode() for line in answered.split(b"\r") if line.startswith(b"MSA")]


def test_a_block_is_taken_from_whom_its_certificate_is_pinned_to(sender: Sender, keys: RegistryClient) -> None:
    with acting("registry_doors"):
        assert codes(answer(MESSAGE, PINNED)) == ["AA"]
    assert outcomes(keys) == {"recorded": 1}


def test_a_batch_is_answered_message_by_message(sender: Sender) -> None:
    assert codes(answer(BATCH, PINNED)) == ["AA"] * 3


def test_another_certificate_of_the_same_authority_is_not_heard(sender: Sender) -> None:
    assert codes(answer(BATCH, OTHER)) == ["AR"] * 3
    assert not InboxEnvelope.objects.exists()


@pytest.mark.parametrize("act", [Act.SUSPEND, Act.WITHDRAW])
def test_a_decision_takes_effect_at_the_next_block_and_cites_the_list(sender: Sender, publisher: Publisher, act: Act) -> None:
    publisher.decided(act, reason="loses results")
    answered = answer(MESSAGE, PINNED)
    assert codes(answered) == ["AR"]
    assert b"loses results" in answered
    assert b"http://localhost/software/" in answered


def test_an_approval_for_another_form_does_not_do(sender: Sender, publisher: Publisher) -> None:
    scope = Scope([Format.FHIR])
    publisher.software.formats = list(scope.formats)
    publisher.software.save()
    assert codes(answer(MESSAGE, PINNED)) == ["AR"]


def test_a_result_of_another_establishment_is_an_error(sender: Sender) -> None:
    assert codes(answer(message(elsewhere()), PINNED)) == ["AE"]


@pytest.mark.parametrize("block", [b"", b"nonsense", b"\0", b"MSH|", b"FHS|^~\\&|\r"])
def test_what_is_no_message_is_rejected(sender: Sender, block: bytes) -> None:
    assert codes(answer(block, PINNED)) in (["AR"], ["AE"])


@pytest.mark.parametrize(
    ("block", "condition"),
    [(b"nonsense", "200"), (b'{"resourceType": "Patient"}', "200"), (b"", "100"), (b"\0", "102"), (b"FHS|^~\\&|\r", "100")],
)
def test_what_is_no_message_is_no_fault_of_the_registrys(sender: Sender, block: bytes, condition: str) -> None:
    """ERR-3, of table 0357: never an internal error (207)."""
    errors = [line.split(b"|") for line in answer(block, PINNED).split(b"\r") if line.startswith(b"ERR")]
    assert {error[3].split(b"^")[0].decode() for error in errors} == {condition}


def test_while_the_registry_is_away_the_sender_is_told_to_come_again(sender: Sender) -> None:
    break_table("intake_inboxenvelope")
    assert codes(answer(MESSAGE, PINNED)) == ["AR"]


async def _read(data: bytes) -> list[bytes]:
    reader, found = asyncio.StreamReader(limit=MOST_BYTES), []
    reader.feed_data(data)
    reader.feed_eof()
    while (one := await block(reader)) is not None:
        found.append(one)
    return found


def test_blocks_come_one_after_the_other() -> None:
    assert asyncio.run(_read(framed(b"one") + framed(b"two\rlines"))) == [b"one", b"two\rlines"]


@pytest.mark.parametrize("data", [b"MSH|", b"\x0bMSH|", b"\x0bMSH|\x1c", framed(b"x") + b"\n", b"\x0b" + bytes(MOST_BYTES + 2)])
def test_what_is_no_block_ends_the_connection(data: bytes) -> None:
    with pytest.raises(Unframed):
        asyncio.run(_read(data))
