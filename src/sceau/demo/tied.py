"""Starts a command that ends with the process that started it, even when that one is killed outright.

Run as a script: `tied.py PARENT UID GID SIGNAL -- command…`. It takes the account (-1 keeps the caller's), asks the kernel
for SIGNAL at the parent's death (prctl(2), PR_SET_PDEATHSIG), and becomes the command: no process stays in between.
It imports the standard library only, so that it starts in an isolated interpreter, and it never comes back.

The kernel watches the *thread* that forked, not its process: start a tied command from a thread that lives as long as the
command should. `Supervisor` has such a thread; elsewhere, use it for commands that the caller waits for.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from typing import NamedTuple

_PR_SET_PDEATHSIG = 1
_KEEP = -1
_CANNOT_RUN = 127


class Account(NamedTuple):
    """An operating-system user and its main group, by number."""

    uid: int
    gid: int


def command(argv: Sequence[str], *, account: Account | None, at_death: signal.Signals) -> list[str]:
    """The arguments that run `argv` as `account` (None: as the caller), tied to the process that asks."""
    uid, gid = account or (_KEEP, _KEEP)
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(uid), str(gid), str(int(at_death)), "--", *argv]


def _become(account: Account) -> None:
    if account.uid == _KEEP:
        return
    os.setgroups([])
    os.setresgid(account.gid, account.gid, account.gid)
    os.setresuid(account.uid, account.uid, account.uid)


def _tie(at_death: int, *, parent: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, at_death, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # The parent may have died before the kernel was asked.
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")


def _reset_signals() -> None:
    """What the caller ignores or blocks is not the command's business: it must hear the signal that ends it."""
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def main(arguments: Sequence[str]) -> None:
    parent, uid, gid, at_death = (int(each) for each in arguments[:4])
    argv = list(arguments[5:])
    try:
        _become(Account(uid, gid))
        # After the change of account, which clears what was asked before it.
        _tie(at_death, parent=parent)
        _reset_signals()
        os.execvp(argv[0], argv)  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.stderr.write(f"cannot run {argv[0]}: {error}\n")
        sys.exit(_CANNOT_RUN)


if __name__ == "__main__":
    main(sys.argv[1:])
