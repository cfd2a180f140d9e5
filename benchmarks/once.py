"""Exactly once under fire: 4,000 rows while every process is killed, again and again, at random moments.

`python benchmarks/once.py [--scale X] [--json]`: the same number of rows is imported first in peace (the baseline), then with
SIGKILL for the import, the relay, the door, the intake and PostgreSQL, in random order, the file given again whenever its import
died. `lost` are rows without an outcome in the end, `double` reports at the registry beyond one a row. Exit 1 when there is any.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.wire.rows import rows
from tests.wire.wire import Wire

from sceau.demo import processes
from sceau.demo.processes import Supervisor, exit_on_signals
from sceau.demo.stage import Stage
from sceau.exposure.drills.importing import Importing

ROWS = 4_000
ROUNDS = 4
"""How often each victim is killed."""
VICTIMS = ("import", "counter-worker", "registry-web", "registry-worker", "postgres")
PAUSE = (0.1, 1.5)
"""Seconds between two kills."""
DEADLINE = 120.0

Figures = dict[str, float]


@contextmanager
def wire() -> Iterator[Wire]:
    folder = Path(tempfile.mkdtemp(prefix="sceau-once-"))
    folder.chmod(0o711)
    (folder / "files").mkdir()
    processes.LONGEST_DELAY = processes.FIRST_DELAY
    try:
        with Supervisor() as supervisor:
            stage = Stage(folder, supervisor)
            stage.start()
            yield Wire(stage, folder / "files")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measured(where: Wire, name: str, count: int, victims: list[str]) -> Figures:
    """Imports that many rows while the victims are killed one after the other; what came of it."""
    file = where.file(name, rows(count, series=name))
    reports, outcomes = where.count("registry", "results_report"), answered(where)
    begun = time.perf_counter()
    importing = where.importing(file, wait=False)
    for victim in victims:
        Event().wait(random.uniform(*PAUSE))
        importing = strike(where, victim, importing, file)
    finish(where, importing, file, count)
    seconds = time.perf_counter() - begun
    found, stored = answered(where) - outcomes, where.count("registry", "results_report") - reports
    lost, double = max(count - min(found, stored), 0), max(stored - count, 0)
    return {"rows": count, "outcomes": found, "lost": lost, "double": double, "seconds": round(seconds, 2)}


def answered(where: Wire) -> int:
    return where.count("counter", "screenings_screening", "outcome <> ''")


def strike(where: Wire, victim: str, importing: Importing, file: Path) -> Importing:
    """Kills one; gives the import that runs afterwards, which is another when it died."""
    if victim == "import":
        importing.kill()
    else:
        where.back(victim, since=where.stage.supervisor.kill(victim))
    where.hurry()
    if not importing.ended():
        return importing
    importing.told()
    return where.importing(file, wait=False)


def finish(where: Wire, importing: Importing, file: Path, count: int) -> None:
    """The file is given until it has been read to its end, and every screening has been answered; `NotReady` when that fails."""
    supervisor = where.stage.supervisor
    if len(importing.told().rows) < count:
        supervisor.wait_for(lambda: len(where.give(file, wait=False).rows) == count, what="the whole file", deadline=DEADLINE)
    where.hurry()
    supervisor.wait_for(lambda: where.pending() == 0, what="every outcome", deadline=DEADLINE)


def told(figures: Figures, calm: Figures) -> list[dict[str, object]]:
    units = {"seconds": "s"}
    return [
        {
            "name": f"once_{name}",
            "value": value,
            "unit": units.get(name, "rows"),
            "baseline": calm[name],
            "ratio": round(value / calm[name], 3) if calm[name] else None,
        }
        for name, value in figures.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 4,000 rows")
    parser.add_argument("--json", action="store_true", help="one JSON line a figure")
    chosen = parser.parse_args()
    exit_on_signals()
    count, victims = max(10, round(ROWS * chosen.scale)), list(VICTIMS) * (ROUNDS if chosen.scale >= 1 else 1)
    random.shuffle(victims)
    with wire() as where:
        calm = measured(where, "calm", count, [])
        killed = measured(where, "killed", count, victims)
    for line in told(killed, calm):
        print(json.dumps(line) if chosen.json else "{name}: {value} {unit} (in peace: {baseline})".format(**line))
    sys.exit(1 if killed["lost"] or killed["double"] else 0)


if __name__ == "__main__":
    main()
