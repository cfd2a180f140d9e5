"""What processes cost, read from /proc: CPU seconds and memory, each with all of its descendants."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_MIB = 1024


class Memory(NamedTuple):
    """MiB of the largest single process of a tree: resident, and its share (PSS: what is shared is divided among the sharers)."""

    resident: float
    share: float


def family(pid: int) -> Iterator[int]:
    """A process and its descendants."""
    yield pid
    for task in _children(pid):
        yield from family(task)


def cpu(pid: int) -> float:
    """Seconds that a process and its descendants have used, those it has waited for included."""
    return sum(_ticks(one) for one in family(pid)) / _TICKS


def seconds(processes: Mapping[str, int]) -> dict[str, float]:
    return {name: cpu(pid) for name, pid in processes.items()}


def memory(pid: int) -> Memory:
    told = [_memory(one) for one in family(pid)]
    return Memory(max(one.resident for one in told), max(one.share for one in told))


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]
    except OSError:
        return []


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(field) for field in fields[11:15])


def _memory(pid: int) -> Memory:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return Memory(0.0, 0.0)
    told = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return Memory(told.get("Rss", 0) / _MIB, told.get("Pss", 0) / _MIB)
