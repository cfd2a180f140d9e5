"""The engine that `DATABASES` names. A pooled connection that ended while it lay idle is replaced before anybody uses it.

The server ends a connection by closing it, which the kernel tells without a round trip: what is silent is taken to be alive, and
only one on which something arrived is asked (`CONN_HEALTH_CHECKS` asks every one, at every request).
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, with that check."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and ended(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def ended(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server has closed an idle connection."""
    if not _stirs(connection):
        return False
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return True
    return False


def _stirs(connection: psycopg.Connection[Any]) -> bool:
    """Whether anything arrived that nobody read. Not `select()`: it knows no descriptor beyond 1023."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
