"""Drill 2: the same with source tree, environments and configuration, and every secret in them tried."""

import os
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import seal_row
from sceau.exposure.drills import server, trying
from sceau.exposure.drills.drill import Control, Drill, Played, found
from sceau.exposure.drills.search import Hit
from sceau.exposure.drills.world import World, hits

_TABLES = "select tablename from pg_tables where schemaname = 'public'"
_PLACE = Place("careless", "1", "sealed", "nobody", "2022-01-07")


def play(world: World) -> Played:
    told, files = server.environments(), server.configuration(world)
    roles = server.addresses(told)
    shown = hits(world.search, told, where="environment") | world.search.files([*files, server.source()])
    shown |= {hit for role, url in roles.items() for hit in _read_all(world, role, url)} | world.loot.search(world.search)
    keys, locks = _keys(world, told, files), trying.locks(world)
    opened = trying.attempt(locks, keys)
    tried = f"{len(keys)} keys tried on {len(locks)} sealed values: none opens"
    obtained = f"{len(roles)} database roles connect ({', '.join(roles)}); {tried}"
    return Played(obtained, found(shown) + opened, [*_controls(world), *_present(roles, told, files)])


def _keys(world: World, told: list[bytes], files: list[Path]) -> set[bytes]:
    """Every candidate: databases, environments, configuration. What the source holds is public."""
    return trying.candidates(*world.loot.dumps.values(), tokens=[*told, *(file.read_bytes() for file in files)])


def _read_all(world: World, role: str, url: str) -> set[Hit]:
    """Everything that a role can read, by connecting and trying."""
    with psycopg.connect(url, autocommit=True) as connection:
        tables = [str(row[0]) for row in connection.execute(_TABLES)]
        return {hit for table in tables for hit in world.search.dump(_copy(connection, table), where=f"{table} as {role}")}


def _copy(connection: psycopg.Connection[tuple[object, ...]], table: str) -> bytes:
    try:
        with connection.cursor().copy(sql.SQL("copy (select * from {}) to stdout").format(sql.Identifier(table))) as rows:
            return b"".join(bytes(block) for block in rows)
    except psycopg.errors.InsufficientPrivilege:
        return b""


def _controls(world: World) -> list[Control]:
    """The same searches and the same tries where somebody was careless."""
    key, folder = os.urandom(32), world.folder / "careless-config"
    folder.mkdir()
    (folder / "settings.env").write_text(f"DATA_KEY={key.hex()}\n")
    (folder / "fixture.json").write_bytes(b"\n".join(world.clear))
    lock = trying.row_lock("row", seal_row(key, uuid4().bytes, _PLACE), _PLACE)
    opened = trying.attempt([lock], trying.candidates(tokens=[(folder / "settings.env").read_bytes()]))
    clear = _read_all(world, "superuser", world.careless.superuser_url("unsealed"))
    return [
        world.complete("configuration files", world.search.files([folder])),
        world.complete("tables read as a role", clear, staff=True),
        Control("a key that lies in a settings file", () if opened else ("the row it seals",)),
    ]


def _present(roles: dict[str, str], told: list[bytes], files: list[Path]) -> list[Control]:
    """That what is searched is there at all."""
    wanted = {"counter_web", "counter_worker", "registry_web", "registry_worker", "registry_doors"}
    secrets = ("SECRET_KEY",) if not any(b"SECRET_KEY=" in each for each in told) else ()
    names = {file.name for file in files}
    return [
        Control("every process's environment", (*sorted(wanted - roles.keys()), *secrets)),
        Control("every configuration file", tuple(sorted({"software.pem", "registry-keys.json", "superuser"} - names))),
    ]


DRILL = Drill(2, "the same with source tree, environment and configuration", play)
