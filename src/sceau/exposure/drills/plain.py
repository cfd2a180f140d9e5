"""What drills send plain: one person's test in each form, through each door, and what the registry then has.

An attempt must be answered in the door's own words, without a 5xx, and leave nothing in the inbox.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sceau.core.report import csv, fhir, hl7v2
from sceau.core.report.model import ScreeningReport
from sceau.demo.laboratory import Laboratory
from sceau.demo.stage import FINESS
from sceau.exposure.drills import canaries
from sceau.exposure.drills.drill import Control, Finding
from sceau.exposure.drills.world import World

TYPES = {"/fhir": "application/fhir+json", "/hl7v2": "application/hl7-v2", "/csv": "text/csv"}
MLLP = "MLLP"
_INBOX = "select count(*) from intake_inboxenvelope"
_LEFT = "select count(*) from intake_inboxenvelope where acknowledged_at is null"
_PATIENCE = 60.0


class Answer(NamedTuple):
    """What a door said: the status of HTTP (200 for a block), and the body."""

    status: int
    body: bytes

    @property
    def taken(self) -> bool:
        return self.status == 200 and b"MSA|AE" not in self.body and b"MSA|AR" not in self.body


def newcomer(nth: int, *, finess: str = FINESS) -> ScreeningReport:
    """Somebody nobody knows yet."""
    return canaries.final(nth, canaries.screening(canaries.newcomer(), finess=finess))


def written(path: str, report: ScreeningReport) -> bytes:
    """The report as it is sent to that door."""
    if path == "/fhir":
        return fhir.write(report)
    if path == "/csv":
        return "".join(csv.write([report])).encode()
    return hl7v2.write([report], sender="LAB", at=report.issued)


def post(laboratory: Laboratory, path: str, body: bytes, *, finess: str | None = None, token: str | None = None) -> Answer:
    told = laboratory.post(path, body, TYPES[path], finess=finess, token=token)
    return Answer(told.status, told.data)


def block(laboratory: Laboratory, body: bytes, *, file: Path | None = None) -> Answer:
    """By MLLP; an end instead of an answer takes nothing."""
    told = laboratory.exchange(body, file=file)
    return Answer(200 if told else 400, told)


def ways(laboratory: Laboratory) -> dict[str, Callable[[bytes], Answer]]:
    """Each door by its name, and how one body goes through it."""
    doors: dict[str, Callable[[bytes], Answer]] = {path: partial(post, laboratory, path) for path in TYPES}
    return {**doors, MLLP: partial(block, laboratory)}


def inbox(world: World) -> int:
    return int(world.sql("registry", _INBOX)[0][0])


def settled(world: World) -> None:
    """Until everything in the inbox has its outcome."""
    world.supervisor.wait_for(lambda: not world.sql("registry", _LEFT)[0][0], what="the intake", deadline=_PATIENCE)


def refused(world: World, what: str, attempt: Callable[[], Answer]) -> Iterator[Finding]:
    """A finding where an attempt was taken, broke something, or left anything."""
    before, answer = inbox(world), attempt()
    if answer.taken or inbox(world) > before:
        yield Finding(f"{what}: taken", "the door")
    if answer.status >= 500:
        yield Finding(f"{what}: {answer.status}", "the door")


def taken(laboratory: Laboratory, *, first: int) -> Control:
    """That the same is taken when nothing is wrong with it."""
    told = {name: way(written(name, newcomer(first + nth))) for nth, (name, way) in enumerate(ways(laboratory).items())}
    return Control("what is as it should be is taken", tuple(name for name, answer in told.items() if not answer.taken))
