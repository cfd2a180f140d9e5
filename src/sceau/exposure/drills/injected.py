"""Drill 22: HL7 v2 whose names, delimiters and escapes try to become segments: of the message, of what is stored, of the answer."""

from collections.abc import Iterator

from sceau.core.codes.snomed import Result
from sceau.exposure.drills import canaries
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.plain import MLLP, settled, written
from sceau.exposure.drills.world import World

_POSITIVES = "select count(*) from results_fact where result = %s"
_OBX = b"OBX|9|CWE|94558-4^^LN||260373001^^SCT||||||F"
_NAME = "Détourné"


def play(world: World) -> Played:
    honest = _message()
    settled(world)
    before = _positives(world)
    answers = {name: world.laboratory.exchange(sent) for name, sent in _tricks(honest).items()}
    world.laboratory.exchange(honest)
    settled(world)
    findings = [found for name, told in answers.items() for found in _answered(name, told)]
    findings += must(_positives(world) == before, "a negative result became a positive one")
    world.laboratory.exchange(written(MLLP, canaries.final(2_299, canaries.screening(canaries.newcomer()))))
    settled(world)
    seen = _positives(world) == before + 1
    controls = [Control("a true positive is seen", () if seen else ("the positive",))]
    return Played(
        f"{len(answers)} messages that try to say more than they do: no segment of theirs came to be", findings, controls
    )


def _message() -> bytes:
    """A negative test of somebody with a name that is easily found."""
    person = canaries.newcomer()
    told = canaries.screening(person, result=Result.NOT_DETECTED)
    return written(MLLP, canaries.final(2_200, told)).replace(person.family.encode(), _NAME.encode())


def _tricks(honest: bytes) -> dict[str, bytes]:
    name = _NAME.encode()
    control = honest.split(b"|")[9]
    return {
        "an escaped line end in a name": honest.replace(name, name + b"\\X0D\\" + _OBX.replace(b"|", b"\\F\\")),
        "an escape that ends a field": honest.replace(name, name + b"\\F\\\\F\\\\F\\" + _OBX),
        "an escape of an escape": honest.replace(name, name + b"\\E\\X0D\\E\\" + _OBX.replace(b"|", b"\\F\\")),
        "a line feed within a name": honest.replace(name, name + b"\n" + _OBX),
        "letters as delimiters": honest.replace(b"|^~\\&|", b"|DETC|", 1),
        "one delimiter twice": honest.replace(b"|^~\\&|", b"|^^\\&|", 1),
        "the separator as a component": honest.replace(b"|^~\\&|", b"||~\\&|", 1),
        "a control id that is an answer": honest.replace(b"|" + control + b"|", b"|1\\X0D\\MSA\\F\\AA\\F\\1|", 1),
        "a sender that is a segment": honest.replace(b"|SCEAU|", b"|X\\X0D\\ERR|", 1),
        "an end of block within": honest.replace(name, name + b"\x1c"),
    }


def _answered(name: str, told: bytes) -> Iterator[Finding]:
    """An answer has its own segments and no other: one MSH, one MSA, and ERR."""
    kinds = [line[:3] for line in told.strip(b"\x0b\x1c\r").split(b"\r") if line]
    yield from must(kinds.count(b"MSA") == 1 == kinds.count(b"MSH"), f"{name}: cut the answer")
    yield from must(set(kinds) <= {b"MSH", b"MSA", b"ERR"}, f"{name}: a segment of his own in the answer")
    yield from must(_NAME.encode() not in told, f"{name}: the answer names somebody")


def _positives(world: World) -> int:
    return int(world.sql("registry", _POSITIVES, Result.DETECTED.value)[0][0])


DRILL = Drill(22, "HL7 delimiter, escape and MSH-2 injection, embedded line ends", play)
