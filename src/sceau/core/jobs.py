"""Waking a coarse job: one that drains a table rather than one for each row. A row committed is never left waiting.

A job is named, so that what wakes it need not import it. `wake` queues it in the caller's transaction unless one is queued
already. A queued job that starts before the caller commits must not miss the caller's row: callers hold a shared advisory lock
until they commit, and the job takes it alone, for a moment, before it looks (`wait_for_wakers`). Whoever comes after that finds
no queued job, and queues another.
"""

from datetime import datetime
from zlib import crc32

from django.db import connection, transaction
from procrastinate.contrib.django import app

HOLD = "select pg_advisory_xact_lock_shared(%(lock)s)"
QUEUE = """
select procrastinate_defer_jobs_v1(array[row('default', %(job)s::text, 0, null, null, '{}', null)::procrastinate_job_to_defer_v1])
where not exists (select 1 from procrastinate_jobs where task_name = %(job)s and status = 'todo'
                  and (scheduled_at is null or scheduled_at <= now()))
"""
"""`wake` in SQL, for whoever writes rows in the same message: first `HOLD`, then, as a statement of its own, which sees what was
committed before the lock was given, `QUEUE`. Parameters: `named`.
"""
_SOONER = """
select exists (select 1 from procrastinate_jobs where task_name = %s and status = 'todo'
               and (scheduled_at is null or scheduled_at <= %s))
"""


def wake(job: str) -> None:
    """Queues `job` unless it is queued; call it in the transaction that wrote what it shall find."""
    if not connection.in_atomic_block:
        raise RuntimeError("wake() belongs into the transaction that causes the job")
    with connection.cursor() as cursor:
        cursor.execute(f"{HOLD};{QUEUE}", named(job))


def named(job: str) -> dict[str, int | str]:
    """The parameters of `HOLD` and `QUEUE`."""
    return {"lock": _lock(job), "job": job}


def wake_at(job: str, at: datetime) -> None:
    """Queues `job` for later, unless it is queued for then or earlier."""
    with connection.cursor() as cursor:
        cursor.execute(_SOONER, [job, at])
        queued = bool(cursor.fetchone()[0])
    if not queued:
        app.configure_task(job, schedule_at=at).defer()


def wait_for_wakers(job: str) -> None:
    """At the start of a job: returns once all who found it queued have committed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_lock(job)])


def _lock(name: str) -> int:
    return crc32(name.encode())
