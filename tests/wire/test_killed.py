"""Every row once: real processes, killed by pid at named commit points. Each point has rows of its own, over 400 in all."""

import pytest
from tests.wire.holding import Held, Point, held
from tests.wire.rows import rows
from tests.wire.wire import Importing, Wire

CLAIMED = "new.state = 'waiting' and new.next_attempt_at > new.created_at and new.attempts = 0"
RELAY_BEGUN = "new.status = 'doing' and new.task_name = 'counter.relay'"

POINTS = (
    Point("import: rows sealed, nothing committed", "import", "counter", "screenings_screening"),
    Point("import: committed, nobody told", "import", "counter", "relay_envelope", committed=True),
    Point("import: first batch committed, second not", "import", "counter", "imports_import", "new.rows_done > 500", rows=510),
    Point("import: done, nobody told", "import", "counter", "imports_import", "new.state = 'done'", committed=True),
    Point("relay: job taken, not begun", "counter-worker", "counter", "procrastinate_jobs", RELAY_BEGUN, committed=True),
    Point("relay: claimed, not posted", "counter-worker", "counter", "relay_envelope", CLAIMED, committed=True),
    Point("relay: posted, receipt not written", "counter-worker", "counter", "relay_envelope", "new.state = 'received'"),
    Point("relay: acknowledged, not committed", "counter-worker", "counter", "relay_envelope", "new.state = 'acknowledged'"),
    Point("door: inbox row not committed", "registry-web", "registry", "intake_inboxenvelope"),
    Point("door: committed, receipt not sent", "registry-web", "registry", "intake_inboxenvelope", committed=True),
    Point("intake: facts written, acknowledgement not committed", "registry-worker", "registry", "results_report"),
    Point(
        "intake: acknowledged, worker gone",
        "registry-worker",
        "registry",
        "intake_inboxenvelope",
        "new.state = 'done'",
        committed=True,
    ),
    Point("postgres: under an import", "postgres", "counter", "screenings_screening"),
    Point("postgres: under the intake", "postgres", "registry", "persons_identity"),
)


IMPORTS_AGAIN = ("import", "postgres")
"""Whose death ends the import as well: the file is given again."""


def kill(wire: Wire, point: Point, here: Held, importing: Importing) -> None:
    """Ends what stands at the point, lets its transaction end as the point says, and what the supervisor keeps runs again."""
    here.wait()
    if point.process == "import":
        importing.kill()
        here.settle()
        return
    pid = wire.stage.supervisor.kill(point.process)
    if point.process != "postgres":
        here.settle()
    wire.back(point.process, since=pid)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_every_row_has_one_outcome_whoever_is_killed(wire: Wire, point: Point) -> None:
    series = f"point {POINTS.index(point)}"
    file = wire.file(series, rows(point.rows, series=series))
    before = wire.count("registry", "results_report")
    answered = wire.count("counter", "screenings_screening", "outcome = 'recorded'")
    with held(wire, point) as here:
        importing = wire.importing(file)
        kill(wire, point, here, importing)
    wire.hurry()
    told = importing.told()
    if point.process in IMPORTS_AGAIN:
        assert told.rows == []
        told = wire.give(file)
    assert len(told.rows) == point.rows
    assert set(told.outcomes) <= {"recorded", "duplicate"}
    wire.until(lambda: wire.pending() == 0, what="an outcome for every row")
    assert wire.count("registry", "results_report") == before + point.rows
    assert wire.count("counter", "screenings_screening", "outcome = 'recorded'") == answered + point.rows
    assert wire.give(file).counts == {"duplicate": point.rows}


def test_a_job_that_a_killed_worker_left_behind_blocks_nothing(wire: Wire) -> None:
    point = Point("relay: job taken, not begun", "counter-worker", "counter", "procrastinate_jobs", RELAY_BEGUN, committed=True)
    with held(wire, point) as here:
        importing = wire.importing(wire.file("left", rows(1, series="left")))
        kill(wire, point, here, importing)
    assert importing.told().outcomes == ["recorded"]
    left_behind = "status = 'doing' and task_name = 'counter.relay'"
    assert wire.count("counter", "procrastinate_jobs", left_behind) >= 1
    assert wire.give(wire.file("next", rows(1, series="next"))).outcomes == ["recorded"]
