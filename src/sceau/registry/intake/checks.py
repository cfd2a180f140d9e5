"""Whether the counters of what was sent and answered are what the inbox makes them: they are told to no log, since each can be
counted anew.

The inbox is kept for ever without its bodies; one statement looks at both as they stood together. What no row of the inbox has is not
compared: bytes, what a door refused, and for which reasons.
"""

from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from sceau.core.audit.checkpoint import Signer
from sceau.core.audit.checks import MOST, Check, Progress
from sceau.registry.approvals.quota import DAY
from sceau.registry.intake.counting import KEPT, TURNED_AWAY, day_of
from sceau.registry.intake.models import Sent

_DAY = DAY.format(at="received_at")
_DIFFER = f"""
with held as (
    select software_id, {_DAY} as day, 'sent' as what, sum(reports)::bigint as reports from intake_inboxenvelope group by 1, 2
    union all
    select software_id, {_DAY}, outcome, count(*) from intake_inboxenvelope, unnest(outcomes) as outcome group by 1, 2, 3),
counted as (
    select software_id, day, 'sent' as what, sum(reports)::bigint as reports from intake_sent group by 1, 2
    union all
    select software_id, day, outcome, sum(reports)::bigint from intake_answered
    where reason = '' and outcome <> '{TURNED_AWAY}' group by 1, 2, 3)
select software_id, day, what, coalesce(counted.reports, 0), coalesce(held.reports, 0)
from held full join counted using (software_id, day, what)
where day >= %s and coalesce(counted.reports, 0) <> coalesce(held.reports, 0) order by day, software_id, what limit {MOST}
"""  # noqa: S608 - constants


def _faults(_: Signer, progress: Progress) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER, [day_of(timezone.now() - KEPT)])
        for software, day, what, counted, held in cursor.fetchall():
            yield f"software:{software}: {counted} reports {what} are counted of {day}, and the inbox has {held}"
    progress(Sent.objects.count())


COUNTERS = Check("counters", lambda: Sent.objects.count(), _faults)
