"""Giving a connection back before the request ends."""

from django.db import connection


def let_go() -> None:
    """This thread's connection goes back to the pool, unless a transaction is open. For whoever is about to wait for other threads,
    which may need one: all of them waiting with one each in hand would wait for ever.
    """
    if not connection.in_atomic_block:
        connection.close()
