"""What a server that went before left in its data folder: postmaster.pid.

PostgreSQL refuses a folder while the process its lock file names is listed, and a dead process is listed until somebody
reaps it: init after a while, and the first process of many containers never. A lock is removed here on the proof PostgreSQL
itself asks for, that nothing is attached to the old server's shared memory, and never while its server lives.
"""

import contextlib
from pathlib import Path
from typing import NamedTuple

_SHARED_MEMORY_LINE = 6


class _Lock(NamedTuple):
    pid: int
    shared_memory: str
    """The SysV identifier, as /proc/sysvipc/shm writes it; empty when the server died before it wrote one."""


def clear(data: Path) -> bool:
    """Whether a server may start on `data` now; a lock whose server is dead and gone from memory is removed."""
    path = data / "postmaster.pid"
    lock = _read(path)
    if lock is None:
        return True
    if _is_zombie(lock.pid):
        if _attached(lock.shared_memory):
            return False
        path.unlink(missing_ok=True)
        return True
    # The number may be another process's by now.
    return str(data).encode() not in _proc(lock.pid, "cmdline").split(b"\0")


def _read(path: Path) -> _Lock | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = path.read_text().splitlines()
        return _Lock(int(lines[0]), " ".join(lines[_SHARED_MEMORY_LINE:][:1]).split(" ")[-1])
    return None


def _is_zombie(pid: int) -> bool:
    """By the state, which follows the command's name in parentheses (proc(5))."""
    return _proc(pid, "stat").rpartition(b") ")[2].startswith(b"Z")


def _attached(identifier: str) -> bool:
    """Whether a process still uses the segment: columns key, shmid, perms, size, cpid, lpid, nattch."""
    rows = (line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:])
    return any(row[1] == identifier and row[6] != "0" for row in rows)


def _proc(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
