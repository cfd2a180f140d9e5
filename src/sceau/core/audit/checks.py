"""What `sceau audit verify` looks at beside the log itself: rows in clear, against what the log says of them.

A domain registers its checks when it is loaded (`AppConfig.ready`); this module knows none of them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

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


def compared(kind: str, rows: Iterable[State], *, keyholder: Signer, progress: Progress, rows_are: str = "row") -> Iterator[str]:
    """Each subject of that kind whose rows are not as the log says, in either direction."""
    told = dict[str, State]()
    for state, attested in known(kind, keyholder=keyholder):
        if attested:
            told[state.subject] = state
        else:
            yield f"{state.subject}: an entry of the log that the keyholder did not attest"
    for number, row in enumerate(rows, 1):
        yield from _differs(told.pop(row.subject, None), row, rows_are)
        progress(number)
    yield from (_deleted(one, one.rows, rows_are) for one in told.values() if one.rows)


def _differs(told: State | None, row: State, rows_are: str) -> Iterator[str]:
    count = told.rows if told else 0
    if row.rows > count:
        yield f"{row.subject}: {row.rows - count} {rows_are}(s) inserted that the log does not know"
    elif told and row.rows < count:
        yield _deleted(told, count - row.rows, rows_are)
    elif told and row.digest != told.digest:
        yield f"{row.subject}: {rows_are}(s) changed since the log was told of them"


def _deleted(told: State, count: int, rows_are: str) -> str:
    return f"{told.subject}: {count} {rows_are}(s) deleted that the log knows"
