"""Starts a command that ends with the process that started it, even when that one is killed outright.

Run as a script: `tied.py PARENT UID GID GROUPS SIGNAL CLOSED WAYS -- command…`. It takes the account (-1 keeps the caller's), asks
the kernel for SIGNAL at the parent's death (prctl(2), PR_SET_PDEATHSIG), and becomes the command: no process stays in between.
It imports the standard library only, so that it starts in an isolated interpreter, and it never comes back.

`WAYS` are what the account must reach although a folder that stands in the way (`CLOSED`) lets nobody pass, as a home does where
Python is installed. No permission is loosened: for this command alone, an empty folder is mounted over the closed one, with the
ways in it and nothing else (mount_namespaces(7)).

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
_CLONE_NEWNS = 0x20000
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_KEEP = -1
_CANNOT_RUN = 127
_LIBC = ctypes.CDLL(None, use_errno=True)


class Account(NamedTuple):
    """An operating-system user, its main group and its others, by number; and the ways that must be opened for it, with the
    folders that close them.
    """

    uid: int
    gid: int
    groups: tuple[int, ...] = ()
    closed: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()


def command(argv: Sequence[str], *, account: Account | None, at_death: signal.Signals) -> list[str]:
    """The arguments that run `argv` as `account` (None: as the caller), tied to the process that asks."""
    uid, gid, groups, closed, ways = account or Account(_KEEP, _KEEP)
    who = [str(uid), str(gid), ",".join(map(str, groups))]
    where = [os.pathsep.join(closed), os.pathsep.join(ways)]
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *who, str(int(at_death)), *where, "--", *argv]


def _become(account: Account) -> None:
    if account.uid == _KEEP:
        return
    if account.closed:
        _open_ways(account)
    os.setgroups(account.groups)
    os.setresgid(account.gid, account.gid, account.gid)
    os.setresuid(account.uid, account.uid, account.uid)


def _open_ways(account: Account) -> None:
    _must(_LIBC.unshare(_CLONE_NEWNS), "unshare")
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    held = {way: os.open(way, os.O_PATH) for way in account.ways}
    for folder in account.closed:
        _mount("tmpfs", folder, "tmpfs", 0, "mode=0711,size=1m")
    for way, descriptor in held.items():
        os.makedirs(way, exist_ok=True)
        _mount(f"/proc/self/fd/{descriptor}", way, "", _MS_BIND | _MS_REC)
        os.close(descriptor)


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    told = (each.encode() for each in (source, target, kind))
    _must(_LIBC.mount(*told, ctypes.c_ulong(flags), data.encode()), f"mount {target}")


def _must(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _tie(at_death: int, *, parent: int) -> None:
    _must(_LIBC.prctl(_PR_SET_PDEATHSIG, at_death, 0, 0, 0), "prctl(PR_SET_PDEATHSIG)")
    # The parent may have died before the kernel was asked.
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")


def _reset_signals() -> None:
    """What the caller ignores or blocks is not the command's business: it must hear the signal that ends it."""
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _account(uid: str, gid: str, groups: str, closed: str, ways: str) -> Account:
    numbers = tuple(int(each) for each in groups.split(",") if each)
    paths = (tuple(each for each in told.split(os.pathsep) if each) for told in (closed, ways))
    return Account(int(uid), int(gid), numbers, *paths)


def main(arguments: Sequence[str]) -> None:
    parent, uid, gid, groups, at_death, closed, ways = arguments[:7]
    argv = list(arguments[8:])
    try:
        _become(_account(uid, gid, groups, closed, ways))
        # After the change of account, which clears what was asked before it.
        _tie(int(at_death), parent=int(parent))
        _reset_signals()
        os.execvp(argv[0], argv)  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.stderr.write(f"cannot run {argv[0]}: {error}\n")
        sys.exit(_CANNOT_RUN)


if __name__ == "__main__":
    main(sys.argv[1:])
