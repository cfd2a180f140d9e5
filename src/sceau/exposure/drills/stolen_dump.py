"""Drill 1: somebody takes everything that both databases store, as superuser, with the server's files and a base backup."""

from sceau.demo.stage import SERVICES
from sceau.exposure.drills.drill import Control, Drill, Played, found
from sceau.exposure.drills.uncompressed import compressed
from sceau.exposure.drills.world import World


def play(world: World) -> Played:
    parts = [(part, hits) for part, hits in world.careless_loot.by_part(world.search) if "else" not in part]
    binary = {hit for _, hits in parts for hit in hits if hit.where.endswith("binary columns")}
    controls = [world.complete(part, hits, staff=True) for part, hits in [*parts, ("binary columns of a dump", binary)]]
    hidden = [f"{service}: {what}" for service in SERVICES for what in compressed(world.stage.postgres, service)]
    controls.append(Control("nothing is compressed on the disk", tuple(hidden)))
    rows = sum(world.sql(*count)[0][0] for count in _COUNTS)
    size = world.loot.size() >> 20
    obtained = f"{size} MB: dumps, data folder with WAL and base backup of both databases; {rows} sealed rows, nobody's name"
    return Played(obtained, found(world.loot.search(world.search)), controls)


_COUNTS = (("counter", "select count(*) from screenings_screening"), ("registry", "select count(*) from persons_identity"))
DRILL = Drill(1, "superuser dump, WAL and base backup of both databases", play)
