"""Which contact became which case: the same person, the same disease, a specimen taken since they last met. Said anew whenever a case
opens, a contact is matched, or persons are merged or divided, so that what is shown follows who is who.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from sceau.core.audit.events import Event
from sceau.core.audit.record import Told, record_all

_LINK = """
update contacts_contact told set became_id = found.became from (
    select contact.id, (
        select own.id from persons_identity tested join cases_case own on own.report_id = tested.report_id
        join results_fact fact on fact.report_id = own.report_id and fact.disease = own.disease
        where tested.person_id = met.person_id and own.disease = origin.disease and own.id <> origin.id and own.state = 'open'
            and fact.taken_on >= contact.last_on order by fact.taken_on, own.id limit 1) as became
    from contacts_contact contact join persons_identity met on met.report_id = contact.id
    join cases_case origin on origin.id = contact.case_id
    where met.person_id in (select person_id from persons_identity where report_id = any(%s))) found
where told.id = found.id and told.became_id is distinct from found.became
returning told.id, told.became_id
"""


def link(reports: Iterable[UUID], *, by: str, at: datetime) -> None:
    """Part of the transaction that changed something about the persons of these reports or contacts."""
    if not (about := sorted(set(reports))):
        return
    with connection.cursor() as cursor:
        cursor.execute(_LINK, [about])
        changed = cursor.fetchall()
    record_all([Told(Event.CONTACT_BECAME_CASE, by, f"contact:{contact}", at, _which(case)) for contact, case in changed])


def _which(case: int | None) -> str:
    """Empty when the case that was thought to be theirs is not."""
    return f"case:{case}" if case else ""
