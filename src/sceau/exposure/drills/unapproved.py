"""Drill 15: software that the authority did not approve, or no more, and approved software that speaks for somebody else's pharmacy.

At each plain door, and by MLLP with certificates that are not pinned.
"""

from collections.abc import Callable, Iterator
from functools import partial

from sceau.demo.laboratory import FARID
from sceau.exposure.drills.canaries import OTHER_FINESS
from sceau.exposure.drills.drill import Drill, Finding, Played
from sceau.exposure.drills.plain import MLLP, TYPES, Answer, block, newcomer, post, refused, taken, written
from sceau.exposure.drills.world import World

_EXPIRE = "update approvals_software set tokens_from = now()"
_PATHS = (*TYPES, MLLP)


def play(world: World) -> Played:
    findings = [found for what, attempt in _attempts(world).items() for found in refused(world, what, attempt)]
    with_approval = taken(world.laboratory, first=1_500)
    suspended = list(_suspended(world))
    obtained = f"{len(_attempts(world))} attempts at {len(_PATHS)} doors, and each again while suspended: none taken"
    return Played(obtained, findings + suspended, [with_approval, taken(world.laboratory, first=1_550)])


def _attempts(world: World) -> dict[str, Callable[[], Answer]]:
    laboratory = world.laboratory
    forged, attempts = laboratory.token()[::-1], dict[str, Callable[[], Answer]]()
    for path in TYPES:
        body, foreign = written(path, newcomer(1_501)), written(path, newcomer(1_502, finess=OTHER_FINESS))
        attempts |= {
            f"{path} without a token": partial(post, laboratory, path, body, token=""),
            f"{path} with a token made up": partial(post, laboratory, path, body, token=forged),
            f"{path} with a token that was ended": partial(_expired, world, path, body),
            f"{path} for a foreign pharmacy": partial(post, laboratory, path, body, finess=OTHER_FINESS),
            f"{path} of a foreign pharmacy": partial(post, laboratory, path, foreign),
        }
    own, foreign = written(MLLP, newcomer(1_503)), written(MLLP, newcomer(1_504, finess=OTHER_FINESS))
    attempts["MLLP with another certificate"] = partial(block, laboratory, own, file=laboratory.stranger)
    return attempts | {"MLLP of a foreign pharmacy": partial(block, laboratory, foreign)}


def _expired(world: World, path: str, body: bytes) -> Answer:
    """With a token that was good until now."""
    token = world.laboratory.fresh()
    world.sql("registry", _EXPIRE)
    try:
        return post(world.laboratory, path, body, token=token)
    finally:
        world.laboratory.fresh()


def _suspended(world: World) -> Iterator[Finding]:
    laboratory = world.laboratory
    token = laboratory.fresh()
    _decide(world, "suspended")
    try:
        for path in TYPES:
            attempt = partial(post, laboratory, path, written(path, newcomer(1_505)), token=token)
            yield from refused(world, f"{path} while suspended", attempt)
        yield from refused(world, "MLLP while suspended", partial(block, laboratory, written(MLLP, newcomer(1_506))))
    finally:
        _decide(world, "approved")


def _decide(world: World, state: str) -> None:
    told = ("approvals", "decide", world.laboratory.software, state, "--reason", "drill", "--by", FARID)
    world.stage.run("registry", "registry", *told, role="owner")


DRILL = Drill(
    15, "software unapproved, suspended, with a wrong key or token, or for a foreign pharmacy, at the plain doors", play
)
