"""What was reported wrongly: corrected, cancelled, or sent again after a refusal. Nothing is overwritten; each act is a report of its
own that names the one before.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from msgspec.structs import replace
from uuid_utils.compat import uuid7

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.report.model import Screening as Told
from sceau.core.report.model import ScreeningReport, Status
from sceau.counter.pharmacies.policies import check_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.screenings import actions as screenings
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy
from sceau.counter.visits.errors import Moved
from sceau.counter.visits.models import Visit

REFUSED = "refused"


@transaction.atomic
def correct(report: UUID, told: Told, *, by: Present, at: datetime) -> UUID:
    """Reports the screening anew as it was; a refused one is sent again under its own id. Gives the id of what now stands.
    Raises `Moved`, `NotAllowed`.
    """
    row = _standing(report, by)
    before = open_copy(row, by.keys)
    if row.outcome == REFUSED:
        screenings.send_again([replace(before, screening=told)], pharmacy=by.pharmacy, keys=by.keys, source=row.source_id, at=at)
        _tell(Event.RESULT_SENT_AGAIN, by, report, at)
        return report
    number = _record(before, Status.CORRECTED, told, by, at)
    row.corrected = True
    row.save(update_fields=["corrected"])
    Visit.objects.filter(report=row).update(report=number)
    _tell(Event.RESULT_CORRECTED, by, number, at)
    return number


@transaction.atomic
def cancel(report: UUID, *, by: Present, at: datetime) -> None:
    """Wrong person, twice the same, no test at all: the registry is told that it never was. Raises `Moved`, `NotAllowed`."""
    row = _standing(report, by)
    if row.outcome != REFUSED:
        _record(open_copy(row, by.keys), Status.ENTERED_IN_ERROR, None, by, at)
    row.undone = True
    row.save(update_fields=["undone"])
    _tell(Event.RESULT_CANCELLED, by, report, at)


def _standing(report: UUID, by: Present) -> Screening:
    """The report, held, if it is the one that stands."""
    check_sign_off(by.member)
    rows = Screening.objects.select_for_update().filter(pharmacy=by.pharmacy, undone=False, corrected=False)
    row = rows.filter(pk=report).first()
    if row is None:
        raise Moved
    return row


def _record(before: ScreeningReport, status: Status, told: Told | None, by: Present, at: datetime) -> UUID:
    number: UUID = uuid7()
    made = ScreeningReport(id=number, lineage=before.lineage, status=status, issued=at, replaces=before.id, screening=told)
    screenings.record([made], pharmacy=by.pharmacy, keys=by.keys, source=None, at=at)
    return number


def _tell(event: Event, by: Present, report: UUID, at: datetime) -> None:
    record(event, by=f"user:{by.member.user_id}", subject=f"report:{report}", at=at)
