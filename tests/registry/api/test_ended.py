"""A pooled connection that the server ended is replaced before anybody uses it; one that lives is not asked."""

import select
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from sceau.core.database.base import ended


@pytest.fixture
def idle(db: None) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(_conninfo(), autocommit=True) as other:
        yield other


def _conninfo() -> str:
    asked = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port")
    return psycopg.conninfo.make_conninfo("", **{name: asked[name] for name in known if name in asked})


def test_one_that_lives_stays(idle: "psycopg.Connection[Any]") -> None:
    assert not ended(idle)


def test_one_that_the_server_ended_is_seen(idle: "psycopg.Connection[Any]") -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [idle.info.backend_pid])
    waiting = select.poll()
    waiting.register(idle.fileno(), select.POLLIN)
    assert waiting.poll(10_000)
    assert ended(idle)


def test_one_that_only_heard_something_lives(idle: "psycopg.Connection[Any]") -> None:
    """A notice is no end: the server is asked, and answers."""
    idle.execute("listen heard")
    with psycopg.connect(_conninfo(), autocommit=True) as other:
        other.execute("notify heard")
    waiting = select.poll()
    waiting.register(idle.fileno(), select.POLLIN)
    assert waiting.poll(10_000)
    assert not ended(idle)
