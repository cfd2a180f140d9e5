"""One database role a process, with the rights of `config/grants.py` and none beside."""

from collections.abc import Mapping

from django.db import connection, transaction
from psycopg import sql

READ, ADD, CHANGE, ALL = "select", "select, insert", "select, insert, update", "select, insert, update, delete"
_LOG = {"audit_entry": ADD, "audit_pending": "select, insert", "audit_leaf": READ, "audit_node": READ, "audit_checkpoint": READ}
"""Every process tells the log; the workers number and sign it as well."""
SEQUENCER = {
    "audit_pending": "select, insert, delete",
    **dict.fromkeys(("audit_leaf", "audit_node", "audit_checkpoint", "audit_destruction", "audit_verification"), ADD),
    "audit_expiry": READ,
    "accounts_user": READ,
}
_JOBS = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")


@transaction.atomic
def apply(roles: Mapping[str, Mapping[str, str]]) -> None:
    """Takes every right from each role, then gives those listed. Run as the owner of the tables."""
    for role, tables in roles.items():
        _run("revoke all on all tables in schema public from {}", role)
        _run("grant usage on schema public to {}", role)
        _run("grant usage on all sequences in schema public to {}", role)
        _run("grant execute on all functions in schema public to {}", role)
        for table, rights in {**_LOG, **tables, **dict.fromkeys(_JOBS, ALL)}.items():
            _run(f"grant {rights} on {{}} to {{}}", table, role)


def _run(statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
