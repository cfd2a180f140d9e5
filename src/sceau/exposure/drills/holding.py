"""Makes a process stand at a named commit point, so that it can be killed exactly there; or makes its commit fail there.

A deferred constraint trigger runs inside COMMIT, after the process has asked for it. It waits for a lock that the drill holds: the
process is then killed, and the point decides for the transaction, whose backend is ended (nothing was committed) or let go
(everything was, and nobody was told). Or it fails, as a full disk makes a commit fail. The product knows nothing of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

from sceau.demo.stage import Stage
from sceau.exposure.drills.points import Point

DEADLINE = 30.0
_KEY = 7_310_099
_STAND = """
create or replace function here() returns trigger language plpgsql as
$$ begin perform pg_advisory_xact_lock_shared(7310099); return null; end $$
"""
_FAIL = """
create sequence if not exists failed_here;
create or replace function here() returns trigger security definer language plpgsql as
$$ begin perform nextval('public.failed_here'); raise exception 'no space left on device' using errcode = '53100'; end $$
"""
_TRIGGER = """
create constraint trigger here after insert or update on {table} deferrable initially deferred
for each row when ({when}) execute function here()
"""
_STANDING = """
select pid from pg_locks join pg_database on pg_database.oid = database
where locktype = 'advisory' and objid = %s and not granted and datname = current_database()
"""
_FAILED = "select is_called from failed_here"


class Held:
    """A point where whoever comes stands still."""

    def __init__(self, stage: Stage, point: Point, lock: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._stage, self._point, self._lock = stage, point, lock

    def wait(self) -> None:
        """Until a process stands here."""
        self._stage.supervisor.wait_for(lambda: bool(self._standing()), what=self._point.name, deadline=DEADLINE)

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
def held(stage: Stage, point: Point) -> Iterator[Held]:
    """Installs the point for the length of the block; PostgreSQL may be killed inside it."""
    with _installed(stage, point, _STAND), psycopg.connect(_url(stage, point), autocommit=True) as lock:
        lock.execute("select pg_advisory_lock(%s)", [_KEY])
        here = Held(stage, point, lock)
        try:
            yield here
        finally:
            here.release()


@contextmanager
def failing(stage: Stage, point: Point) -> Iterator[None]:
    """Every commit of the point fails, until one has: the block ends after that."""
    with _installed(stage, point, _FAIL), psycopg.connect(_url(stage, point), autocommit=True) as look:
        look.execute("alter sequence failed_here restart")
        yield
        stage.supervisor.wait_for(
            lambda: look.execute(_FAILED).fetchone() == (True,), what=f"{point.name}, failing", deadline=DEADLINE
        )


@contextmanager
def _installed(stage: Stage, point: Point, function: str) -> Iterator[None]:
    trigger = sql.SQL(_TRIGGER).format(table=sql.Identifier(point.table), when=sql.SQL(point.when))
    with psycopg.connect(_url(stage, point)) as connection:
        connection.execute(function.encode())
        connection.execute(trigger)
    try:
        yield
    finally:
        stage.postgres.wait_ready(stage.supervisor)
        with psycopg.connect(_url(stage, point)) as connection:
            connection.execute(sql.SQL("drop trigger here on {}").format(sql.Identifier(point.table)))


def _url(stage: Stage, point: Point) -> str:
    return stage.postgres.superuser_url(point.service)
