"""Every row once: real processes, killed by pid at named commit points. Each point has rows of its own, over 400 in all."""

import pytest
from tests.wire.rows import rows
from tests.wire.wire import Wire

from sceau.exposure.drills.holding import Held, held
from sceau.exposure.drills.importing import Importing
from sceau.exposure.drills.points import IMPORTS_AGAIN, POINTS, RELAY_BEGUN, Point


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
    with held(wire.stage, point) as here:
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
    with held(wire.stage, point) as here:
        importing = wire.importing(wire.file("left", rows(1, series="left")))
        kill(wire, point, here, importing)
    assert importing.told().outcomes == ["recorded"]
    left_behind = "status = 'doing' and task_name = 'counter.relay'"
    assert wire.count("counter", "procrastinate_jobs", left_behind) >= 1
    assert wire.give(wire.file("next", rows(1, series="next"))).outcomes == ["recorded"]
