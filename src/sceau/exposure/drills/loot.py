"""What somebody takes with the superuser's password and the server's disk: dumps, raw files with the log of writes, a base backup."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import psycopg

from sceau.demo.postgres import Postgres
from sceau.exposure.drills.search import Hit, Search

_TABLES, _WAL = "base", "pg_wal"


class Loot(NamedTuple):
    """`dumps` by database; `data` is the server's own folder, `backup` what pg_basebackup wrote."""

    dumps: dict[str, bytes]
    data: Path
    backup: Path

    def search(self, search: Search) -> set[Hit]:
        """Every canary in all of it."""
        return {hit for _, found in self.by_part(search) for hit in found}

    def by_part(self, search: Search) -> Iterator[tuple[str, set[Hit]]]:
        """Each dump; tables, log of writes and all else on the server's disk; tables and all else of the backup, whose log of
        writes begins with the backup.
        """
        for database, text in self.dumps.items():
            yield f"dump of {database}", search.dump(text, where=f"dump of {database}")
        for name, folder, parts in (("data folder", self.data, (_TABLES, _WAL)), ("base backup", self.backup, (_TABLES,))):
            for part in parts:
                yield f"{name}, {part}", search.files([folder / part])
            yield f"{name}, all else", search.files(each for each in folder.iterdir() if each.name not in parts)

    def size(self) -> int:
        """Bytes taken."""
        files = (each for folder in (self.data, self.backup) for each in folder.rglob("*") if each.is_file())
        return sum(map(len, self.dumps.values())) + sum(each.stat().st_size for each in files)


def take(server: Postgres, databases: Sequence[str], *, into: Path) -> Loot:
    """Takes it from a running server, after everything that it holds in memory has gone to its files."""
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        connection.execute("checkpoint")
    server.base_backup(into)
    return Loot({name: server.dump(name) for name in databases}, server.folder / "data", into)
