"""A child process as it is described: what runs, as whom, where it writes.

It knows how to start, never when: `processes` decides. Its log is appended to, readable by its owner only, never through a
symbolic link.
"""

import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sceau.demo import tied

_LOG_LINES = 20


@dataclass(frozen=True, kw_only=True)
class Child:
    """One process to keep running. `env` is its whole environment (None: the caller's)."""

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    account: tied.Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    """Ends it when it is asked to stop, and when this process dies."""

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts it, tied to this thread's process, in a session and a group of its own."""
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            return subprocess.Popen(  # noqa: S603 - no shell; the arguments are the supervisor's user's
                tied.command(self.argv, account=self.account, at_death=self.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
            )
        finally:
            os.close(log)

    def last_lines(self) -> str:
        """The end of its log, for the person who must find out why it dies."""
        try:
            with self.log.open(encoding="utf-8", errors="replace") as lines:
                return "".join(deque(lines, maxlen=_LOG_LINES)).rstrip() or "(nothing written)"
        except OSError as error:
            return f"(no log: {error})"
