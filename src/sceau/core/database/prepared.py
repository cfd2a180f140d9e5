"""Statements that are sent all the time: each is parsed and planned once a connection, and has its values in binary where it says `%b`.

The plan is kept until the tables' statistics change: write such a statement so that no size of a table makes the plan a bad one.
Everything else goes the way of Django's cursors, which put values into the text and prepare nothing.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connection
from psycopg import Cursor


def run(statements: Sequence[str], values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Sent in one message, done in one transaction: the caller's, or their own. Gives the rows of the last."""
    connection.ensure_connection()
    driver: Any = connection.connection
    with connection.wrap_database_errors, driver.pipeline() if len(statements) > 1 else nullcontext():
        for statement in statements:
            cursor = connection._prepare_cursor(Cursor(driver))  # type: ignore[attr-defined] # Django's own: seen where statements are counted
            cursor.execute(statement, values)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
