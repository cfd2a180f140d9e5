"""What a server that went before left in its data folder: postmaster.pid.

PostgreSQL refuses a folder while the process its lock file names is listed, and a dead process is listed until somebody
reaps it: init after a while, and the first process of many containers never. A lock is removed here on the proof PostgreSQL
itself asks for, that nothing is attached to the old server's shared memory, and never while its server lives.
"""

import contextlib
from pathlib import Path
from typing import NamedTuple

_SHARED_MEMORY_LINE = 6
_STATE, _FLAGS = 0, 6
_EXITING = 0x4
"""PF_EXITING of Linux's include/linux/sched.h."""


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
    serves = str(data).encode() in _proc(lock.pid, "cmdline").split(b"\0")  # the number may be another process's by now
    state = _state(lock.pid)  # read last: whoever is killed loses the command line first
    if state and state[_STATE] == b"Z":
        if _attached(lock.shared_memory):
            return False
        path.unlink(missing_ok=True)
        return True
    if state and int(state[_FLAGS]) & _EXITING:
        return False  # not reaped, nor to be reaped yet: PostgreSQL would still find it
    return not serves


def _read(path: Path) -> _Lock | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = path.read_text().splitlines()
        return _Lock(int(lines[0]), " ".join(lines[_SHARED_MEMORY_LINE:][:1]).split(" ")[-1])
    return None


def _state(pid: int) -> list[bytes]:
    """What /proc says of a process after its name in parentheses (proc(5)): its state comes first; empty when there is none."""
    return _proc(pid, "stat").rpartition(b") ")[2].split()


def _attached(identifier: str) -> bool:
    """Whether a process still uses the segment: columns key, shmid, perms, size, cpid, lpid, nattch."""
    rows = (line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:])
    return any(row[1] == identifier and row[6] != "0" for row in rows)


def _proc(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
