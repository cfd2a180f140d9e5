"""Statements that are prepared: parsed once a connection, and one transaction a message."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from sceau.core.database import prepared

ADD = "insert into kept values (%(n)b)"
COUNT = "select count(*) from kept"


@pytest.fixture
def table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One of this connection's alone, and no transaction around the test."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("create temporary table kept (n integer check (n < 3))")
        yield
        cursor.execute("drop table kept")
        connection.close()


def test_the_rows_of_the_last_are_given(table: None) -> None:
    assert prepared.run([ADD, "select n from kept"], {"n": 1}) == [(1,)]


def test_what_goes_in_one_message_is_kept_whole_or_not_at_all(table: None) -> None:
    with pytest.raises(DatabaseError):
        prepared.run([ADD, "insert into kept values (%(n)b + 2)"], {"n": 1})
    assert prepared.run([COUNT], {}) == [(0,)]


def test_each_is_prepared_once_and_counted_each_time(table: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        for n in (1, 2):
            prepared.run([ADD, COUNT], {"n": n})
    assert len(asked) == 4
    known = "select count(*) from pg_prepared_statements where statement like 'insert into kept%%'"
    assert prepared.run([known], {}) == [(1,)]


def test_where_the_caller_has_a_transaction_it_is_that_one(db: None) -> None:
    began = "select now()"
    assert prepared.run([began, began], {}) == prepared.run([began], {})
