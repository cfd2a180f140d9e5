"""What processes cost, read from /proc: CPU seconds and memory, each with all of its descendants."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_MIB = 1024


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


def resident(pid: int) -> float:
    """MiB of the largest single process of a tree now, what it shares with others counted whole."""
    return max(_memory(one, "VmRSS") for one in family(pid))


def most(pid: int) -> float:
    """The same of each at its largest: the kernel keeps that, so that looking seldom misses short-lived processes alone."""
    return max(_memory(one, "VmHWM") for one in family(pid))


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


def _memory(pid: int, field: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / _MIB for line in lines if line.startswith(f"{field}:")), 0.0)
