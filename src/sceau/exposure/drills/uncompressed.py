"""PostgreSQL compresses long values, where a search of its files would not see them: for a drill it is told not to.

TOAST compresses what makes a row longer than 2 kB (PostgreSQL 66.2); the log of writes compresses pages if `wal_compression` says so.
Values written before stay as they are, so this comes first.
"""

import psycopg
from psycopg import sql

from sceau.demo.postgres import Postgres

_COLUMNS = """select n.nspname, c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname = 'public' and a.attnum > 0 and not a.attisdropped and a.attstorage in ('x', 'm')"""
_STORE = "alter table {}.{} alter column {} set storage external"


def store_plainly(server: Postgres, database: str) -> None:
    """From now on every value of this database goes to the disk as it is, long ones beside the table in pieces of 2 kB."""
    with psycopg.connect(server.superuser_url(database)) as connection:
        for names in connection.execute(_COLUMNS).fetchall():
            connection.execute(sql.SQL(_STORE).format(*map(sql.Identifier, names)))


def compressed(server: Postgres, database: str) -> list[str]:
    """What may still be hidden: columns that are compressed, and the log of writes."""
    with psycopg.connect(server.superuser_url(database)) as connection:
        columns = [f"{table}.{column}" for _, table, column in connection.execute(_COLUMNS)]
        wal = connection.execute("show wal_compression").fetchone()
    return [*columns, *([] if wal == ("off",) else ["log of writes"])]
