"""An array as we write it is read by PostgreSQL as what was meant, whatever stands in it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from sceau.core.bulk import array

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
