"""What is recorded arrives, whatever the registry says today or whether it is there at all."""

from tests.wire.rows import rows
from tests.wire.wire import Wire

WAITING = "select problem from relay_envelope where state = 'waiting' and problem is not null"


def decide(wire: Wire, state: str, *, reason: str) -> None:
    software = (wire.stage.folder / "config" / "software-id").read_text()
    farid = ("--by", "Farid, the authority")
    wire.stage.run("registry", "registry", "approvals", "decide", software, state, "--reason", reason, *farid, role="owner")


def test_what_suspended_software_sends_waits_with_the_reason_and_is_delivered_once_it_is_approved_again(wire: Wire) -> None:
    before = wire.count("registry", "intake_inboxenvelope")
    decide(wire, "suspended", reason="incident 12")
    importing = wire.importing(wire.file("suspended", rows(5, series="suspended")))
    wire.until(lambda: bool(wire.ask("counter", WAITING)), what="the refusal")
    ((problem,),) = wire.ask("counter", WAITING)
    assert problem["type"] == "urn:sceau:problem:software-suspended"
    assert problem["status"] == 403
    assert problem["detail"] == "incident 12"
    assert problem["see"] == f"{wire.stage.url('registry')}/software/"
    assert wire.count("registry", "intake_inboxenvelope") == before
    decide(wire, "approved", reason="incident 12 closed")
    assert importing.told().counts == {"recorded": 5}
    assert wire.count("counter", "relay_envelope", "state <> 'acknowledged' or problem is not null") == 0


def test_what_is_recorded_while_the_registry_is_away_is_delivered_when_it_is_back(wire: Wire) -> None:
    registry = wire.away("registry-web")
    importing = wire.importing(wire.file("away", rows(5, series="away")))
    wire.until(lambda: bool(wire.ask("counter", WAITING)), what="the attempt in vain")
    ((problem,),) = wire.ask("counter", WAITING)
    assert problem["type"] == "urn:sceau:problem:unavailable"
    wire.stage.supervisor.start(registry)
    assert importing.told().counts == {"recorded": 5}
