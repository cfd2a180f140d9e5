"""What PostgreSQL itself sees to: partitions by month, and that nothing is changed or taken away."""

from datetime import date

from django.db import connection

MONTHS_KEPT = 12
_PARTS = ("entry", "leaf", "node", "checkpoint", "expiry", "destruction", "verification")
TABLES = tuple(f"audit_{part}" for part in _PARTS)

CANONICAL = "concat_ws(E'\\x1f', e.id, (extract(epoch from e.at) * 1000000)::bigint, e.event, e.by, e.subject, e.purpose)"
"""An entry as its leaf is computed over it; `e` is `audit_entry`."""

CREATE = """
create table audit_entry (
    id uuid not null, at timestamptz not null, event varchar(30) not null, by varchar(60) not null,
    subject varchar(60) not null, purpose varchar(100) not null, primary key (id, at)
) partition by range (at);
create table audit_entry_default partition of audit_entry default;
create index audit_entry_subject on audit_entry (subject, at);
create index audit_entry_by on audit_entry (by, at);
create function audit_append_only() returns trigger language plpgsql as $$
begin raise exception 'the audit log is only ever appended to' using errcode = 'restrict_violation'; end $$;
create function audit_queue() returns trigger language plpgsql as $$
begin insert into audit_pending (entry) values (new.id); return new; end $$;
create trigger audit_queued after insert on audit_entry for each row execute function audit_queue();
"""
PROTECT = "".join(
    f"create trigger {table}_kept before update or delete on {table} for each row execute function audit_append_only();"
    f"create trigger {table}_whole before truncate on {table} for each statement execute function audit_append_only();"
    for table in TABLES
)
DROP = "drop table audit_entry; drop function audit_append_only cascade; drop function audit_queue cascade;"


def make_ahead(today: date) -> None:
    """Partitions of this month and the next two, where there are none; what has none goes to the default one."""
    for ahead in range(3):
        month, after = _month(today, ahead), _month(today, ahead + 1)
        if not _in_default(month, after):
            _run(f"create table if not exists {_name(month)} partition of audit_entry for values from ('{month}') to ('{after}')")


def expire(before: date) -> list[str]:
    """Drops the partitions of months before that of `before`; gives their names. For the owner of the tables alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relid::regclass::text from pg_partition_tree('audit_entry') where isleaf and relid::regclass::text < %s "
            "and relid::regclass::text like 'audit_entry_2%%' order by 1",
            [_name(_month(before, 0))],
        )
        gone = [name for (name,) in cursor.fetchall()]
    for name in gone:
        _run(f"drop table {name}")
    return gone


def _in_default(month: date, after: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from audit_entry_default where at >= %s and at < %s)", [month, after])
        return bool(cursor.fetchone()[0])


def _month(day: date, ahead: int) -> date:
    count = day.year * 12 + day.month - 1 + ahead
    return date(count // 12, count % 12 + 1, 1)


def _name(month: date) -> str:
    return f"audit_entry_{month:%Y_%m}"


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
