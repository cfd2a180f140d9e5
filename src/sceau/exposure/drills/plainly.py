"""The canary persons, sent plain through every door: as they should be, wrong, cut, and while a door cannot store what it was given."""

from collections.abc import Iterator

from sceau.core.report.model import ScreeningReport
from sceau.exposure.drills.canaries import final, screening
from sceau.exposure.drills.plain import Answer, settled, ways, written
from sceau.exposure.drills.temporary import Watch
from sceau.exposure.drills.world import World, away

_FIRST = 1_400


def send(world: World) -> tuple[dict[str, list[Answer]], dict[str, bytes]]:
    """What each door answered; and the temporary files that were seen meanwhile."""
    doors, answers = ways(world.laboratory), dict[str, list[Answer]]()
    settled(world)
    with Watch(since=world.folder) as watch:
        for name, way in doors.items():
            answers[name] = [way(body) for body in _bodies(world, name)]
        with away(world, "registry", "submissions_submission"):
            for name, way in doors.items():
                answers[name].append(way(written(name, _reports(world)[0])))
        settled(world)
    return answers, watch.seen


def _bodies(world: World, door: str) -> Iterator[bytes]:
    """Of each person: a report, one with a wrong code (which the door tells row by row), and half of one."""
    for report in _reports(world):
        whole = written(door, report)
        yield whole
        yield whole.replace(b"94558-4", b"94558-5")
        yield whole[: len(whole) // 2]


def _reports(world: World) -> list[ScreeningReport]:
    return [final(_FIRST + nth, screening(person)) for nth, person in enumerate(world.canaries.persons)]
