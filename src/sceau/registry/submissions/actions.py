"""Taking what was sent plain: read and sealed in memory, then stored in one transaction, as envelopes and one line about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from sceau.core.keyholder.registry_keys import KeyList
from sceau.registry.approvals.policies import check_room
from sceau.registry.approvals.queries import diseases_of
from sceau.registry.approvals.quota import Brought, Quota
from sceau.registry.intake import counting
from sceau.registry.intake.receiving import Envelope, receive
from sceau.registry.submissions.models import Sender, Submission
from sceau.registry.submissions.reading import Read, read
from sceau.registry.submissions.sealing import seal


class Submitted(NamedTuple):
    """What was read, how much of it was taken, and the id under which its sender may ask what became of it; `lost` are rows that were
    not taken since others of their transaction could not be.
    """

    id: UUID
    read: Read
    taken: int
    lost: frozenset[int] = frozenset()


def submit(
    data: bytes,
    *,
    form: str,
    sender: Sender,
    registry: KeyList,
    at: datetime,
    together: Sequence[range] = (),
    left: Quota | None = None,
) -> Submitted:
    """Takes the rows without problems; of those that come `together`, all or none. Durable when it returns. Raises `ReportError` for a
    body that cannot be read at all, `SoftwareRefused` for one that has no room in what is `left` of a quota: nothing of it is kept.
    """
    kept_to = diseases_of({sender.software_id}).get(sender.software_id)
    found = read(data, form=form, sender=sender, at=at, diseases=kept_to)
    lost = found.lost(together)
    sound = (row.number for row in found.rows if not row.problems)
    reports = [report for number, report in zip(sound, found.reports, strict=True) if number not in lost]
    envelopes = seal(reports, sender=sender, registry=registry, at=at)
    if left is not None and envelopes:
        brought = Brought(len(reports), sum(len(one.data) for one in envelopes))
        check_room(sender.software_id, left, brought, at=at)
    submission = Submission(
        software_id=sender.software_id,
        finess=sender.finess,
        form=found.form,
        received_at=at,
        rows=len(found.rows),
        refused=[row.number for row in found.rows if row.problems or row.number in lost],
        reasons=found.reasons(),
        envelopes=[one.header.envelope for one in envelopes],
    )
    _store(submission, envelopes, at)
    return Submitted(submission.id, found, len(reports), lost)


@transaction.atomic
def _store(submission: Submission, envelopes: list[Envelope], at: datetime) -> None:
    submission.save(force_insert=True)
    away = {"rows": len(submission.refused), "reasons": submission.reasons}
    counting.turned_away(submission.software_id, **away, at=at)
    if envelopes:
        receive(envelopes, by=f"software:{submission.software_id}", at=at)
