"""Drill 19: at each commit point of a result's way a process is killed, and a commit fails; and each keyholder's disk is full.

Whatever broke off, every row has its one outcome in the end, and the registry counts it once.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sceau.core.keyholder import journal
from sceau.demo.stage import SERVICES
from sceau.exposure.drills.canaries import file_of, newcomer, screening
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.holding import DEADLINE, failing, held
from sceau.exposure.drills.importing import Importing
from sceau.exposure.drills.no_room import full, journal_of
from sceau.exposure.drills.points import FAILING, POINTS, Point
from sceau.exposure.drills.world import World

_NUMBERS_FROM, _APART = 190_000, 1_000
_REPORTS = "select count(*) from results_report"
_RECORDED = "select count(*) from screenings_screening where outcome = 'recorded'"
_PENDING = "select count(*) from screenings_screening where outcome = ''"
_ASIDE = "select count(*) from intake_inboxenvelope where state = 'set-aside'"
_DUE = "update relay_envelope set next_attempt_at = now() where state in ('waiting', 'received')"
_SWEEP = "select procrastinate_defer_jobs_v1(array[row('default', %s, 0, null, null, '{}', null)::procrastinate_job_to_defer_v1])"
_JOBS = {"counter": "counter.relay", "registry": "registry.intake"}
_NO_ROOM = "its disk is full"
Break = Callable[[World, Path], None]


def play(world: World) -> Played:
    files = _Files(world)
    before = [verified(world, service) for service in SERVICES]
    findings = [found for what, way, rows in _ways() for found in _broken(world, what, way, files.next(rows), rows)]
    findings += must(not world.sql("registry", _ASIDE)[0][0], "an envelope was set aside")
    grown = [service for nth, service in enumerate(SERVICES) if verified(world, service) > before[nth]]
    calm = list(_broken(world, "nothing", _undisturbed, files.next(1), 1))
    controls = [
        Control("a row is counted when nothing breaks", tuple(found.what for found in calm)),
        Control("the keyholders' journals went on and are whole", tuple(set(SERVICES) - set(grown))),
    ]
    told = f"{len(POINTS)} processes killed, {len(FAILING)} commits that failed, {2 * len(SERVICES)} full disks"
    return Played(f"{told}: {files.rows} rows, each with one outcome, counted once", findings, controls)


def verified(world: World, service: str) -> int:
    """How many lines a keyholder's journal has; raises where one does not follow from the one before."""
    return journal.verify(journal_of(world.stage, service)).entries


class _Files:
    """Files of newcomers, whose numbers are like no other's."""

    def __init__(self, world: World) -> None:
        self._world, self._made, self.rows = world, 0, 0

    def next(self, rows: int) -> Path:
        first, self.rows = _NUMBERS_FROM + _APART * self._made, self.rows + rows
        self._made += 1
        path = self._world.folder / "broken.csv"
        path.write_text(file_of([screening(newcomer()) for _ in range(rows)], first=first), encoding="utf-8")
        return path


def _ways() -> Iterator[tuple[str, Break, int]]:
    """What breaks, how, and how many rows it takes for that."""
    for point in POINTS:
        yield f"killed at {point.name}", partial(_killed, point), point.rows
    for point in FAILING:
        yield f"a commit that fails at {point.name}", partial(_failed, point), point.rows
    for service in SERVICES:
        for half in (False, True):
            yield f"the {service}'s keyholder without room", partial(_without_room, service, half), 5


def _broken(world: World, what: str, way: Break, file: Path, rows: int) -> Iterator[Finding]:
    """Gives the file while something breaks, and again when all is well: every row has its outcome, and each counts once."""
    counted, recorded = world.sql("registry", _REPORTS)[0][0], world.sql("counter", _RECORDED)[0][0]
    way(world, file)
    _again(world)
    told = Importing.started(world.stage, file).told()
    world.supervisor.wait_for(lambda: _settled(world), what=f"an outcome for every row: {what}", deadline=DEADLINE)
    yield from must(set(told.outcomes) <= {"recorded", "duplicate"} and len(told.rows) == rows, f"{what}: a row without outcome")
    yield from must(world.sql("registry", _REPORTS)[0][0] == counted + rows, f"{what}: lost or counted twice")
    yield from must(world.sql("counter", _RECORDED)[0][0] == recorded + rows, f"{what}: not told")


def _settled(world: World) -> bool:
    world.sql("counter", _DUE)
    return not world.sql("counter", _PENDING)[0][0]


def _again(world: World) -> None:
    """What the workers' sweep does within a minute, at once."""
    world.sql("counter", _DUE)
    for service, job in _JOBS.items():
        world.sql(service, _SWEEP, job)


def _killed(point: Point, world: World, file: Path) -> None:
    supervisor = world.supervisor
    with held(world.stage, point) as here:
        importing = Importing.started(world.stage, file, wait=False)
        here.wait()
        if point.process == "import":
            importing.kill()
            here.settle()
        else:
            since = supervisor.kill(point.process)
            here.settle() if point.process != "postgres" else None
            supervisor.restarted(point.process, since=since, deadline=DEADLINE)
    importing.told()
    _answers(world, point.process)


def _answers(world: World, process: str) -> None:
    world.stage.postgres.wait_ready(world.supervisor, deadline=DEADLINE)
    if process.endswith("-web"):
        world.supervisor.wait_http(f"{world.stage.url(process.removesuffix('-web'))}/health", deadline=DEADLINE)


def _failed(point: Point, world: World, file: Path) -> None:
    with failing(world.stage, point):
        importing = Importing.started(world.stage, file, wait=False)
    importing.told()


def _without_room(service: str, half: bool, world: World, file: Path) -> None:
    """The counter's cannot unlock the workstation, so that the import says so; the registry's lets envelopes wait."""
    before, log = world.sql("registry", _REPORTS), world.stage.folder / "registry-worker.log"
    said = log.read_text().count(_NO_ROOM)
    with full(world.stage, service, half=half):
        Importing.started(world.stage, file, wait=False).told()
        if service == "registry":
            world.supervisor.wait_for(lambda: log.read_text().count(_NO_ROOM) > said, what="word of the wait", deadline=DEADLINE)
    if world.sql("registry", _REPORTS) != before:
        raise RuntimeError("the disk was not full")


def _undisturbed(_world: World, _file: Path) -> None:
    pass


DRILL = Drill(19, "kill -9, a failing commit at every commit point, a full disk", play)
