"""An array, or a row for COPY, as we write it is read by PostgreSQL as what was meant, whatever stands in it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from sceau.core.bulk import array
from sceau.core.database.binary import packed

BEFORE = datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC)
AT = datetime(2021, 8, 27, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bigint", [0, -(2**63), 2**63 - 1, None]),
        ("uuid", [UUID(int=0), None, UUID(int=2**128 - 1), UUID(int=7)]),
        ("text", ["", "NULL", 'a"b', "c\\d", "{e,f}", "g\nh\t", "'; drop table i;", "%s", "Inès", None]),
        ("date", [date(1, 1, 1), None, date(9999, 12, 31)]),
        ("timestamptz", [AT, None]),
        ("bigint", []),
    ],
)
def test_what_is_written_is_read(db: None, kind: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select %s::{kind}[]", [array(kind, values)])
        assert cursor.fetchone() == (list(values),)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("uuid", [UUID(int=0), None, UUID(int=2**128 - 1), UUID(int=7)]),
        ("text", ["", "NULL", "\\N", "g\nh\t", "Inès", "🧪", None]),
        ("varchar", ["positive", None]),
        ("bytea", [b"", bytes(range(256)), None]),
        ("date", [date(1, 1, 1), date(1999, 12, 31), date(2000, 1, 1), None, date(9999, 12, 31)]),
        ("timestamp with time zone", [AT, BEFORE, AT.astimezone(timezone(timedelta(hours=2))), None]),
        ("boolean", [True, False, None]),
        ("smallint", [0, -(2**15), 2**15 - 1, None]),
        ("integer", [0, -(2**31), 2**31 - 1, None]),
        ("bigint", [0, -(2**63), 2**63 - 1, None]),
    ],
)
def test_what_is_copied_is_read(db: None, kind: str, values: Sequence[Any]) -> None:
    rows = list(enumerate(values))
    with connection.cursor() as cursor:
        cursor.execute(f"create temporary table copied (nth integer, value {kind}) on commit drop")
        with cursor.copy("copy copied from stdin (format binary)") as sink:
            sink.write(packed(("integer", kind), rows))
        cursor.execute("select nth, value from copied order by nth")
        assert [(nth, bytes(value) if isinstance(value, memoryview) else value) for nth, value in cursor.fetchall()] == rows
