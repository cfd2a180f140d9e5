"""What software sends plain, to the doors as processes of their own: recorded like the rest, and they hold no file."""

import os
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

import pytest
from tests.wire.wire import Wire

from sceau.core.keyholder.envelope_verbs import StampKey
from sceau.core.keyholder.service_verbs import Health
from sceau.core.keyholder.software_verbs import AccessKey
from sceau.core.keyholder.verbs import QUESTIONS
from sceau.demo.laboratory import FARID, Laboratory
from sceau.demo.sending import PATIENCE, received
from sceau.demo.stage import FINESS, listening
from sceau.exposure.drills.temporary import descendants

MESSAGE = (Path(__file__).parents[1] / "vectors" / "hl7v2" / "final.hl7").read_bytes()


@pytest.fixture(scope="session")
def laboratory(wire: Wire, folder: Path) -> Laboratory:
    """Software which Farid let send plain for the pharmacy, and the MLLP door beside the others."""
    files = folder / "laboratory"
    files.mkdir(mode=0o711)
    made = Laboratory(wire.stage, files, finess=FINESS)
    made.start_mllp()
    return made


def exchange(connection: ssl.SSLSocket, data: bytes) -> bytes:
    """A block, and the block that answers it; empty where the connection ends instead."""
    connection.sendall(b"\x0b" + data + b"\x1c\r")
    return received(connection)


def settled(wire: Wire) -> None:
    wire.until(lambda: not wire.count("registry", "intake_inboxenvelope", "acknowledged_at is null"), what="the intake")


def test_a_message_is_recorded_once_whichever_way_it_comes(wire: Wire, laboratory: Laboratory) -> None:
    before = wire.recorded()
    answered = laboratory.post("/hl7v2", MESSAGE, "application/hl7-v2")
    assert (answered.status, b"MSA|AA|" in answered.data) == (200, True)
    with laboratory.connected(laboratory.client) as connection:
        assert [b"MSA|AA|" in exchange(connection, MESSAGE) for _ in range(2)] == [True, True]
    settled(wire)
    assert wire.recorded() == before + 1


def test_a_certificate_that_is_not_pinned_is_rejected(laboratory: Laboratory) -> None:
    with laboratory.connected(laboratory.stranger) as connection:
        assert b"MSA|AR|" in exchange(connection, MESSAGE)


def test_without_a_certificate_nobody_is_answered(laboratory: Laboratory) -> None:
    """TLS 1.3 ends the connection after the client's first word."""
    heard = b""
    with suppress(ssl.SSLError, ConnectionError), laboratory.connected(None) as connection:
        heard = exchange(connection, MESSAGE)
    assert heard == b""


def test_a_suspension_is_heard_within_a_connection(wire: Wire, laboratory: Laboratory) -> None:
    def decide(state: str) -> None:
        told = ("approvals", "decide", laboratory.software, state, "--reason", "tried", "--by", FARID)
        wire.stage.tell("registry", "registry", *told, role="owner")

    with laboratory.connected(laboratory.client) as connection:
        assert b"MSA|AA|" in exchange(connection, MESSAGE)
        decide("suspended")
        assert b"MSA|AR|" in exchange(connection, MESSAGE)
        decide("approved")
        assert b"MSA|AA|" in exchange(connection, MESSAGE)


@pytest.mark.parametrize("sent", [b"MSH|", b"\x0bMSH|\x1c\r\n", b"\x0b" + b"x" * 5_000_000])
def test_whoever_sends_no_block_is_hung_up_on_and_the_next_is_heard(laboratory: Laboratory, sent: bytes) -> None:
    answered = b""
    with suppress(ConnectionError, ssl.SSLError), laboratory.connected(laboratory.client) as connection:
        connection.sendall(sent)
        answered = received(connection) + received(connection)
    assert answered.count(b"MSA|") <= 1
    with laboratory.connected(laboratory.client) as connection:
        assert b"MSA|AA|" in exchange(connection, MESSAGE)


def test_what_a_killed_door_had_answered_is_recorded_and_sent_again_counts_once(wire: Wire, laboratory: Laboratory) -> None:
    """Killed while messages come by: each that was answered AA is there; what was not is sent again."""
    messages = [MESSAGE.replace(b"|19950307|", b"|199503%02d|" % day) for day in range(8, 28)]
    before, supervisor = wire.recorded(), wire.stage.supervisor
    heard = SimpleQueue[bool]()

    def send(one: bytes) -> bool:
        taken = b"MSA|AA|" in laboratory.exchange(one)
        heard.put(taken)
        return taken

    with ThreadPoolExecutor(1) as pool:
        sending = pool.map(send, messages)
        assert heard.get(timeout=PATIENCE)
        killed = supervisor.kill("registry-mllp")
        answered = list(sending)
    supervisor.restarted("registry-mllp", since=killed)
    wire.until(lambda: listening(laboratory.place.mllp), what="the door again")
    settled(wire)
    assert sum(answered) <= wire.recorded() - before <= len(messages)
    assert all(b"MSA|AA|" in laboratory.exchange(one) for one in messages)
    settled(wire)
    assert wire.recorded() - before == len(messages)


def test_the_doors_ask_the_keyholder_for_their_stamp_alone_and_have_no_file_open_but_their_log(
    wire: Wire, laboratory: Laboratory
) -> None:
    assert QUESTIONS["registry"]["doors"] == (StampKey, AccessKey, Health)
    assert wire.stage.env("registry", "doors")["KEYHOLDER"] == str(wire.stage.sockets("registry") / "doors.sock")
    for name in ("registry-doors", "registry-mllp"):
        process = wire.stage.supervisor.pid(name)
        links = [each for pid in (process, *descendants(of=process)) for each in Path(f"/proc/{pid}/fd").iterdir()]
        opened = {os.readlink(each) for each in links}
        assert {one for one in opened if one.startswith(str(wire.stage.folder))} == {str(wire.stage.folder / f"{name}.log")}
