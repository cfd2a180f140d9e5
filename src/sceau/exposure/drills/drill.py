"""The shape of a drill: what it is called, how it is played, and what came of it.

A drill holds when nothing was found that should not be, and every control shows that it would have been. It never passes
for want of running: an exception, or a control that misses something, is `could-not-run`, and counts as a failure.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sceau.exposure.drills.search import Hit
    from sceau.exposure.drills.world import World


class Verdict(StrEnum):
    HELD = "held"
    FAILED = "failed"
    COULD_NOT_RUN = "could-not-run"


class Finding(NamedTuple):
    """Something that the attack gave and should not have: what, and where."""

    what: str
    where: str


class Control(NamedTuple):
    """The same search or attempt where it must succeed; `missed` is what it did not find."""

    name: str
    missed: tuple[str, ...] = ()


class Played(NamedTuple):
    """`obtained`: what the attacker got, in a sentence that names no person."""

    obtained: str
    findings: list[Finding]
    controls: list[Control]


class Drill(NamedTuple):
    number: int
    name: str
    play: Callable[["World"], Played]


class Outcome(NamedTuple):
    number: int
    name: str
    verdict: Verdict
    obtained: str
    findings: tuple[Finding, ...] = ()
    controls: tuple[Control, ...] = ()


def play(drill: Drill, world: "World") -> Outcome:
    """Plays one drill; what goes wrong in it is told by its type and place in the code, never by its text."""
    try:
        played = drill.play(world)
    except Exception as error:
        return could_not_run(drill, error)
    return Outcome(drill.number, drill.name, _verdict(played), _told(played), tuple(played.findings), tuple(played.controls))


def could_not_run(drill: Drill, error: Exception) -> Outcome:
    places = []
    trace = error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return Outcome(drill.number, drill.name, Verdict.COULD_NOT_RUN, f"{type(error).__name__} at {' > '.join(places[-4:])}")


def must(holds: bool, what: str) -> list[Finding]:
    """No finding if it holds."""
    return [] if holds else [Finding(what, "effect")]


def found(hits: "Iterable[Hit]") -> list[Finding]:
    """What a search found: whose and which field, never the value."""
    return [Finding(f"{hit.person}: {hit.field} ({hit.form})", hit.where) for hit in sorted(hits)]


def _verdict(played: Played) -> Verdict:
    if played.findings:
        return Verdict.FAILED
    if not played.controls or any(control.missed for control in played.controls):
        return Verdict.COULD_NOT_RUN
    return Verdict.HELD


def _told(played: Played) -> str:
    blind = [f"control “{control.name}” missed {', '.join(control.missed[:3])}" for control in played.controls if control.missed]
    shown = [f"{finding.what} in {finding.where}" for finding in played.findings[:5]]
    return "; ".join([played.obtained, *shown, *blind])
