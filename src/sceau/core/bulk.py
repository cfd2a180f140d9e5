"""Many rows in one round trip."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY of `rows` (in the order of `columns`) into the model's table; any conflict fails the whole."""
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f'copy "{model._meta.db_table}" ({names}) from stdin'
    if not (rows := list(rows)):
        return
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as sink:
        for row in rows:
            sink.write_row(row)


def insert_new(model: type[models.Model], columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> set[Any]:
    """INSERT of `rows`, leaving out those whose key is there; gives the keys (first column) of those that are new.

    `columns` are (name, PostgreSQL type). Rows are inserted in the order of their keys, so that two writers never deadlock.
    """
    names = ", ".join(f'"{name}"' for name, _ in columns)
    values = ", ".join(f"%s::{kind}[]" for _, kind in columns)
    table = model._meta.db_table
    statement = (
        f'insert into "{table}" ({names}) select * from unnest({values}) on conflict do nothing returning "{columns[0][0]}"'  # noqa: S608
    )
    ordered = sorted(rows, key=lambda row: str(row[0]))
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*ordered, strict=True)] or [[] for _ in columns])
        return {key for (key,) in cursor.fetchall()}


def update_each(model: type[models.Model], columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
    """Writes to each row its own values, in one statement; the key comes first. `columns` are as for `insert_new`; the values of
    an array are given as PostgreSQL writes them, `{a,b}`, since arrays of arrays must be of one length.

    Django's `bulk_update` builds an expression a value, which cost the intake more than opening the envelopes.
    """
    table, (key, _) = model._meta.db_table, columns[0]
    names = ", ".join(f'"{name}"' for name, _ in columns)
    values = ", ".join(f"%s::{'text' if kind.endswith('[]') else kind}[]" for _, kind in columns)
    changes = ", ".join(f'"{name}" = told."{name}"::{kind}' for name, kind in columns[1:])
    statement = f'update "{table}" set {changes} from unnest({values}) as told({names}) where "{table}"."{key}" = told."{key}"'  # noqa: S608
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
