"""What software sends plain, to the doors as a process of their own: recorded like the rest, and the process holds no file."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import urllib3
from tests.wire.wire import Wire

from sceau.counter.relay.client import Client
from sceau.demo.stage import FINESS
from sceau.exposure.drills.temporary import descendants

MESSAGE = (Path(__file__).parents[1] / "vectors" / "hl7v2" / "final.hl7").read_bytes()


@pytest.fixture(scope="session")
def laboratory(wire: Wire) -> Client:
    """Software of a laboratory, which Farid let send plain for the pharmacy."""
    jwk = str(wire.stage.folder / "config" / "software.jwk")
    product = ("--publisher", "Gaëlle", "--name", "Labo", "--version", "1", "--by", "Farid, the authority")
    forms = ("--format", "fhir", "--format", "hl7v2", "--format", "csv")
    told = wire.stage.tell("registry", "registry", "approvals", "approve", "--jwk", jwk, *product, *forms, role="owner")
    sender = ("--name", "Pharmacie des Lilas", "--by", "Farid, the authority")
    wire.stage.tell("registry", "registry", "senders", "register", told["id"], FINESS, *sender, role="owner")
    key = (wire.stage.folder / "config" / "software.pem").read_text()
    return Client(url=wire.stage.url("registry"), software=UUID(told["id"]), key=key)


def send(wire: Wire, laboratory: Client, path: str, body: bytes, kind: str) -> Any:
    headers = laboratory.bearer(datetime.now(UTC)) | {"Content-Type": kind}
    return urllib3.request("POST", f"{wire.stage.doors_url}{path}?finess={FINESS}", body=body, headers=headers)


def test_a_message_sent_plain_is_recorded_and_told_once(wire: Wire, laboratory: Client) -> None:
    before = wire.recorded()
    answers = [send(wire, laboratory, "/hl7v2", MESSAGE, "application/hl7-v2") for _ in range(2)]
    assert [(one.status, b"MSA|AA|" in one.data) for one in answers] == [(200, True)] * 2
    wire.until(lambda: not wire.count("registry", "intake_inboxenvelope", "acknowledged_at is null"), what="the intake")
    assert wire.recorded() == before + 1


def test_the_doors_process_has_no_keyholder_and_no_file_open_to_write(wire: Wire) -> None:
    doors = wire.stage.supervisor.pid("registry-doors")
    env = wire.stage.env("registry", "doors")
    assert env["KEYHOLDER"] == ""
    assert json.dumps(env).count("software.pem") == 0
    opened = {os.readlink(each) for pid in (doors, *descendants(of=doors)) for each in Path(f"/proc/{pid}/fd").iterdir()}
    assert [name for name in opened if name.startswith(str(wire.stage.folder))] == [str(wire.stage.folder / "registry-doors.log")]
