"""The end of retention for what lies in clear: facts go on being counted, and are nobody's any more.

When the last day of a lineage is over, its reports go, and their facts are added up into tallies: no report id, no lineage, no order of
arrival. The log is told what is left of each batch and day, and the month's new tallies, in the same transaction; whatever was edited
meanwhile is told as disputed before it disappears in them. A lineage goes whole: what remained of it would be settled anew, otherwise.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import connection

from sceau.core.audit import states
from sceau.core.audit.checkpoint import Signer
from sceau.core.audit.events import Event
from sceau.core.audit.record import Told, record_all
from sceau.core.audit.states import GONE, State
from sceau.registry.results import digest, tally
from sceau.registry.results.actions import alone
from sceau.registry.results.models import Report

_BY = "system:retention"
_CHOOSE = """
create temporary table retired as select id, standing, batch, day from results_report r where day = any(%s)
and not exists (select 1 from results_report other where other.lineage = r.lineage and not other.day = any(%s))
"""
_COUNT = "select count(*) from retired"
_GROUPS = "select distinct 'facts:' || batch || ':' || to_char(day, 'YYYY-MM-DD') from retired"
_MONTHS = """
select distinct 'tally:' || to_char(taken_on, 'YYYY-MM') from results_fact where report_id in (select id from retired)
"""
_DROP = (
    "delete from results_fact where report_id in (select id from retired)",
    "delete from results_report where id in (select id from retired)",
    "drop table retired",
)


def end(over: Callable[[date], bool], *, keyholder: Signer, at: datetime) -> dict[str, int]:
    """Part of the transaction that ends retention; gives how many reports went. `over` says which days are."""
    days = [day for day in Report.objects.values_list("day", flat=True).distinct() if over(day)]
    alone()
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, [days, days])
        cursor.execute(_COUNT)
        (gone,) = cursor.fetchone()
        groups, months = _subjects(_GROUPS), _subjects(_MONTHS)
        _dispute(digest.KIND, digest.stored(days), groups, keyholder=keyholder, at=at)
        _dispute(tally.KIND, tally.stored(), months, keyholder=keyholder, at=at)
        cursor.execute(tally.ADD)
        for statement in _DROP:
            cursor.execute(statement)
    _tell(digest.stored(days), groups, event=Event.FACTS_RETIRED, keyholder=keyholder, at=at)
    _tell(tally.stored(), months, event=Event.FACTS_TALLIED, keyholder=keyholder, at=at)
    return {Report._meta.db_table: gone}


def _dispute(kind: str, stored: Iterable[State], subjects: set[str], *, keyholder: Signer, at: datetime) -> None:
    """Tells the log which of these are not as it was told: once they are added up, nobody could find out."""
    told = {one.state.subject: one.state for one in states.known(kind, keyholder=keyholder) if one.attested} if subjects else {}
    held = {one.subject: one for one in stored}
    wrong = sorted(subject for subject in subjects if _said(told.get(subject)) != _said(held.get(subject)))
    record_all([Told(Event.FACTS_DISPUTED, _BY, subject, at) for subject in wrong])


def _said(state: State | None) -> tuple[int, bytes]:
    return (state.rows, state.digest) if state else (0, GONE)


def _tell(stored: Iterable[State], subjects: set[str], *, event: Event, keyholder: Signer, at: datetime) -> None:
    held = {one.subject: one for one in stored}
    told = [held.get(subject, State(subject, 0, GONE)) for subject in sorted(subjects)]
    states.tell(told, event=event, by=_BY, keyholder=keyholder, at=at)


def _subjects(statement: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {subject for (subject,) in cursor.fetchall()}
