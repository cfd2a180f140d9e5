"""The whole of it: the log against its checkpoints, then rows in clear against the log. What came of it is kept, for `sceau doctor`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from sceau.core.audit import verify
from sceau.core.audit.checkpoint import Signer
from sceau.core.audit.checks import CHECKS, MOST
from sceau.core.audit.models import Verification
from sceau.core.keyholder.service_verbs import Health, Told


class Looked(NamedTuple):
    """How many entries the log has, the root over them, and what is wrong: with the log, then with rows, by check."""

    entries: int
    root: bytes
    faults: list[str]


Progress = Callable[[str, int, int], None]


def look(keyholder: Signer, *, at: datetime, witnessed: Iterable[str] = (), progress: Progress = lambda *_: None) -> Looked:
    """`progress` gets what is checked, how far it is, and of how much. Raises `KeyholderError`."""
    told = keyholder.ask(Health())
    assert isinstance(told, Told)
    found = verify.verify(
        told.log_key,
        witnessed=witnessed,
        signed=(told.checkpoint, told.checkpoint_root),
        today=at.date(),
        progress=lambda done: progress("entries", done, told.checkpoint),
    )
    faults = [*found.faults, *_rows(keyholder, progress)]
    Verification.objects.create(at=at, entries=found.leaves, faults=len(faults))
    return Looked(found.leaves, found.root, faults)


def _rows(keyholder: Signer, progress: Progress) -> list[str]:
    faults: list[str] = []
    for check in CHECKS.values():
        total = check.total()
        faults += islice(check.faults(keyholder, partial(_tell, progress, check.name, total)), MOST)
    return faults


def _tell(progress: Progress, name: str, total: int, done: int) -> None:
    progress(name, done, total)
