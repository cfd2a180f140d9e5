"""A running keyholder whose disk is full: it says so and writes nothing by halves; with room again all goes on.

The disk is full for this process alone: the kernel lets no file of it grow (setrlimit(2), RLIMIT_FSIZE), its log's neither.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.wire.rows import rows
from tests.wire.wire import DEADLINE, Wire

from sceau.core.keyholder import journal
from sceau.core.keyholder.run import JOURNAL

ROOM = pytest.mark.parametrize("half", [False, True], ids=["no byte", "half a line"])


@contextmanager
def full(wire: Wire, service: str, *, half: bool) -> Iterator[None]:
    """No room for the keyholder's next line; or for ten bytes of it."""
    size = path(wire, service).stat().st_size
    limit(wire, service, str(size + 10 if half else 0))
    try:
        yield
    finally:
        limit(wire, service, "unlimited")


def limit(wire: Wire, service: str, most: str) -> None:
    """How long a file of the keyholder's may become, told by its own user: nobody else may (prlimit(2))."""
    account, pid = wire.stage.accounts.of(service, "keyholder"), wire.stage.supervisor.pid(f"{service}-keyholder")
    told = ["prlimit", "--pid", str(pid), f"--fsize={most}:"]
    who: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    subprocess.run(told, check=True, **who)


def path(wire: Wire, service: str) -> Path:
    return wire.stage.state(service) / JOURNAL


def whole(wire: Wire, service: str) -> bytes:
    """The journal, which follows from line to line to its last byte; and no file lies beside one that it should have become."""
    assert [file.name for file in wire.stage.state(service).rglob(".*")] == []
    assert journal.verify(path(wire, service)).entries == path(wire, service).read_bytes().count(b"\n")
    return path(wire, service).read_bytes()


def restart(wire: Wire, service: str) -> None:
    pid = wire.stage.supervisor.kill(f"{service}-keyholder")
    wire.stage.supervisor.restarted(f"{service}-keyholder", since=pid, deadline=DEADLINE)
    wire.stage.wait_keyholder(service)


@ROOM
def test_the_intake_waits_for_room_and_catches_up(wire: Wire, half: bool) -> None:
    before, file = wire.recorded(), wire.file(f"full intake {half}", rows(5, series=f"full intake {half}"))
    log = wire.stage.folder / "registry-worker.log"
    known, seen = whole(wire, "registry"), log.read_text().count("envelopes wait")
    with full(wire, "registry", half=half):
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
    with full(wire, "counter", half=half):
        told = wire.give(file)
        assert (told.status, "(unavailable): nothing was done" in told.errors) == (2, True)
        assert (wire.count("counter", "screenings_screening"), whole(wire, "counter").startswith(known)) == (before, True)
    assert wire.give(file).counts == {"recorded": 5}
    restart(wire, "counter")
    assert whole(wire, "counter").startswith(known)
    assert wire.give(file).counts == {"duplicate": 5}
