"""Every drill there is, by its number in the design."""

from collections.abc import Iterable, Iterator

from sceau.exposure.drills import (
    bombs,
    broken_off,
    canaries_left,
    changed_log,
    flood,
    gone,
    guessable_password,
    injected,
    inventing_agents,
    moved,
    namesakes,
    operator,
    pointing,
    replayed,
    stolen_dump,
    stolen_server,
    stolen_session,
    stuffing,
    unapproved,
    world,
    writing,
)
from sceau.exposure.drills.drill import Drill, Outcome, could_not_run, play

DRILLS: tuple[Drill, ...] = (
    stolen_dump.DRILL,
    stolen_server.DRILL,
    guessable_password.DRILL,
    stolen_session.DRILL,
    stuffing.DRILL,
    inventing_agents.DRILL,
    changed_log.DRILL,
    canaries_left.DRILL,
    unapproved.DRILL,
    replayed.DRILL,
    moved.DRILL,
    flood.DRILL,
    broken_off.DRILL,
    bombs.DRILL,
    injected.DRILL,
    pointing.DRILL,
    namesakes.DRILL,
    gone.DRILL,
    operator.DRILL,
    writing.DRILL,
)


class UnknownDrill(ValueError):
    """A number that no drill has."""


def chosen(numbers: Iterable[int]) -> list[Drill]:
    """The drills of these numbers, or all; raises `UnknownDrill`."""
    wanted = set(numbers)
    if unknown := wanted - {drill.number for drill in DRILLS}:
        raise UnknownDrill(", ".join(map(str, sorted(unknown))))
    return [drill for drill in DRILLS if not wanted or drill.number in wanted]


def run(drills: Iterable[Drill]) -> Iterator[Outcome]:
    """Plays these drills in one world. Where the world cannot be set up, none could run."""
    waiting = list(drills)
    try:
        with world.running() as stage:
            while waiting:
                yield play(waiting.pop(0), stage)
    except Exception as error:
        for drill in waiting:
            yield could_not_run(drill, error)
