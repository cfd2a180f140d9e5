"""A process that holds keys is closed to other processes of its own user, by the kernel."""

import subprocess
import sys

import pytest

CLOSED, OPEN = "0", "1"
SAYS = "import ctypes, resource; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))"
HARDEN = "from sceau.core.keyholder.hardened import harden; harden()"
LARGE_CORES = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))"


@pytest.mark.parametrize(("before", "expected"), [(HARDEN, [CLOSED, "0", "0"]), ("pass", [OPEN, "1048576", "1048576"])])
def test_it_is_closed_and_leaves_no_core(before: str, expected: list[str]) -> None:
    """PR_GET_DUMPABLE (3) says whether others may trace it and read its memory."""
    done = subprocess.run([sys.executable, "-c", f"{LARGE_CORES}; {before}; {SAYS}"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == expected
