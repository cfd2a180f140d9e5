"""France's record day at the registry: 2,280,000 tests, through the door as sealed envelopes, to stored, matched and cased.

    python benchmarks/record_day.py [--scale X] [--json]

Real processes on this machine (`Stage`). The input is made and sealed beforehand (`day`), which is not measured. Half the envelopes
hold one report, half of the reports come in envelopes of 100 and more; each envelope is a call of its own. The day comes a million at
a time, each posted and awaited until nothing waits: what the second costs more than the first is what a fuller database costs. Then
comes a share of a day with one report an envelope. The baseline is pgbench: rows committed a second, one by one.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psycopg
from rich.console import Console
from rich.progress import Progress, TaskID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import day, spent
from benchmarks.figures import Figure, show
from benchmarks.intake import Baseline, Sender, pgbench
from benchmarks.posting import post_all
from benchmarks.running import progress_bar, running_stage

from sceau.core.sealing.framing import MOST_BYTES
from sceau.demo.processes import Supervisor
from sceau.demo.stage import Stage

TESTS, MILLION, PHARMACIES, CLIENTS = 2_280_000, 1_000_000, 3, 16
ALONE = 20
"""The share of a day that is posted with one report an envelope: one in so many."""
PROCESSES = {"door": "registry-web", "keyholder": "registry-keyholder", "intake": "registry-worker", "postgres": "postgres"}
_DEADLINE = 7_200.0
_LOOK = 0.2
"""Seconds between two looks whether anything waits: looking takes from what is measured."""
_LEFT = """
select exists (select from intake_inboxenvelope where state = 'waiting')
    or exists (select from intake_inboxenvelope where state = 'set-aside')
"""
"""By the two indexes that know them: whoever read the whole inbox at each look would be measured too."""
_WRITTEN = "select wal_bytes::float, pg_database_size(current_database())::float from pg_stat_wal"
_TOLD = "select outcome, count(*) from intake_inboxenvelope, unnest(outcomes) as outcome group by outcome"
_MADE = """
select (select count(*) from results_report), (select count(distinct person_id) from persons_identity),
       (select count(*) from persons_doubt), (select count(*) from cases_case)
"""


class Part(NamedTuple):
    """One part of the day, taken in: seconds until the last receipt and until nothing waited, and CPU seconds by process."""

    reports: int
    envelopes: int
    posted: float
    done: float
    cpu: dict[str, float]

    @property
    def used(self) -> float:
        """CPU seconds of the registry, without the clients'."""
        return sum(used for name, used in self.cpu.items() if name != "clients")


class Peak:
    """The most memory that one process of each kind had, looked at every second. A context."""

    def __init__(self, processes: dict[str, int]) -> None:
        self._processes, self._end = processes, threading.Event()
        self.most = dict.fromkeys(processes, 0.0)
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(1.0):
            for name, pid in self._processes.items():
                self.most[name] = max(spent.most(pid), self.most[name])


class RecordDay:
    """One run on a stage that is up."""

    def __init__(self, stage: Stage, supervisor: Supervisor, progress: Progress, files: Path) -> None:
        self._stage, self._supervisor, self._progress, self._files = stage, supervisor, progress, files
        self._senders = [Sender(stage, number=number) for number in range(1, PHARMACIES + 1)]
        self._database = stage.postgres.superuser_url("registry")

    def processes(self) -> dict[str, int]:
        return {name: self._supervisor.pid(child) for name, child in PROCESSES.items()}

    def made(self) -> tuple[int, int, int, int]:
        """Reports, persons, doubts and cases in the database."""
        with psycopg.connect(self._database) as connection:
            reports, persons, doubts, cases = connection.execute(_MADE).fetchone() or (0, 0, 0, 0)
        return reports, persons, doubts, cases

    def outcomes(self) -> dict[str, int]:
        with psycopg.connect(self._database) as connection:
            return dict(connection.execute(_TOLD).fetchall())

    def take(self, what: str, *, first: int, count: int, alone: bool) -> Part:
        """Makes, then posts and awaits so many tests."""
        asked = day.chunks(
            [one.pen() for one in self._senders], first=first, count=count, at=datetime.now(UTC), alone=alone, folder=self._files
        )
        sealing = self._progress.add_task(f"seal {what}", total=len(asked))
        envelopes = 0
        for number in day.seal_all(asked, processes=os.cpu_count() or 1):
            envelopes += number
            self._progress.advance(sealing)
        part = self._measured(what, asked, envelopes, count)
        for one in asked:
            one.file.unlink()
        return part

    def _measured(self, what: str, asked: Sequence[day.Chunk], envelopes: int, count: int) -> Part:
        task, before, began = self._progress.add_task(f"post {what}", total=envelopes), self._spent(), time.perf_counter()
        calls = _calls(asked, lambda envelopes: self._progress.advance(task, envelopes))
        post_all(self._senders[0].door(), calls, clients=CLIENTS, each=int)
        posted = time.perf_counter() - began
        self._wait(self._progress.add_task(f"take in {what}", total=None))
        done = time.perf_counter() - began
        return Part(count, envelopes, posted, done, {name: used - before[name] for name, used in self._spent().items()})

    def written(self) -> tuple[float, float]:
        """Bytes of write-ahead log so far, and of the database."""
        with psycopg.connect(self._database) as connection:
            wal, size = connection.execute(_WRITTEN).fetchone() or (0.0, 0.0)
        return wal, size

    def _wait(self, task: TaskID) -> None:
        due = time.monotonic()
        with psycopg.connect(self._database, autocommit=True) as connection:

            def empty() -> bool:
                nonlocal due
                if time.monotonic() < due:
                    return False
                due = time.monotonic() + _LOOK
                return connection.execute(_LEFT).fetchone() == (False,)

            self._supervisor.wait_for(empty, what="the intake", deadline=_DEADLINE)
        self._progress.update(task, total=1, completed=1)

    def _spent(self) -> dict[str, float]:
        return spent.seconds(self.processes()) | {"clients": time.process_time()}


