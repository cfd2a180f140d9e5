"""Makes a process stand at a named commit point, so that it can be killed exactly there.

A deferred constraint trigger runs inside COMMIT, after the process has asked for it: it waits for a lock that the test holds.
The process is then killed, and the point decides for the transaction: its backend is ended (nothing was committed) or let go
(everything was, and nobody was told). The product knows nothing of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg
from psycopg import sql
from tests.wire.wire import Wire

_KEY = 7_310_099
_STAND = """
create or replace function stand_here() returns trigger language plpgsql as
$$ begin perform pg_advisory_xact_lock_shared(7310099); return null; end $$
"""
_TRIGGER = """
create constraint trigger stand_here after insert or update on {table} deferrable initially deferred
for each row when ({when}) execute function stand_here()
"""
_STANDING = """
select pid from pg_locks join pg_database on pg_database.oid = database
where locktype = 'advisory' and objid = %s and not granted and datname = current_database()
"""


@dataclass(frozen=True)
class Point:
    """`process` commits a row of `table` (in `service`'s database) that is as `when` says; `committed`: what became of it."""

    name: str
    process: str
    service: str
    table: str
    when: str = "true"
    committed: bool = False
    rows: int = 30


class Held:
    """A point where whoever comes stands still."""

    def __init__(self, wire: Wire, point: Point, lock: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._wire = wire
        self._point = point
        self._lock = lock

    def wait(self) -> None:
        """Until a process stands here."""
        self._wire.until(lambda: bool(self._standing()), what=self._point.name)

    def settle(self) -> None:
        """The killed process's transaction ends as the point says, and the way is free again."""
        if not self._point.committed:
            for (pid,) in self._standing():
                self._lock.execute("select pg_terminate_backend(%s, 5000)", [pid])
        self.release()

    def release(self) -> None:
        with suppress(psycopg.OperationalError):
            self._lock.execute("select pg_advisory_unlock_all()")

    def _standing(self) -> list[tuple[object, ...]]:
        return self._lock.execute(_STANDING, [_KEY]).fetchall()


@contextmanager
def held(wire: Wire, point: Point) -> Iterator[Held]:
    """Installs the point for the length of the block; PostgreSQL may be killed inside it."""
    _install(wire, point)
    with psycopg.connect(wire.url(point.service), autocommit=True) as lock:
        lock.execute("select pg_advisory_lock(%s)", [_KEY])
        here = Held(wire, point, lock)
        try:
            yield here
        finally:
            here.release()
            _remove(wire, point)


def _install(wire: Wire, point: Point) -> None:
    trigger = sql.SQL(_TRIGGER).format(table=sql.Identifier(point.table), when=sql.SQL(point.when))
    with psycopg.connect(wire.url(point.service)) as connection:
        connection.execute(_STAND)
        connection.execute(trigger)


def _remove(wire: Wire, point: Point) -> None:
    wire.stage.postgres.wait_ready(wire.stage.supervisor)
    with psycopg.connect(wire.url(point.service)) as connection:
        connection.execute(sql.SQL("drop trigger stand_here on {}").format(sql.Identifier(point.table)))
