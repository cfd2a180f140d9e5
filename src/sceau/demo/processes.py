"""Keeps a handful of child processes running: starts, watches, restarts and ends them.

Every child is tied to this process (`tied`): it ends with it, even by SIGKILL. One thread starts and reaps them all, since
the tie is to the thread that forks; callers may be in any thread. Signals go through pidfds, to processes started here and
to no other. It never reads what children write, except the end of the log of one that keeps dying.

Linux only (pidfd_open(2), prctl(2)).
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import connection
from types import FrameType, TracebackType
from typing import Self

import urllib3

from sceau.demo.child import Child

FIRST_DELAY = 0.2
LONGEST_DELAY = 5.0
SETTLED = 30.0
"""Seconds of life after which the next restart is quick again."""
AT_ONCE = 2.0
"""A child that lived less died at once; `TOO_OFTEN` such deaths in a row and it is given up."""
TOO_OFTEN = 5
_GLANCE, _PAUSE = 0.02, 2.0
# Below Linux's ephemeral range, so that no outgoing connection takes the port of a server that is being restarted.
_PORTS = range(20_000, 32_000)


class ChildFailed(RuntimeError):
    """A child cannot be kept running; the message ends with the last lines of its log."""


class NotReady(RuntimeError):
    """What was waited for did not come in time."""


@dataclass
class _Kept:
    child: Child
    wanted: bool = True
    process: subprocess.Popen[bytes] | None = None
    pidfd: int = -1
    since: float = 0.0
    due: float | None = 0.0
    delay: float = FIRST_DELAY
    early_deaths: int = 0
    killed_here: bool = False


class Supervisor:
    """Named children, kept running until `stop()` or the end of the `with` block.

    `deadline`: seconds a child has to end by itself before SIGKILL.
    """

    def __init__(self, *, deadline: float = 10.0) -> None:
        self._deadline = deadline
        self._kept: dict[str, _Kept] = {}
        self._changed = threading.Condition()
        self._failure: ChildFailed | None = None
        self._closing = False
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._keeper = threading.Thread(target=self._keep, name="supervisor", daemon=True)
        self._keeper.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self, child: Child) -> int:
        """Starts a child and keeps it running; its pid. It runs, which does not mean that it is ready."""
        with self._changed:
            if self._closing or child.name in self._kept:
                raise ValueError(f"{child.name}: already started, or the supervisor has stopped")
            kept = self._kept[child.name] = _Kept(child)
            self._ask()
            self._changed.wait_for(lambda: kept.since > 0 or not kept.wanted)
        self.check()
        return self.pid(child.name)

    def pid(self, name: str) -> int:
        """The pid of a child that runs now; `NotReady` while it waits for its restart."""
        with self._changed:
            process = self._kept[name].process
        if process is None:
            raise NotReady(f"{name} is not running")
        return process.pid

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Sends a running child a signal; its pid. One that dies of it is restarted, and this death is not held against it."""
        with self._changed:
            pid = self.pid(name)
            self._kept[name].killed_here = True
            self._signal(self._kept[name], number)
        return pid

    def restarted(self, name: str, *, since: int, deadline: float = 15.0) -> int:
        """Waits until a child runs under another pid than `since`; that pid."""

        def runs_anew() -> bool:
            process = self._kept[name].process
            return process is not None and process.pid != since

        self.wait_for(runs_anew, what=f"restart of {name}", deadline=deadline)
        return self.pid(name)

    def end(self, name: str) -> None:
        """Ends one child and forgets it; it may be started again. Its stop signal first, SIGKILL after the deadline."""
        with self._changed:
            kept = self._kept[name]
            kept.wanted, kept.due = False, None
            self._signal(kept, kept.child.stop_signal)
            # One that was frozen must run to hear it.
            self._signal(kept, signal.SIGCONT)
            if not self._changed.wait_for(lambda: kept.process is None, self._deadline):
                self._signal(kept, signal.SIGKILL)
                self._changed.wait_for(lambda: kept.process is None)
            del self._kept[name]

    def stop(self) -> None:
        """Ends all children, the last started first, and the supervisor itself. May be called again."""
        with self._changed:
            if not self._keeper.is_alive():
                return
            for kept in self._kept.values():
                kept.wanted, kept.due = False, None
            for name in reversed(list(self._kept)):
                self.end(name)
            self._closing = True
            self._ask()
        self._keeper.join()
        os.close(self._wake)

    def check(self) -> None:
        """Raises `ChildFailed` when a child was given up."""
        if self._failure is not None:
            raise self._failure

    def wait(self, *, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Blocks until a child is given up (raises `ChildFailed`), a signal handler raises, or all is stopped. `meanwhile` is called
        every two seconds or so.
        """
        while not self._ended_within(_PAUSE):
            meanwhile()
        self.check()

    def _ended_within(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._failure is not None or self._closing, seconds)

    def wait_for(self, ready: Callable[[], bool], *, what: str, deadline: float = 15.0) -> None:
        """Asks `ready` again and again until it holds; `ChildFailed` or, after `deadline` seconds, `NotReady`."""
        last = time.monotonic() + deadline
        while not ready():
            self.check()
            if time.monotonic() > last:
                raise NotReady(f"{what}: not ready after {deadline:g} s")
            with self._changed:
                self._changed.wait(_GLANCE)

    def wait_http(self, url: str, *, deadline: float = 15.0) -> None:
        """Waits until a GET of `url` is answered by a page or a redirection."""
        with urllib3.PoolManager(timeout=urllib3.Timeout(2.0), retries=False) as http:

            def answers() -> bool:
                try:
                    return http.request("GET", url, redirect=False).status < 400
                except urllib3.exceptions.HTTPError:
                    return False

            self.wait_for(answers, what=url, deadline=deadline)

    def _ask(self) -> None:
        os.eventfd_write(self._wake, 1)

    @staticmethod
    def _signal(kept: _Kept, number: signal.Signals) -> None:
        if kept.process is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(kept.pidfd, number)

    # From here on: the keeper's thread only.

    def _keep(self) -> None:
        while True:
            with self._changed:
                for kept in self._kept.values():
                    self._reap(kept)
                    self._start_if_due(kept)
                self._changed.notify_all()
                if self._closing:
                    return
                watched, pause = self._next()
            if self._wake in connection.wait(watched, pause):
                os.eventfd_read(self._wake)

    def _next(self) -> tuple[list[int], float | None]:
        """What to watch, and how long until a restart is due."""
        watched = [self._wake, *(kept.pidfd for kept in self._kept.values() if kept.process)]
        due = min((kept.due for kept in self._kept.values() if kept.due is not None), default=None)
        return watched, None if due is None else max(0.0, due - time.monotonic())

    def _start_if_due(self, kept: _Kept) -> None:
        if kept.due is None or kept.due > time.monotonic():
            return
        try:
            kept.process = kept.child.launch()
        except OSError as error:
            self._give_up(kept, f"cannot be started: {error}")
            return
        kept.pidfd = os.pidfd_open(kept.process.pid)
        kept.since, kept.due, kept.killed_here = time.monotonic(), None, False

    def _reap(self, kept: _Kept) -> None:
        if kept.process is None or not connection.wait([kept.pidfd], 0):
            return
        # Before it is reaped, while its number cannot be another's: whatever it leaves in its group holds ports and locks.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(kept.process.pid, signal.SIGKILL)
        status = kept.process.wait()
        os.close(kept.pidfd)
        kept.process = None
        if kept.wanted:
            self._after_death(kept, status)

    def _after_death(self, kept: _Kept, status: int) -> None:
        lived = time.monotonic() - kept.since
        kept.early_deaths = 0 if kept.killed_here or lived >= AT_ONCE else kept.early_deaths + 1
        if kept.early_deaths >= TOO_OFTEN:
            self._give_up(kept, f"died {TOO_OFTEN} times at once, the last time with status {status}")
            return
        if lived >= SETTLED:
            kept.delay = FIRST_DELAY
        kept.due = time.monotonic() + kept.delay
        kept.delay = min(kept.delay * 2, LONGEST_DELAY)

    def _give_up(self, kept: _Kept, why: str) -> None:
        kept.wanted, kept.due = False, None
        self._failure = ChildFailed(f"{kept.child.name} {why}; {kept.child.log}:\n{kept.child.last_lines()}")


def free_port() -> int:
    """A port that nothing listens on at 127.0.0.1 now. Nothing reserves it: bind it soon."""
    while True:
        port = random.choice(_PORTS)  # noqa: S311 - avoids collisions, hides nothing
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def port_or_another(wanted: int) -> int:
    """The wanted port, or a free one where something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
    return wanted


def exit_on_signals() -> None:
    """From now on SIGTERM, SIGINT and SIGHUP raise `SystemExit` in the main thread, so that `with` blocks end what they hold.

    The first one counts: later ones are ignored, and what is being ended is ended. Call it from the main thread.
    """
    heard = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def leave(number: int, _frame: FrameType | None) -> None:
        for each in heard:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for each in heard:
        # A command put in the background ignores SIGINT, one under nohup SIGHUP: they keep to that.
        if each is signal.SIGTERM or signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, leave)
