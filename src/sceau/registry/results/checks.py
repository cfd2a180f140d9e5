"""Whether reports and facts are as the log was told of them, and every standing what its statements make it."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.db import connection

from sceau.core.audit.checkpoint import Signer
from sceau.core.audit.checks import MOST, Check, Progress, compared
from sceau.core.audit.events import Event
from sceau.core.audit.models import Entry
from sceau.registry.results import digest, tally
from sceau.registry.results.models import Report, Standing, Tally
from sceau.registry.results.standing import Statement, standings

_STATEMENTS = """
select id, lineage, replaces, status, issued, standing from (
    select *, count(*) over (partition by lineage) as together from results_report) told
where together > 1 or standing <> 'current' order by lineage
"""

_ORPHANS = f"""
select report_id, count(*) from results_fact f where not exists (select from results_report r where r.id = f.report_id)
group by report_id limit {MOST}
"""  # noqa: S608 - a constant


def _facts(keyholder: Signer, progress: Progress) -> Iterator[str]:
    yield from compared(digest.KIND, digest.stored(), keyholder=keyholder, progress=progress)
    with connection.cursor() as cursor:
        cursor.execute(_ORPHANS)
        yield from (f"report {report}: {count} facts of a report that is not there" for report, count in cursor.fetchall())


def _standings(_: Signer, progress: Progress) -> Iterator[str]:
    """One that stands alone is current; the others are settled anew, a lineage at a time."""
    done = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(_STATEMENTS)
        for _lineage, rows in groupby(cursor, key=itemgetter(1)):
            told = {Statement(*row[:5]): row[5] for row in rows}
            right = standings(list(told))
            yield from (_wrong(one, was, right[one.id]) for one, was in told.items() if was != right[one.id])
            done += len(told)
            progress(done)


def _tallies(keyholder: Signer, progress: Progress) -> Iterator[str]:
    """And what the end of retention found to be edited, before it added it up."""
    for entry in Entry.objects.filter(event=Event.FACTS_DISPUTED).order_by("at"):
        yield f"{entry.subject}: was not as the log says when its retention ended on {entry.at:%Y-%m-%d}"
    yield from compared(tally.KIND, tally.stored(), keyholder=keyholder, progress=progress)


def _wrong(one: Statement, was: str, right: Standing) -> str:
    return f"report {one.id}: its standing is {was}, and should be {right.value}"


FACTS = Check("facts", lambda: Report.objects.values("batch", "day").distinct().count(), _facts)
STANDINGS = Check("standings", lambda: Report.objects.count(), _standings)
TALLIES = Check("tallies", lambda: Tally.objects.count(), _tallies)
