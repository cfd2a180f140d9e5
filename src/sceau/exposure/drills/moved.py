"""Drill 17: what is sealed is bound to its place, at the counter (`swapped`) and at the registry: here, by a superuser who moves it.

The registry's rows are changed behind its back, and an agent who may see every department asks the running keyholder for each, as
the registry's web process does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from msgspec.structs import replace

from sceau.core.keyholder.agent_verbs import Reveal
from sceau.core.keyholder.shapes import SealedAt
from sceau.exposure.drills import swapped
from sceau.exposure.drills.agents import PURPOSE, refused
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.world import World

_WRONG = "wrong"
_KEPT = "select report_id from persons_identity order by report_id limit 2"
_TOKEN = "select family_born from persons_identity where report_id = %s"  # noqa: S105 - a query
_FOREIGN = "select sealed from screenings_screening order by id limit 1"
_WRITE = "update persons_identity set report_id = %s, department = %s, day = %s, sealed = %s where report_id = %s"


def play(world: World) -> Played:
    counter = swapped.play(world)
    asking = _Asking(world)
    rows = asking.rows()
    before, acts = asking.unopened(), _acts(world, *rows)
    findings = [finding for what, changed in acts.items() for finding in _tried(asking, rows, what, changed)]
    controls = [
        Control("the registry's rows where they belong open", before),
        Control("put back, they open", asking.unopened()),
    ]
    obtained = f"{counter.obtained}; at the registry, {', '.join(acts)}: the keyholder refuses each"
    return Played(obtained, counter.findings + findings, counter.controls + controls)


class _Asking:
    """An agent of every department who touches for each row, and two rows as the registry's database has them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._yann = world.agents.enrol("yann", "*")
        self._reports: list[UUID] = [report for (report,) in world.sql("registry", _KEPT)]

    def rows(self, *also: UUID) -> list[SealedAt]:
        """These two, and what else has come to be, as they are now."""
        known = {*self._reports, *also}
        return [row for row in self.world.identities(self.world.stage.postgres) if row.report in known]

    def answer(self, row: SealedAt) -> str:
        """The refusal's name, empty when somebody was opened."""
        return refused(self.world.agents.web, Reveal(self.world.agents.there(self._yann, row), row, PURPOSE))

    def unopened(self) -> tuple[str, ...]:
        return tuple(f"{row.report}: {why}" for row in self.rows() if (why := self.answer(row)))


def _acts(world: World, one: SealedAt, other: SealedAt) -> dict[str, list[SealedAt]]:
    """What one row, or both, become."""
    [(token,)] = world.sql("registry", _TOKEN, one.report)
    [(foreign,)] = world.sql("counter", _FOREIGN)
    return {
        "two persons' ciphertexts exchanged": [replace(one, sealed=other.sealed), replace(other, sealed=one.sealed)],
        "another column's bytes": [replace(one, sealed=token.to_bytes(8, "big", signed=True))],
        "a ciphertext of the counter's": [replace(one, sealed=bytes(foreign))],
        "another report": [replace(one, report=uuid4())],
        "another department": [replace(one, department="13")],
        "no department": [replace(one, department="")],
        "the day before": [replace(one, day=one.day - timedelta(days=1))],
        "another version": [replace(one, sealed=bytes([one.sealed[0] ^ 3]) + one.sealed[1:])],
        "one bit": [replace(one, sealed=one.sealed[:-1] + bytes([one.sealed[-1] ^ 1]))],
        "a ciphertext cut short": [replace(one, sealed=one.sealed[:-1])],
        "no ciphertext": [replace(one, sealed=b"")],
    }


def _tried(asking: _Asking, rows: list[SealedAt], what: str, changed: list[SealedAt]) -> Iterator[Finding]:
    """Asks for what the database says now, and puts it back."""
    with _written(asking.world, list(zip(rows, changed, strict=False))):
        now = [row for row in asking.rows(*(row.report for row in changed)) if row in changed]
        yield from must(len(now) == len(changed), f"{what}: the rows were not changed")
        for row in now:
            yield from must(asking.answer(row) == _WRONG, f"{what}: not refused as wrong")


@contextmanager
def _written(world: World, pairs: list[tuple[SealedAt, SealedAt]]) -> Iterator[None]:
    try:
        for was, becomes in pairs:
            _write(world, becomes, over=was.report)
        yield
    finally:
        for was, becomes in pairs:
            _write(world, was, over=becomes.report)


def _write(world: World, row: SealedAt, *, over: UUID) -> None:
    world.sql("registry", _WRITE, row.report, row.department, row.day, row.sealed, over)


DRILL = Drill(17, "swapped recipient key, ciphertext moved between rows, version byte changed", play)
