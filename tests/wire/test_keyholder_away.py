"""A keyholder that is killed, gone, or whose socket is missing: nothing is lost, the relay goes on, the intake catches up."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.wire.rows import rows
from tests.wire.wire import DEADLINE, Wire


@contextmanager
def gone(wire: Wire, service: str) -> Iterator[None]:
    """No keyholder of this service for the length of the block; then it answers again, and what waited is tried at once."""
    wire.stage.supervisor.end(f"{service}-keyholder")
    try:
        yield
    finally:
        wire.stage.supervisor.start(wire.stage.keyholder(service))
        wire.stage.wait_keyholder(service)
        wire.hurry()


@contextmanager
def away(wire: Wire, name: str) -> Iterator[None]:
    """Without one of the services' processes."""
    child = wire.away(name)
    try:
        yield
    finally:
        wire.stage.supervisor.start(child)
        if name.endswith("-web"):
            wire.stage.supervisor.wait_http(f"{wire.stage.url(name.removesuffix('-web'))}/health", deadline=DEADLINE)


def test_the_counter_takes_in_what_the_registrys_door_cannot_sign_for(wire: Wire) -> None:
    before, file = wire.recorded(), wire.file("door", rows(5, series="door"))
    with gone(wire, "registry"):
        assert wire.give(file, wait=False).status == 0
        wire.until(lambda: wire.count("counter", "relay_envelope", "state = 'waiting' and attempts > 0") == 1, what="a try")
        assert (wire.pending(), wire.recorded()) == (5, before)
    wire.settle()
    assert wire.recorded() == before + 5
    assert wire.give(file).counts == {"duplicate": 5}


def test_the_intake_waits_for_its_keyholder_and_catches_up(wire: Wire) -> None:
    before, file = wire.recorded(), wire.file("intake", rows(5, series="intake"))
    with away(wire, "registry-worker"):
        assert wire.give(file, wait=False).status == 0
        wire.until(lambda: wire.count("registry", "intake_inboxenvelope", "state = 'waiting'") == 1, what="an envelope taken")
        wire.stage.supervisor.end("registry-keyholder")
    log = wire.stage.folder / "registry-worker.log"
    wire.until(lambda: "envelopes wait: the keyholder does not answer" in log.read_text(), what="word of the wait")
    assert wire.recorded() == before
    wire.stage.supervisor.start(wire.stage.keyholder("registry"))
    wire.stage.wait_keyholder("registry")
    wire.settle()
    assert wire.recorded() == before + 5
    assert wire.count("registry", "intake_inboxenvelope", "state = 'set-aside'") == 0


def test_the_relay_needs_no_keyholder(wire: Wire) -> None:
    before, file = wire.recorded(), wire.file("relay", rows(5, series="relay"))
    with away(wire, "registry-web"):
        assert wire.give(file, wait=False).status == 0
        wire.stage.supervisor.end("counter-keyholder")
    wire.settle()
    assert wire.recorded() == before + 5
    wire.stage.supervisor.start(wire.stage.keyholder("counter"))
    wire.stage.wait_keyholder("counter")
    assert wire.give(file).counts == {"duplicate": 5}


def test_an_import_without_its_keyholder_says_so_does_nothing_and_is_given_again(wire: Wire) -> None:
    before, file = wire.count("counter", "screenings_screening"), wire.file("import", rows(5, series="import"))
    with gone(wire, "counter"):
        told = wire.give(file)
        assert (told.status, "the keyholder refused or does not answer (unavailable): nothing was done" in told.errors) == (
            2,
            True,
        )
        assert wire.count("counter", "screenings_screening") == before
    assert wire.give(file).counts == {"recorded": 5}


def test_a_missing_socket_is_told_the_same_way_and_a_restart_makes_it_anew(wire: Wire) -> None:
    file = wire.file("socket", rows(5, series="socket"))
    (wire.stage.sockets("counter") / "web.sock").unlink()
    assert (wire.give(file).status, wire.pending()) == (2, 0)
    pid = wire.stage.supervisor.kill("counter-keyholder")
    wire.stage.supervisor.restarted("counter-keyholder", since=pid, deadline=DEADLINE)
    wire.stage.wait_keyholder("counter")
    assert wire.give(file).counts == {"recorded": 5}


@pytest.mark.parametrize("service", ["counter", "registry"])
def test_a_keyholder_that_is_killed_runs_again_and_whoever_asked_it_goes_on(wire: Wire, service: str) -> None:
    file = wire.file(f"killed {service}", rows(5, series=f"killed {service}"))
    importing = wire.importing(file)
    pid = wire.stage.supervisor.kill(f"{service}-keyholder")
    wire.stage.supervisor.restarted(f"{service}-keyholder", since=pid, deadline=DEADLINE)
    wire.stage.wait_keyholder(service)
    wire.hurry()
    told = importing.told()
    again = wire.give(file).counts
    assert set(told.outcomes) <= {"recorded"}
    assert (told.status, again) in [(0, {"duplicate": 5}), (2, {"recorded": 5})]
    assert wire.count("registry", "results_report") == wire.count("counter", "screenings_screening", "outcome = 'recorded'")
