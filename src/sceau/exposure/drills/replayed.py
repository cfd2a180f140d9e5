"""Drill 16: what was sent plain is sent a thousand times, in any order, doubled and cut."""

import random

from sceau.exposure.drills.drill import Control, Drill, Played, must
from sceau.exposure.drills.plain import MLLP, inbox, newcomer, settled, written
from sceau.exposure.drills.world import World

TIMES = 1_000
_REPORTS = "select count(*) from results_report"


def play(world: World) -> Played:
    messages = [written(MLLP, newcomer(1_600 + nth)) for nth in range(3)]
    settled(world)
    before = _reports(world)
    dice = random.Random(16)  # noqa: S311 - seeded
    drawn = [dice.choice(messages) for _ in range(TIMES)]
    world.laboratory.exchange(_batch([*messages, *drawn]))
    settled(world)
    once, cut = _reports(world) - before, _cut(world, messages[0])
    findings = [
        *must(once == len(messages), f"{once} reports of {len(messages)} messages sent {TIMES} times"),
        *must(cut == 0, f"{cut} of a message that was cut were taken"),
        *must(_reports(world) - before == len(messages), "a cut message became a report"),
    ]
    controls = [Control("each message is recorded", () if once >= len(messages) else ("a message",))]
    return Played(
        f"{len(messages)} messages, {TIMES} times in any order, and cut at every tenth byte: each counted once",
        findings,
        controls,
    )


def _batch(messages: list[bytes]) -> bytes:
    return b"BHS|^~\\&|LAB\r" + b"".join(messages) + b"BTS|%d\r" % len(messages)


def _cut(world: World, message: bytes) -> int:
    """How many beginnings of a batch of one were taken."""
    whole, before = _batch([message]), inbox(world)
    for end in range(0, len(whole) - len(b"BTS|1\r"), 10):
        world.laboratory.exchange(whole[:end])
    return inbox(world) - before


def _reports(world: World) -> int:
    return int(world.sql("registry", _REPORTS)[0][0])


DRILL = Drill(16, "messages replayed, reordered, doubled and cut, a thousand times", play)
