"""A long value that PostgreSQL compresses is hidden from a search of its files; stored plainly it is found there and in the log."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from sceau.demo import postgres
from sceau.demo.postgres import Postgres
from sceau.exposure.drills.uncompressed import compressed, store_plainly

LONG = "Brénéol-Zwyndrecht, impasse du Hérisson-Bleu; " * 300
TABLE = "create table report (id int, clear text, number numeric)"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with TemporaryDirectory(prefix="sceau-uncompressed-") as name:
        Path(name).chmod(0o711)
        with postgres.running(Path(name) / "postgres", durable=False) as running:
            yield running


def written(server: Postgres, database: str, *, plainly: bool) -> int:
    """In how many of the tables' files the value stands whole; the last words of each piece are cut."""
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        connection.execute(f"create database {database}".encode())
    with psycopg.connect(server.superuser_url(database), autocommit=True) as connection:
        connection.execute(TABLE)
        if plainly:
            store_plainly(server, database)
        connection.execute("insert into report values (1, %s, 1)", [LONG])
        connection.execute("checkpoint")
        row = connection.execute("select oid from pg_database where datname = current_database()").fetchone()
    assert row is not None
    files = (server.folder / "data" / "base" / str(row[0])).iterdir()
    return sum(each.read_bytes().count(LONG[:46].encode()) > 200 for each in files)


@pytest.mark.parametrize(("plainly", "files"), [(True, 1), (False, 0)])
def test_what_is_stored_plainly_is_found(server: Postgres, plainly: bool, files: int) -> None:
    assert written(server, f"stored_{plainly}".lower(), plainly=plainly) == files
    hidden = compressed(server, f"stored_{plainly}".lower())
    assert hidden == ([] if plainly else ["report.clear", "report.number"])
