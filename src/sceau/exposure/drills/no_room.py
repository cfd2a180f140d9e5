"""A disk that is full for one keyholder alone: the kernel lets no file of it grow (setrlimit(2), RLIMIT_FSIZE), its log's neither."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sceau.core.keyholder.run import JOURNAL
from sceau.demo.stage import Stage

_LIMIT = "prlimit"


@contextmanager
def full(stage: Stage, service: str, *, half: bool) -> Iterator[None]:
    """No room for the keyholder's next line; or for ten bytes of it."""
    size = journal_of(stage, service).stat().st_size
    _limit(stage, service, str(size + 10 if half else 0))
    try:
        yield
    finally:
        _limit(stage, service, "unlimited")


def journal_of(stage: Stage, service: str) -> Path:
    return stage.state(service) / JOURNAL


def _limit(stage: Stage, service: str, most: str) -> None:
    """How long a file of the keyholder's may become, told by its own user: nobody else may (prlimit(2))."""
    account, pid = stage.accounts.of(service, "keyholder"), stage.supervisor.pid(f"{service}-keyholder")
    who: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    subprocess.run([_LIMIT, "--pid", str(pid), f"--fsize={most}:"], check=True, **who)  # noqa: S603 - ours
