"""Who may ask what: by socket, by the peer's user, and by nothing that the question says."""

import os
import socket
import struct
from pathlib import Path

import pytest
from tests.core.keyholder.world import Running

from sceau.core.keyholder import wire
from sceau.core.keyholder.client import Client
from sceau.core.keyholder.envelope_verbs import Keys, Receipt
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.secret_verbs import SealSecret
from sceau.core.keyholder.server import serving
from sceau.core.keyholder.service_verbs import Health
from sceau.core.keyholder.shapes import Question


@pytest.fixture
def registry(tmp_path: Path) -> Running:
    return Running("registry", tmp_path)


def refusal(client: Client, question: Question) -> Refusal:
    with pytest.raises(KeyholderError) as caught:
        client.ask(question)
    return caught.value.refusal


def test_each_principal_understands_its_own_questions_and_no_others(registry: Running) -> None:
    receipt = Receipt(bytes(32), 1, registry.clock())
    with registry.up():
        assert len(registry.ask("web", receipt).value) == 64
        assert refusal(Client(registry.socket("worker")), receipt) is Refusal.NOT_UNDERSTOOD


def test_a_user_who_is_not_listed_is_not_even_heard(registry: Running) -> None:
    handlers = {Health: lambda asked, principal: None, Keys: lambda asked, principal: (b"list", b"root")}
    with serving("registry", registry.folder / "run", handlers, {"web": {12_345}}):
        assert refusal(Client(registry.socket("web")), Keys()) is Refusal.UNAVAILABLE
        assert registry.ask("operator", Keys()) == (b"list", b"root")


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xc1" * 50, b"\x82\xa4verb\xa5never\xa1x\x01"])
def test_what_is_no_question_is_refused_and_the_next_is_answered(registry: Running, data: bytes) -> None:
    with registry.up(), socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(registry.socket("web")))
        wire.send(raw, data)
        assert b"not-understood" in wire.receive(raw)
        assert registry.ask("web", Health()).service == "registry"


def test_a_frame_that_is_too_long_ends_the_connection(registry: Running) -> None:
    with registry.up(), socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(registry.socket("web")))
        raw.sendall(struct.pack(">I", wire.LONGEST + 1))
        assert raw.recv(1) == b""


def test_nobody_there_is_said_at_once(registry: Running) -> None:
    assert refusal(Client(registry.socket("web")), Health()) is Refusal.UNAVAILABLE


def test_a_client_finds_a_keyholder_that_was_started_again(registry: Running) -> None:
    client = Client(registry.socket("web"))
    with registry.up():
        sealed = client.ask(SealSecret("name", b"seed"))
    assert refusal(client, Health()) is Refusal.UNAVAILABLE
    with registry.up():
        assert client.ask(SealSecret("name", b"seed")) != sealed


def test_a_fault_inside_is_told_without_its_words(registry: Running, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(asked: Question, principal: str) -> None:
        raise RuntimeError("LUNEVILLE")

    def full(asked: Question, principal: str) -> None:
        raise OSError("LUNEVILLE")

    with serving("registry", registry.folder / "run", {Health: broken, Keys: full}):
        for question, expected in ((Health(), Refusal.FAILED), (Keys(), Refusal.UNAVAILABLE)):
            with pytest.raises(KeyholderError) as caught:
                registry.ask("web", question)
            assert caught.value.refusal is expected
            assert "LUNEVILLE" not in str(caught.value)


def test_its_sockets_are_gone_when_it_ends(registry: Running) -> None:
    with registry.up():
        assert registry.socket("web").exists()
    assert list((registry.folder / "run").iterdir()) == []


def test_the_user_of_the_other_side_is_the_kernels_word() -> None:
    mine, theirs = socket.socketpair(socket.AF_UNIX)
    with mine, theirs:
        assert wire.user(mine) == os.geteuid()
