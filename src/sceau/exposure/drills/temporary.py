"""Which temporary files the services write: files that their processes hold open, also without a name, and those left behind."""

import os
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

_EVERY = 0.01
_LARGEST = 8 << 20


class Watch:
    """Looks again and again, in a thread, at what this process's descendants hold open; `seen` is what each held last.

    The folder `since` and what lies in it is not temporary: it is searched for itself.
    """

    def __init__(self, *, since: Path) -> None:
        self.seen: dict[str, bytes] = {}
        self._folder, self._started = since.resolve(), time.time()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def left(self) -> dict[str, bytes]:
        """What lies in the machine's temporary folder since this began, apart from folders of runs like this one."""
        top = Path(tempfile.gettempdir())
        roots = [each for each in top.iterdir() if not each.name.startswith(("sceau-", "pytest-"))]
        files = (file for root in roots for file in ([root] if root.is_file() else root.glob("*")))
        return {str(file): data for file in files if (data := self._new(file))}

    def _new(self, file: Path) -> bytes:
        try:
            status = file.stat()
            fresh = stat.S_ISREG(status.st_mode) and status.st_mtime >= self._started and status.st_size <= _LARGEST
            return file.read_bytes() if fresh else b""
        except OSError:
            return b""

    def _look(self) -> None:
        while not self._stop.wait(_EVERY):
            for pid in descendants():
                self.glance(pid)

    def glance(self, pid: int) -> None:
        """Reads what one process holds open now; one that has ended holds nothing."""
        for descriptor in _descriptors(pid):
            try:
                self._read(Path(f"/proc/{pid}/fd/{descriptor}"), pid)
            except OSError:
                continue

    def _read(self, link: Path, pid: int) -> None:
        target = os.readlink(link)
        status = link.stat()
        if not stat.S_ISREG(status.st_mode) or not target.startswith("/") or not 0 < status.st_size <= _LARGEST:
            return
        if not target.startswith(f"{self._folder}{os.sep}") and status.st_mtime >= self._started:
            self.seen[f"{target} of process {pid}"] = link.read_bytes()


def descendants(of: int = 0) -> Iterator[int]:
    """The processes that this one, or that of a pid, started, and theirs, by pid."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)):
            children.setdefault(parent, []).append(int(entry.name))
    found = children.get(of or os.getpid(), [])
    for pid in found:
        found.extend(children.get(pid, []))
    yield from found


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _descriptors(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return []
