"""How fast the registry takes in what is sent plain: HL7 v2 batches by MLLP, FHIR bundles of one test as NDJSON, to stored and cased.

    python benchmarks/doors.py [--scale X] [--json]

Real processes on this machine (`Stage`); the input is made beforehand. *End to end* is from the first byte sent until the last report
has its outcome; *answered*, until the last was answered and durable. The baseline is what is asked of each: 1,000 a second.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from rich.console import Console

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import plain, spent
from benchmarks.figures import Figure, show
from benchmarks.running import passable_folder, running_stage

from sceau.core.codes.identifiers import Finess
from sceau.demo.laboratory import Laboratory
from sceau.demo.sending import received
from sceau.demo.stage import FINESS, Stage

COUNT, BATCH, CLIENTS, ASKED = 20_000, 500, 2, 1_000.0
PROCESSES = {"doors": "registry-doors", "mllp": "registry-mllp", "keyholder": "registry-keyholder", "intake": "registry-worker"}
_LEFT = "select count(*) from intake_inboxenvelope where acknowledged_at is null"
_RECORDED = "select count(*) from results_report"


class Doors:
    """A laboratory at a registry that is up."""

    def __init__(self, stage: Stage, folder: Path, count: int) -> None:
        self.laboratory, self._stage, self._count = Laboratory(stage, folder, finess=FINESS), stage, count
        self.laboratory.start_mllp()
        self._database = stage.postgres.superuser_url("registry")

    def measure(self) -> Iterator[Figure]:
        yield from self._taken("hl7v2.mllp", self._bodies(0, plain.messages), self._by_mllp)
        yield from self._taken("fhir.ndjson", self._bodies(self._count, plain.lines), self._by_fhir)

    def _bodies(self, first: int, write: Callable[..., bytes]) -> list[bytes]:
        starts = range(first, first + self._count, BATCH)
        return [write(plain.tests(Finess(FINESS), first=start, count=BATCH)) for start in starts]

    def _taken(self, name: str, bodies: Sequence[bytes], send: Callable[[Sequence[bytes]], None]) -> Iterator[Figure]:
        before, recorded, began = self._spent(), self._ask(_RECORDED), time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(send, [bodies[nth::CLIENTS] for nth in range(CLIENTS)]))
        answered = time.perf_counter() - began
        self._stage.supervisor.wait_for(lambda: not self._ask(_LEFT), what="the intake", deadline=600)
        done = time.perf_counter() - began
        count = self._ask(_RECORDED) - recorded
        if count != len(bodies) * BATCH:
            raise RuntimeError(f"{count} of {len(bodies) * BATCH} were recorded")
        yield Figure(f"doors.{name}.end_to_end", count / done, "reports/s", ASKED)
        yield Figure(f"doors.{name}.answered", count / answered, "reports/s", ASKED)
        for process, used in self._spent().items():
            yield Figure(f"doors.{name}.cpu.{process}", (used - before[process]) / count * 1e6, "µs/report", 2e6 * done / count)

    def _by_mllp(self, bodies: Sequence[bytes]) -> None:
        with self.laboratory.connected(self.laboratory.client) as connection:
            for body in bodies:
                connection.sendall(b"\x0b" + body + b"\x1c\r")
                told = received(connection)
                if told.count(b"MSA|AA|") != BATCH:
                    raise RuntimeError("a message was refused")

    def _by_fhir(self, bodies: Sequence[bytes]) -> None:
        for body in bodies:
            told = self.laboratory.post("/fhir", body, "application/fhir+ndjson")
            if told.status != 200 or told.data.count(b"202 Accepted") != BATCH:
                raise RuntimeError("a bundle was refused")

    def _spent(self) -> dict[str, float]:
        pids = {name: self._stage.supervisor.pid(child) for name, child in PROCESSES.items()}
        return spent.seconds(pids) | {"clients": time.process_time()}

    def _ask(self, question: str) -> int:
        with psycopg.connect(self._database) as connection:
            return int((connection.execute(question.encode()).fetchone() or (0,))[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help=f"1: {COUNT} reports by each door")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    Console(stderr=True).print(json.dumps({"name": "load", "value": os.getloadavg()}))
    with passable_folder() as folder, running_stage() as (stage, _):
        count = max(2, round(COUNT * asked.scale / BATCH)) * BATCH
        show(list(Doors(stage, folder, count).measure()), as_json=asked.json)


if __name__ == "__main__":
    main()
