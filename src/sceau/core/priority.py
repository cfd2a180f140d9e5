"""Who has the processor first. Somebody waits for a receipt; what is done with what was received may come after."""

import os
import time
from pathlib import Path

BEHIND = 10
_TRIES, _PAUSE = 5, 0.12


def step_back(group: Path = Path("/proc/self/autogroup")) -> None:
    """This process, and those it starts, have what others leave of the processor; all of it, when the others have nothing to do.
    `group` is where Linux is told so of a whole session.
    """
    os.nice(BEHIND)
    if os.getsid(0) == os.getpid():
        _step_back_as_session(group)


def _step_back_as_session(group: Path) -> None:
    """Where Linux shares by sessions, a nice value counts within its own alone (sched(7), "The autogroup feature"). Its way of telling
    takes one change every tenth of a second, of all users together.
    """
    for _ in range(_TRIES):
        try:
            group.write_text(f"{BEHIND}\n")
        except BlockingIOError:
            time.sleep(_PAUSE)
        except OSError:
            return
        else:
            return
