"""The operating-system users of the demo's processes: one each, by number alone, where this process may give itself to others.

Only root may. The numbers (60 720 and on) are of a range that neither Debian nor systemd hands out
(systemd's "Users, Groups, UIDs and GIDs": 60 706 to 61 183, unused); no user is added, and a number that has a name here is not
taken. Two demos at once on one machine share the numbers, so each is separated from the other by its folder alone.
It never loosens the permissions of a folder: `tied` opens the way to Python where a closed home stands in it.
"""

import os
import pwd
import signal
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import sceau
from sceau.demo import programs, tied

FIRST = 60_720
SERVICES = ("counter", "registry")
SANDBOX = "sandbox"
"""A second registry, for the conformance bench, where one is wanted."""
_PLACES = (*SERVICES, SANDBOX)
ROLES = ("web", "worker", "owner", "keyholder", "workstation", "doors")
"""`owner` are the operator's commands; `workstation` is the pharmacy's own computer, where files are imported; `doors` keeps the
registry's plain doors.
"""
_OF_THE_SERVICE = ("web", "worker")
_PATIENCE = 30


class Separation(NamedTuple):
    """`lacking` says why all run under one user; empty where each process has its own."""

    lacking: str


class Accounts:
    """Who runs what. `of` is None where everything runs as the caller."""

    @cached_property
    def separation(self) -> Separation:
        """Tried for real: one of the users must be able to run this program."""
        if os.geteuid() != 0:
            return Separation("only root may give each process a user of its own")
        if taken := [number for number in range(FIRST, FIRST + len(_PLACES) * len(ROLES)) if _has_name(number)]:
            return Separation(f"the user number {taken[0]} has a name on this machine")
        return Separation(_trial(self._made("counter", "web")))

    def of(self, service: str, role: str) -> tied.Account | None:
        """The account of one process of a service."""
        return None if self.separation.lacking else self._made(service, role)

    def give(self, path: Path, *, to: tuple[str, str], mode: int, group: tuple[str, str] | None = None) -> Path:
        """Makes a file or a folder one process's own; `group` is the process whose group may read it as `mode` says."""
        path.chmod(mode)
        if owner := self.of(*to):
            shared = self.of(*group) if group else None
            os.chown(path, owner.uid, (shared or owner).gid)
        return path

    def _made(self, service: str, role: str) -> tied.Account:
        """Web and worker share a group, in which the operator's commands are too: what the service as a whole may read."""
        base = FIRST + _PLACES.index(service) * len(ROLES)
        uid = base + ROLES.index(role)
        closed, ways = self._ways
        shared = role in _OF_THE_SERVICE
        return tied.Account(uid, base if shared else uid, (base,) if role == "owner" else (), closed, ways)

    @cached_property
    def _ways(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The folders that close the way to Python and to this program, and what is reached through them."""
        told = {Path(sys.base_prefix), Path(sys.prefix), Path(sceau.__file__).parents[1]}
        stranger = tied.Account(FIRST, FIRST)
        met = ((path, programs.barrier(path, stranger)) for path in sorted(told | {path.resolve() for path in told}))
        closed = {path: barrier for path, barrier in met if barrier}
        return tuple(sorted({str(each) for each in closed.values()})), tuple(map(str, closed))


def _has_name(number: int) -> bool:
    try:
        pwd.getpwuid(number)
    except KeyError:
        return False
    return True


def _trial(account: tied.Account) -> str:
    """What keeps the account from running this program; empty when nothing does."""
    argv = tied.command([sys.executable, "-c", "import sceau"], account=account, at_death=signal.SIGTERM)
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=_PATIENCE)  # noqa: S603 - our own program
    why = done.stderr.strip().rpartition("\n")[2] or f"status {done.returncode}"
    return f"another user cannot run Python here ({why})" if done.returncode else ""
