"""Each door under mutated input, as real processes: no answer of 5xx, nobody kept waiting, memory that does not grow.

    python benchmarks/fuzz.py [--seconds N] [--door fhir …] [--json]

Ten minutes a door unless told otherwise; seeded. Memory is that of the door's processes, by a line through the last half of its time.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import urllib3
from rich.console import Console

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import plain, spent
from benchmarks.figures import Figure, show
from benchmarks.intake import Sender
from benchmarks.mutations import mutated
from benchmarks.posting import Door
from benchmarks.reports import invented_reports
from benchmarks.running import passable_folder, running_stage

from sceau.core.codes.identifiers import Finess
from sceau.core.sealing.framing import CONTENT_TYPE, join
from sceau.demo.laboratory import Laboratory
from sceau.demo.stage import FINESS, Stage

SECONDS, PATIENCE, SLOPE = 600.0, 10.0, 1.0
VECTORS = Path(__file__).resolve().parents[1] / "tests" / "vectors"
SAMPLE = Path(__file__).resolve().parents[1] / "src" / "sceau" / "demo" / "samples" / "depistages.csv"
HTTP = {"fhir": "application/fhir+json", "hl7v2": "application/hl7-v2", "csv": "text/csv"}
PROCESSES = dict.fromkeys(HTTP, "registry-doors") | {"mllp": "registry-mllp", "sealed": "registry-web"}
"""By door: the process that answers there."""


class Seen(NamedTuple):
    """How many were sent and answered by a 5xx or not at all, the slowest, and memory in MiB by second."""

    sent: int
    failed: int
    slowest: float
    memory: list[tuple[float, float]]


class Senders(NamedTuple):
    """Who sends plain, and who sends sealed."""

    plain: Laboratory
    sealed: Sender


def seeds(senders: Senders, door: str) -> list[bytes]:
    """True input of that door."""
    if door == "sealed":
        return _bodies(senders.sealed)
    if door == "csv":
        return [SAMPLE.read_bytes()]
    folder = VECTORS / ("fhir" if door == "fhir" else "hl7v2")
    made = plain.tests(Finess(FINESS), first=0, count=2)
    return [*(file.read_bytes() for file in sorted(folder.iterdir())), (plain.lines if door == "fhir" else plain.messages)(made)]


def _bodies(sender: Sender) -> list[bytes]:
    """A body of one envelope, and one of three, the last of five reports."""
    reports = list(invented_reports(7, finess=sender.finess, at=datetime.now(UTC), seed=1))
    envelopes = [sender.seal(reports[first:last]).data for first, last in ((0, 1), (1, 2), (2, 7))]
    return [join(envelopes[:1]), join(envelopes)]


def sending(senders: Senders, door: str) -> Callable[[bytes], bool]:
    """What sends one body and says whether it was answered as it should be."""
    if door == "sealed":
        opened = senders.sealed.door()
        return lambda body: _status(opened, body) < 500
    if door in HTTP:
        return lambda body: bool(senders.plain.post(f"/{door}", body, HTTP[door]).status < 500)
    return lambda body: _block(senders.plain, body)


def _status(door: Door, body: bytes) -> int:
    headers = {"Authorization": door.bearer(), "Content-Type": CONTENT_TYPE}
    address = f"http://localhost:{door.port}/v1/envelopes"
    return urllib3.request("POST", address, body=body, headers=headers, retries=False, timeout=PATIENCE).status


def _block(laboratory: Laboratory, body: bytes) -> bool:
    """Answered, or hung up on where the body itself ends the block."""
    return b"MSA|" in laboratory.exchange(body) or b"\x1c\r" in body


def fuzzed(senders: Senders, pid: int, *, door: str, seconds: float) -> Seen:
    dice, true, send = random.Random(door), seeds(senders, door), sending(senders, door)
    began, sent, failed, slowest, memory = time.perf_counter(), 0, 0, 0.0, list[tuple[float, float]]()
    while (now := time.perf_counter() - began) < seconds:
        if not memory or now - memory[-1][0] >= 1:
            memory.append((now, spent.resident(pid)))
        body, start = mutated(dice, true), time.perf_counter()
        failed += not send(body)
        sent, slowest = sent + 1, max(slowest, time.perf_counter() - start)
    return Seen(sent, failed, slowest, memory)


def slope(memory: list[tuple[float, float]]) -> float:
    """MiB a minute, by least squares over the last half."""
    half = memory[len(memory) // 2 :]
    at, of = sum(time for time, _ in half) / len(half), sum(size for _, size in half) / len(half)
    spread = sum((time - at) ** 2 for time, _ in half)
    return 60 * sum((time - at) * (size - of) for time, size in half) / spread if spread else 0.0


def measure(stage: Stage, senders: Senders, doors: list[str], seconds: float) -> Iterator[Figure]:
    senders.plain.start_mllp()
    for door in doors:
        pid = stage.supervisor.pid(PROCESSES[door])
        seen = fuzzed(senders, pid, door=door, seconds=seconds)
        yield Figure(f"fuzz.{door}.sent", seen.sent, "bodies", seconds)
        yield Figure(f"fuzz.{door}.failed", seen.failed, "bodies", 1.0)
        yield Figure(f"fuzz.{door}.slowest", seen.slowest, "s", PATIENCE)
        yield Figure(f"fuzz.{door}.memory", seen.memory[-1][1], "MiB", 600.0)
        yield Figure(f"fuzz.{door}.slope", slope(seen.memory), "MiB/min", SLOPE)
        if stage.supervisor.pid(PROCESSES[door]) != pid:
            raise RuntimeError(f"the process of {door} died")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each door")
    parser.add_argument("--door", action="append", choices=PROCESSES, help="again for several; none: all")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    Console(stderr=True).print(json.dumps({"name": "load", "value": os.getloadavg()}))
    with passable_folder() as folder, running_stage() as (stage, _):
        senders = Senders(Laboratory(stage, folder, finess=FINESS), Sender(stage))
        show(list(measure(stage, senders, asked.door or list(PROCESSES), asked.seconds)), as_json=asked.json)


if __name__ == "__main__":
    main()
