"""Drill 18: the registry is away for hours; then everybody comes at once, and strangers with them.

What pharmacies recorded meanwhile waits at their counters, what laboratories could not send they send twice: each counts once.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sceau.core.report import csv, fhir, hl7v2
from sceau.core.report.model import ScreeningReport
from sceau.demo.browser import Browser
from sceau.exposure.drills.bombs import MOST_MEMORY, resident
from sceau.exposure.drills.canaries import TAKEN, file_of, newcomer, screening
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.importing import Importing
from sceau.exposure.drills.plain import MLLP, Answer, block, post, settled
from sceau.exposure.drills.plain import newcomer as tested
from sceau.exposure.drills.temporary import descendants
from sceau.exposure.drills.world import World

KEPT, PLAIN, STRANGERS, CALLERS = 3_000, 300, 400, 16
_KEPT_FROM, _PLAIN_FROM = 180_000, 189_000
PATIENCE = 120.0
_AWAY = ("web", "worker", "doors")
_REPORTS = "select count(*) from results_report"
_WAITING = "select count(*), count(*) filter (where problem is not null) from relay_envelope where state = 'waiting'"
_HOURS_LATER = """
update relay_envelope set created_at = created_at - interval '6 hours', next_attempt_at = now(), attempts = 90 where state = 'waiting'
"""
_EXPIRE = "update approvals_software set tokens_from = now()"
_PENDING = "select count(*) from screenings_screening where outcome = ''"
_DUE = "update relay_envelope set next_attempt_at = now() where state in ('waiting', 'received')"
_RELAY = """
select procrastinate_defer_jobs_v1(array[row('default', 'counter.relay', 0, null, null, '{}', null)::procrastinate_job_to_defer_v1])
"""


def play(world: World) -> Played:
    world.laboratory.token()
    settled(world)
    before = _reports(world)
    _leave(world)
    waiting, in_vain = _keep(world)
    world.sql("counter", _HOURS_LATER)
    world.sql("registry", _EXPIRE)
    _return(world)
    findings = list(_flood(world))
    _settle(world)
    came, wanted = _reports(world) - before, KEPT + 3 * PLAIN
    findings += must(came == wanted, f"{came} of {wanted} reports")
    largest = max(resident(pid) for pid in _processes(world))
    findings += must(largest < MOST_MEMORY, f"a process of the registry has {largest} MB")
    controls = [Control("what was recorded meanwhile had to wait", () if waiting and in_vain == waiting else ("an envelope",))]
    told = f"{KEPT} reports of six hours and {3 * PLAIN} sent plain twice, among {STRANGERS} calls of strangers"
    return Played(f"{told}: each counted once, no process above {largest} MB", findings, controls)


def _leave(world: World) -> None:
    world.supervisor.end("registry-mllp")
    for role in (*_AWAY, "keyholder"):
        world.supervisor.end(f"registry-{role}")


def _return(world: World) -> None:
    world.supervisor.start(world.stage.keyholder("registry"))
    world.stage.wait_keyholder("registry")
    for role in _AWAY:
        world.supervisor.start(world.stage.child("registry", role))
    for address in (world.stage.url("registry"), world.stage.doors_url):
        world.supervisor.wait_http(f"{address}/health", deadline=30)
    world.laboratory.start_mllp()


def _keep(world: World) -> tuple[int, int]:
    """What is recorded while nobody answers: how many envelopes wait, and of how many the relay tried in vain."""
    path = world.folder / "kept.csv"
    path.write_text(file_of([screening(newcomer()) for _ in range(KEPT)], first=_KEPT_FROM), encoding="utf-8")
    Importing.started(world.stage, path, wait=False).told()
    world.supervisor.wait_for(lambda: len(set(_waiting(world))) == 1, what="an attempt for each envelope", deadline=PATIENCE)
    return _waiting(world)


def _waiting(world: World) -> tuple[int, int]:
    ((all_of_them, in_vain),) = world.sql("counter", _WAITING)
    return all_of_them, in_vain


def _flood(world: World) -> Iterator[Finding]:
    """All at once; whoever sends plain does it twice, as one who heard no answer."""
    sent = _sent(world)
    world.sql("counter", _RELAY)
    with ThreadPoolExecutor(CALLERS) as pool:
        told = [(name, pool.submit(attempt)) for name, attempt in 2 * sent]
        strangers = [pool.submit(_stranger, world) for _ in range(STRANGERS)]
    refusals = {one.result() for one in strangers}
    yield from must(refusals == {401}, f"strangers were answered {sorted(refusals)}")
    for name, answer in told:
        yield from must(answer.result().taken, f"{name}: {answer.result().status}")


def _sent(world: World) -> list[tuple[str, Callable[[], Answer]]]:
    """What laboratories could not send meanwhile, in each form."""
    laboratory = world.laboratory
    laboratory.fresh()
    bodies = {"/fhir": _lines, MLLP: _batch, "/csv": _table}
    made = {door: write(list(_tests(nth))) for nth, (door, write) in enumerate(bodies.items())}
    ways = {door: partial(block, laboratory) if door == MLLP else partial(post, laboratory, door) for door in bodies}
    return [(door, partial(ways[door], body)) for door, body in made.items()]


def _tests(nth: int) -> Iterator[ScreeningReport]:
    first = _PLAIN_FROM + nth * PLAIN
    return (tested(first + more) for more in range(PLAIN))


def _lines(reports: list[ScreeningReport]) -> bytes:
    return b"".join(fhir.write(one) + b"\n" for one in reports)


def _batch(reports: list[ScreeningReport]) -> bytes:
    return hl7v2.write(reports, sender="LAB", at=TAKEN)


def _table(reports: list[ScreeningReport]) -> bytes:
    return "".join(csv.write(reports)).encode()


def _stranger(world: World) -> int:
    return Browser(world.stage.url("registry")).send("/v1/envelopes", b"{}", content_type="application/json").status


def _settle(world: World) -> None:
    """Until every row at the counter has its outcome, and everything in the inbox."""

    def done() -> bool:
        world.sql("counter", _DUE)
        return not world.sql("counter", _PENDING)[0][0]

    world.supervisor.wait_for(done, what="an outcome for every row", deadline=PATIENCE)
    settled(world)


def _processes(world: World) -> Iterator[int]:
    for name in ("web", "worker", "doors", "mllp", "keyholder"):
        pid = world.supervisor.pid(f"registry-{name}")
        yield from (pid, *descendants(of=pid))


def _reports(world: World) -> int:
    return int(world.sql("registry", _REPORTS)[0][0])


DRILL = Drill(18, "the registry away for hours, then everybody at once", play)
