"""Many rows in one round trip."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models


def _text(value: str) -> str:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "bigint": str,
    "uuid": lambda value: f"{value.int:032x}",
    "text": _text,
    "date": date.isoformat,
    "timestamptz": datetime.isoformat,
}


def array(kind: str, values: Iterable[Any]) -> str:
    """An array as PostgreSQL writes it (`{1,NULL}`), of a kind in `_WRITTEN`, for many rows: the driver's own way costs each value
    several times as much.
    """
    written = _WRITTEN[kind]
    return "{" + ",".join(["NULL" if value is None else written(value) for value in values]) + "}"


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY of `rows` (in the order of `columns`) into the model's table; any conflict fails the whole. Binary: as text, both sides
    would spend twice as much on an identity.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f'copy "{model._meta.db_table}" ({names}) from stdin (format binary)'
    if not (rows := list(rows)):
        return
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as sink:
        sink.set_types([_type(model, column) for column in columns])
        for row in rows:
            sink.write_row(row)


def _type(model: type[models.Model], column: str) -> str:
    """As PostgreSQL names it, without its length."""
    kind = model._meta.get_field(column).db_type(connection)
    assert kind is not None
    return kind.partition("(")[0]


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
    key = _WRITTEN[columns[0][1]]
    ordered = sorted(rows, key=lambda row: key(row[0]))
    with connection.cursor() as cursor:
        values_by_column = zip(*ordered, strict=True) if ordered else ((),) * len(columns)
        cursor.execute(statement, [array(kind, column) for (_, kind), column in zip(columns, values_by_column, strict=True)])
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
