"""Who has the processor first. Somebody waits for a receipt; what is done with what was received may come after."""

import contextlib
import os
from pathlib import Path

BEHIND = 10


def step_back(group: Path = Path("/proc/self/autogroup")) -> None:
    """This process, and those it starts, have what others leave of the processor; all of it, when the others have nothing to do.

    Where Linux shares by sessions, a nice value counts within its own alone: there `group` is told as well (sched(7), "The autogroup
    feature"). It takes few changes a second; one that is not taken costs pace and nothing else.
    """
    os.nice(BEHIND)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            group.write_text(f"{BEHIND}\n")
