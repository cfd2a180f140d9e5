"""Taking what was sent plain: read and sealed in memory, then stored in one transaction, as envelopes and one line about them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from sceau.core.keyholder.registry_keys import KeyList
from sceau.registry.approvals.queries import diseases_of
from sceau.registry.intake import counting
from sceau.registry.intake.receiving import Envelope, receive
from sceau.registry.submissions.models import Sender, Submission
from sceau.registry.submissions.reading import Read, read
from sceau.registry.submissions.sealing import seal


class Submitted(NamedTuple):
    """What was read, whether anything of it was taken, and the id under which its sender may ask what became of it."""

    id: UUID
    read: Read
    taken: int


def submit(data: bytes, *, form: str, sender: Sender, registry: KeyList, at: datetime, whole: bool = False) -> Submitted:
    """Takes the rows without problems; with `whole`, all or none. Durable when it returns. Raises `ReportError` for a body that
    cannot be read at all, of which nothing is kept.
    """
    kept_to = diseases_of({sender.software_id}).get(sender.software_id)
    found = read(data, form=form, sender=sender, at=at, diseases=kept_to)
    reports = [] if whole and found.refused else found.reports
    envelopes = seal(reports, sender=sender, registry=registry, at=at)
    submission = Submission(
        software_id=sender.software_id,
        finess=sender.finess,
        form=found.form,
        received_at=at,
        rows=len(found.rows),
        refused=found.refused if reports else [row.number for row in found.rows],
        reasons=found.reasons(),
        envelopes=[one.header.envelope for one in envelopes],
    )
    _store(submission, envelopes, at)
    return Submitted(submission.id, found, len(reports))


@transaction.atomic
def _store(submission: Submission, envelopes: list[Envelope], at: datetime) -> None:
    submission.save(force_insert=True)
    away = {"rows": len(submission.refused), "reasons": submission.reasons}
    counting.turned_away(submission.software_id, **away, at=at)
    if envelopes:
        receive(envelopes, by=f"software:{submission.software_id}", at=at)
