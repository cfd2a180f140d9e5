"""What keeps other processes of the same user out of a keyholder's memory, and its memory off the disk."""

import ctypes
import resource

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """No core file, no tracing, and /proc shows this process's memory and environment to nobody but root (prctl(2))."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE)")
