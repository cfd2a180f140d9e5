"""Drill 17: a swapped recipient key in the key list, a ciphertext moved between rows, a changed version byte."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from sceau.core.keyholder.registry_keys import EnvelopeKey, KeyList
from sceau.core.sealing import suite
from sceau.exposure.drills.canaries import file_of, newcomer, screening
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.world import World

_COUNT = "select count(*) from relay_envelope"
_ONE = "select id, sealed from screenings_screening where id in (select id from screenings_screening order by position limit 2)"
_WRITE = "update screenings_screening set sealed = %s where id = %s"


def play(world: World) -> Played:
    before = world.names_on(world.amina.get())
    findings = [*_recipient(world), *_moved(world), *_version(world)]
    came_in = world.import_(file_of([screening(newcomer())], first=81))
    controls = [
        Control("the true list seals", () if came_in == ["recorded"] else ("an import",)),
        Control("rows where they belong open", tuple(sorted(before ^ world.names_on(world.amina.get())))),
    ]
    obtained = (
        "a swapped recipient key, the old signature or one's own over it: refused before anything is sealed; "
        "a moved ciphertext and another version: not opened, the rest of the page stands"
    )
    return Played(obtained, findings, controls)


def _recipient(world: World) -> list[Finding]:
    """The attacker's own envelope key in the list, under the true signature and under the attacker's."""
    file = Path(world.stage.env("counter", "web")["REGISTRY_KEYS"])
    true = KeyList.decode(file.read_bytes())
    own = [EnvelopeKey(key.month, suite.public_bytes(os.urandom(32))) for key in true.envelopes]
    forged = KeyList.signed(envelopes=own, receipt=true.receipt, log=true.log, root=os.urandom(32))
    return [
        *_sealed_with(world, file, replace(true, envelopes=tuple(own)), "the true signature"),
        *_sealed_with(world, file, forged, "the attacker's signature"),
    ]


def _sealed_with(world: World, file: Path, keys: KeyList, how: str) -> list[Finding]:
    true, before = file.read_bytes(), world.sql("counter", _COUNT)
    file.write_bytes(keys.encode())
    try:
        outcomes = world.import_(file_of([screening(newcomer())], first=80))
    finally:
        file.write_bytes(true)
    return must(outcomes == [] and world.sql("counter", _COUNT) == before, f"reports sealed to a swapped key under {how}")


def _moved(world: World) -> list[Finding]:
    """Each of two rows gets the other's ciphertext: neither may show anything of the other."""
    (one, first), (other, second) = world.sql("counter", _ONE)
    with _written(world, {one: second, other: first}):
        return _unopened(world, {one: bytes(second), other: bytes(first)}, "a moved ciphertext")


def _version(world: World) -> list[Finding]:
    (one, first), _ = world.sql("counter", _ONE)
    changed = bytes([bytes(first)[0] ^ 3]) + bytes(first)[1:]
    with _written(world, {one: changed}):
        return _unopened(world, {one: changed}, "another version's ciphertext")


@contextmanager
def _written(world: World, rows: dict[object, bytes]) -> Iterator[None]:
    """These ciphertexts in these rows, as the superuser writes them; afterwards what was there."""
    kept = dict(world.sql("counter", _ONE))
    for row, sealed in rows.items():
        world.sql("counter", _WRITE, sealed, row)
    try:
        yield
    finally:
        for row in rows:
            world.sql("counter", _WRITE, kept[row], row)


def _unopened(world: World, rows: dict[object, bytes], what: str) -> list[Finding]:
    """The persons whose only rows these are have gone from the page, and nobody has come."""
    page = world.amina.get()
    positive = world.canaries.persons[0].name
    return must(positive not in world.names_on(page), f"{what} opened") + must(
        page.status < 500, f"a page that crashes over {what}"
    )


DRILL = Drill(17, "swapped recipient key, ciphertext moved between rows, version byte changed", play)