def _calls(asked: Sequence[day.Chunk], told: Callable[[int], object]) -> Iterator[list[bytes]]:
    """Every envelope of these files, each as a call; `told` hears of each file how many there were."""
    for chunk in asked:
        count = 0
        with chunk.file.open("rb") as file:
            while head := file.read(4):
                length = int.from_bytes(head, "big")
                assert length <= MOST_BYTES
                yield [file.read(length)]
                count += 1
        told(count)


@contextmanager
def _folder() -> Iterator[Path]:
    name = Path(tempfile.mkdtemp(prefix="sceau-day-"))
    try:
        yield name
    finally:
        shutil.rmtree(name, ignore_errors=True)


def measure(scale: float) -> Iterator[Figure]:
    """Every figure of a run; `scale` 1 is the whole day."""
    day_of, million = max(1_000, round(TESTS * scale)), max(400, round(MILLION * scale))
    with running_stage() as (stage, supervisor), progress_bar() as progress, _folder() as files:
        baseline = pgbench(stage, seconds=10 if scale >= 0.1 else 3)
        run = RecordDay(stage, supervisor, progress, files)
        with Peak(run.processes()) as peak:
            before, _ = run.written()
            parts = [
                run.take(f"million {nth}", first=first, count=min(million, day_of - first), alone=False)
                for nth, first in enumerate(range(0, day_of, million), 1)
            ]
            yield from _told(parts, baseline)
            yield from _stored(run, baseline)
            wal, size = run.written()
            yield Figure("record_day.wal", (wal - before) / day_of, "bytes/report", size / day_of)
            alone = run.take("one by one", first=day_of, count=max(500, day_of // ALONE), alone=True)
        yield from _one_by_one(alone, baseline)
        yield from (Figure(f"record_day.rss.{name}", most, "MiB", 600.0) for name, most in peak.most.items())


def _told(parts: Sequence[Part], baseline: Baseline) -> Iterator[Figure]:
    first, second, *_ = parts
    reports, envelopes = sum(one.reports for one in parts), sum(one.envelopes for one in parts)
    done, posted = sum(one.done for one in parts), sum(one.posted for one in parts)
    yield Figure("record_day.reports", reports / done, "reports/s", baseline.rate)
    yield Figure("record_day.envelopes", envelopes / posted, "envelopes/s", baseline.rate)
    yield Figure("record_day.reports_an_envelope", reports / envelopes, "reports", 1.0)
    yield Figure("record_day.seconds", done, "s", 360.0 * reports / TESTS)
    yield Figure("record_day.whole_day", TESTS * done / reports, "s", 360.0)
    yield Figure("record_day.second_million.seconds", second.done, "s", first.done)
    yield Figure("record_day.second_million.cpu", second.used, "s", first.used)
    for name in first.cpu:
        yield Figure(f"record_day.second_million.cpu.{name}", second.cpu[name], "s", first.cpu[name])
    for name in first.cpu:
        yield Figure(
            f"record_day.cpu.{name}", sum(one.cpu[name] for one in parts) / reports * 1e6, "µs/report", 2e6 * done / reports
        )
    idle = 1 - sum(sum(one.cpu.values()) for one in parts) / (done * (os.cpu_count() or 1))
    yield Figure("record_day.idle", idle, "of all cores' time", 1.0)


def _stored(run: RecordDay, baseline: Baseline) -> Iterator[Figure]:
    """What came of it: every report has an outcome, refused ones would be an error of the input."""
    reports, persons, doubts, cases = run.made()
    outcomes = run.outcomes()
    if outcomes.get("refused") or sum(outcomes.values()) != reports:
        raise RuntimeError(f"not every report was stored: {reports} of {outcomes}")
    named = {"persons": persons, "doubts": doubts, "cases": cases, **outcomes}
    yield from (Figure(f"record_day.stored.{name}", count, "rows", reports) for name, count in named.items())


def _one_by_one(part: Part, baseline: Baseline) -> Iterator[Figure]:
    yield Figure("record_day.one_by_one.accepted", part.envelopes / part.posted, "envelopes/s", baseline.rate)
    yield Figure("record_day.one_by_one.reports", part.reports / part.done, "reports/s", baseline.rate)
    yield Figure("record_day.one_by_one.whole_day", TESTS * part.done / part.reports, "s", 360.0)
    yield from (
        Figure(f"record_day.one_by_one.cpu.{name}", used / part.reports * 1e6, "µs/report", 2e6 * part.done / part.reports)
        for name, used in part.cpu.items()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="1: the whole day, 2,280,000 tests")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    Console(stderr=True).print(json.dumps({"name": "load", "value": os.getloadavg()}))
    show(list(measure(asked.scale)), as_json=asked.json)


if __name__ == "__main__":
    main()
