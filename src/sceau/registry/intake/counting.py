"""What became of the reports that a software sent on a day, counted in the transaction of what is counted.

Pages read these few rows and never the inbox, which is kept for ever. No pharmacy and no person is in them. They are kept for two
years, and longer while something that was sent on that day has no answer.
"""

import os
import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

TURNED_AWAY = "turned-away"
"""The outcome of a row that a plain door refused: it never lay in an envelope."""
UNHEARD = "unheard"
"""Envelopes that the sealed door refused, by type of problem, each time they came: no report of them is known."""
KEPT = timedelta(days=731)
_LANES = 16
_COUNT = """
insert into intake_answered as answered (software_id, day, outcome, reason, lane, reports)
select software, day, outcome, reason, %(lane)s, reports
from unnest(%(software)s::uuid[], %(days)s::date[], %(outcomes)s::text[], %(reasons)s::text[], %(reports)s::bigint[])
    as told (software, day, outcome, reason, reports)
order by software, day, outcome, reason
on conflict (software_id, day, outcome, reason, lane) do update set reports = answered.reports + excluded.reports
"""
_CHOOSE = f"""
create temporary table counted on commit drop as
select software_id, day from (select software_id, day, sum(reports) as reports from intake_sent where day < %s group by 1, 2) sent
full join (select software_id, day, sum(reports) filter (where reason = '' and outcome <> '{TURNED_AWAY}') as reports
    from intake_answered where day < %s group by 1, 2) answered using (software_id, day)
where coalesce(sent.reports, 0) <= coalesce(answered.reports, 0)
"""  # noqa: S608 - constants
_END = "delete from {table} where (software_id, day) in (select software_id, day from counted)"
_TABLES = ("intake_sent", "intake_answered")


class Answer(NamedTuple):
    """`day`: when it was sent. With a `reason`, how often that was told; without, how many reports had this outcome."""

    software: UUID
    day: date
    outcome: str
    reason: str = ""


def day_of(at: datetime) -> date:
    """The day of Paris."""
    return timezone.localdate(at)


def lane() -> int:
    """Threads that count at once do so in rows of their own, as far as there are: nobody waits for another's commit."""
    return (os.getpid() + threading.get_ident() // 4096) % _LANES


def count(told: Mapping[Answer, int]) -> None:
    """One statement, however many; in the caller's transaction."""
    if told:
        columns = zip(*((*one, reports) for one, reports in told.items()), strict=True)
        names = ("software", "days", "outcomes", "reasons", "reports")
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, dict(zip(names, map(list, columns), strict=True)) | {"lane": lane()})


def end(*, before: date) -> dict[str, int]:
    """Part of the transaction that ends retention: drops days before that one on which all is answered; how many rows of each table."""
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, [before, before])
        rows = {table: cursor.execute(_END.format(table=table)).rowcount for table in _TABLES}
        cursor.execute("drop table counted")
    return rows


def unheard(software: UUID, *, problems: Mapping[str, int], at: datetime) -> None:
    """Nothing is asked of the database where no envelope was refused."""
    count({Answer(software, day_of(at), UNHEARD, problem): times for problem, times in problems.items()})


def turned_away(software: UUID, *, rows: int, reasons: Mapping[str, int], at: datetime) -> None:
    """Rows that a plain door refused, and how often each kind of problem was told of them."""
    if rows:
        day = day_of(at)
        told = {Answer(software, day, TURNED_AWAY, reason): times for reason, times in reasons.items()}
        count({Answer(software, day, TURNED_AWAY): rows} | told)
