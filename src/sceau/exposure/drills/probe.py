"""What one operating-system user can get at: sockets that answer, files and folders that open, other processes' memories.

Run as a script by that user: `probe.py ASKED`, ASKED being JSON (`Asked`); prints the names of what it got, as a JSON list.
It imports the standard library only. It attaches to a process without stopping it (ptrace(2), PTRACE_SEIZE) and lets go at once.
"""

import ctypes
import json
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypedDict

_SEIZE = 0x4206
_PATIENCE = 10.0


class Asked(TypedDict):
    """Names of what is tried: sockets and files by path, processes by number; `question` is a whole frame, in hexadecimal."""

    question: str
    sockets: dict[str, str]
    files: dict[str, str]
    processes: dict[str, int]


def got(asked: Asked) -> list[str]:
    """What answered, opened or could be read."""
    found = [name for name, path in asked["sockets"].items() if _succeeds(partial(_answers, path, asked["question"]))]
    found += [name for name, path in asked["files"].items() if _succeeds(partial(_opens, path))]
    for name, pid in asked["processes"].items():
        found += [f"{part} of {name}" for part, act in _PARTS.items() if _succeeds(partial(act, pid))]
    return found


def _succeeds(act: Callable[[], bool]) -> bool:
    with suppress(OSError):
        return act()
    return False


def _answers(path: str, question: str) -> bool:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(_PATIENCE)
        asking.connect(path)
        asking.sendall(bytes.fromhex(question))
        return bool(asking.recv(1))


def _opens(path: str) -> bool:
    if os.path.isdir(path):
        os.listdir(path)
        return True
    with open(path, "rb") as file:
        file.read(1)
    return True


def _memory(pid: int) -> bool:
    """A page that is mapped, as /proc/PID/maps says."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        memory.seek(int(maps.readline().partition("-")[0], 16))
        return bool(memory.read(16))


def _trace(pid: int) -> bool:
    return bool(ctypes.CDLL(None).ptrace(_SEIZE, pid, 0, 0) == 0)


_PARTS: dict[str, Callable[[int], bool]] = {
    "memory": _memory,
    "environment": lambda pid: _opens(f"/proc/{pid}/environ"),
    "open files": lambda pid: _opens(f"/proc/{pid}/fd"),
    "tracing": _trace,
}
PARTS = tuple(_PARTS)


if __name__ == "__main__":
    json.dump(got(json.loads(sys.argv[1])), sys.stdout)
