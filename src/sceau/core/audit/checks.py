"""What `sceau audit verify` looks at beside the log itself: rows in clear, against what the log says of them.

A domain registers its checks when it is loaded (`AppConfig.ready`); this module knows none of them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import models

from sceau.core.audit.checkpoint import Signer
from sceau.core.audit.states import State, known

Progress = Callable[[int], None]
CHECKS: dict[str, "Check"] = {}
MOST = 20


class Check(NamedTuple):
    """`faults` gives each thing that is wrong, in words, and tells how far it is; `total` is how far it goes."""

    name: str
    total: Callable[[], int]
    faults: Callable[[Signer, Progress], Iterator[str]]


def register(check: Check) -> None:
    """One check a name; registering it again replaces it."""
    CHECKS[check.name] = check


def compared(kind: str, rows: Iterable[State], *, keyholder: Signer, progress: Progress) -> Iterator[str]:
    """Each subject of that kind whose rows are not as the log says, in either direction."""
    told = dict[str, State]()
    for one in known(kind, keyholder=keyholder):
        if one.attested:
            told[one.state.subject] = one.state
        else:
            yield f"{one.state.subject}: an entry of the log that the keyholder did not attest"
    for number, row in enumerate(rows, 1):
        yield from _differs(told.pop(row.subject, None), row)
        progress(number)
    yield from (_deleted(one, one.rows) for one in told.values() if one.rows)


def _differs(told: State | None, row: State) -> Iterator[str]:
    count = told.rows if told else 0
    if row.rows > count:
        yield f"{row.subject}: {row.rows - count} inserted that the log does not know"
    elif told and row.rows < count:
        yield _deleted(told, count - row.rows)
    elif told and row.digest != told.digest:
        yield f"{row.subject}: changed since the log was told of it"


def _deleted(told: State, count: int) -> str:
    return f"{told.subject}: {count} deleted that the log knows"


def simple(kind: str, model: type[models.Model], state: Callable[[Any], State]) -> Check:
    """A check of a small table, each row told by itself."""
    rows = model._default_manager

    def faults(keyholder: Signer, progress: Progress) -> Iterator[str]:
        stored = (state(row) for row in rows.order_by("pk").iterator())
        return compared(kind, stored, keyholder=keyholder, progress=progress)

    return Check(kind, lambda: rows.count(), faults)
