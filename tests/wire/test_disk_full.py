"""A running keyholder whose disk is full: it says so and writes nothing by halves; with room again all goes on."""

import pytest
from tests.wire.rows import rows
from tests.wire.wire import DEADLINE, Wire

from sceau.core.keyholder import journal
from sceau.exposure.drills.no_room import full, journal_of

ROOM = pytest.mark.parametrize("half", [False, True], ids=["no byte", "half a line"])


def whole(wire: Wire, service: str) -> bytes:
    """The journal, which follows from line to line to its last byte; and no file lies beside one that it should have become."""
    assert [file.name for file in wire.stage.state(service).rglob(".*")] == []
    assert journal.verify(journal_of(wire.stage, service)).entries == journal_of(wire.stage, service).read_bytes().count(b"\n")
    return journal_of(wire.stage, service).read_bytes()


def restart(wire: Wire, service: str) -> None:
    pid = wire.stage.supervisor.kill(f"{service}-keyholder")
    wire.stage.supervisor.restarted(f"{service}-keyholder", since=pid, deadline=DEADLINE)
    wire.stage.wait_keyholder(service)


@ROOM
def test_the_intake_waits_for_room_and_catches_up(wire: Wire, half: bool) -> None:
    before, file = wire.recorded(), wire.file(f"full intake {half}", rows(5, series=f"full intake {half}"))
    log = wire.stage.folder / "registry-worker.log"
    known, seen = whole(wire, "registry"), log.read_text().count("envelopes wait")
    with full(wire.stage, "registry", half=half):
        assert wire.give(file, wait=False).status == 0
        wire.until(lambda: log.read_text().count("its disk is full") > seen, what="word of the wait")
        assert (wire.recorded(), whole(wire, "registry").startswith(known)) == (before, True)
        assert wire.count("registry", "intake_inboxenvelope", "state = 'waiting'") == 1
    wire.settle()
    assert wire.recorded() == before + 5
    restart(wire, "registry")
    assert whole(wire, "registry").startswith(known)
    assert wire.give(file).counts == {"duplicate": 5}


@ROOM
def test_an_import_says_so_does_nothing_and_is_given_again(wire: Wire, half: bool) -> None:
    before, file = wire.count("counter", "screenings_screening"), wire.file(f"full {half}", rows(5, series=f"full {half}"))
    known = whole(wire, "counter")
    with full(wire.stage, "counter", half=half):
        told = wire.give(file)
        assert (told.status, "(unavailable): nothing was done" in told.errors) == (2, True)
        assert (wire.count("counter", "screenings_screening"), whole(wire, "counter").startswith(known)) == (before, True)
    assert wire.give(file).counts == {"recorded": 5}
    restart(wire, "counter")
    assert whole(wire, "counter").startswith(known)
    assert wire.give(file).counts == {"duplicate": 5}
