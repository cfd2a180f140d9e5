"""Drill 21: XML, archives, deep and wide JSON, lines of fifty megabytes: answered at once, by a process that stays as it was."""

import gzip
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sceau.exposure.drills.drill import Drill, Finding, Played, must
from sceau.exposure.drills.plain import TYPES, refused, taken, ways
from sceau.exposure.drills.temporary import descendants
from sceau.exposure.drills.world import World

PATIENCE, MOST_MEMORY = 20.0, 600
_MB = 1_000_000
_ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "%s"><!ENTITY c "%s">]><a>&c;</a>'
BOMBS = {
    "XML entities": _ENTITIES % (b"x" * 1_000, b"&b;" * 100_000),
    "an archive": b"PK\x03\x04" + bytes(1_000),
    "compressed JSON": gzip.compress(b"{" + b" " * 10 * _MB + b"}"),
    "deep JSON": b'{"a":' * 200_000,
    "deep lists": b"[" * _MB,
    "wide JSON": b'{"resourceType":"Bundle","entry":[' + b"{}," * (3 * _MB) + b"{}]}",
    "many lines": b"{}\n" * 2 * _MB,
    "a line of 50 MB": b"MSH|^~\\&|" + b"x" * 50 * _MB,
    "a segment of 3 MB": b"MSH|^~\\&|LAB|X||||||ORU^R01|1|P|2.5.1\rPID|" + b"x" * 3 * _MB,
    "line ends": b"MSH|^~\\&|\r" + b"\r" * 3 * _MB,
    "a cell of 3 MB": b"numero_dossier;statut\n" + b"x" * 3 * _MB,
    "a mark that never closes": b'a;b\n"' + b"x\n" * _MB,
    "separators": b";" * 3 * _MB,
}


def play(world: World) -> Played:
    before = _processes(world)
    findings = [found for name, bomb in BOMBS.items() for found in _thrown(world, name, bomb)]
    findings += must(_processes(world) == before, "a door's process died")
    largest = max(resident(pid) for process in before for pid in (process, *descendants(of=process)))
    findings += must(largest < MOST_MEMORY, f"a door's process has {largest} MB")
    obtained = (
        f"{len(BOMBS)} bombs at {len(TYPES) + 1} doors: each refused within {PATIENCE:.0f} s, no process above {largest} MB"
    )
    return Played(obtained, findings, [taken(world.laboratory, first=2_100)])


def _thrown(world: World, name: str, bomb: bytes) -> Iterator[Finding]:
    for door, way in ways(world.laboratory).items():
        began = time.monotonic()
        yield from refused(world, f"{name} at {door}", partial(way, bomb))
        yield from must(time.monotonic() - began < PATIENCE, f"{name} at {door}: answered after {PATIENCE:.0f} s")


def _processes(world: World) -> list[int]:
    return [world.supervisor.pid(name) for name in ("registry-doors", "registry-mllp")]


def resident(pid: int) -> int:
    """Megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1_000


DRILL = Drill(21, "XML, archive and JSON bombs, lines of 50 MB, at the plain doors", play)
