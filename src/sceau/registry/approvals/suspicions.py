"""What somebody reports of software that presents itself as approved: sealed as it comes in, read by the authority."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from uuid_utils.compat import uuid7

from sceau.core.accounts import people
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.registry.approvals.models import Suspicion


class Told(NamedTuple):
    """`contact` is empty for who stays unknown. All empty for a row that does not open."""

    product: str = ""
    seen: str = ""
    contact: str = ""


@transaction.atomic
def report(told: Told, *, at: datetime) -> Suspicion:
    """Raises `KeyholderError`."""
    row = Suspicion(id=uuid7(), at=at)
    row.sealed = people.seal(row.label, told)
    row.save(force_insert=True)
    record(Event.SUSPICION_REPORTED, by="system:site", subject=row.label.replace("/", ":"), at=at)
    return row


def open_reports() -> list[tuple[Suspicion, Told]]:
    """Those nobody has closed, the oldest first, opened in one question. Raises `KeyholderError`."""
    rows = list(Suspicion.objects.filter(closed_at__isnull=True).order_by("at"))
    return [(row, Told(*told)) for row, told in zip(rows, people.opened(rows), strict=True)]


@transaction.atomic
def close(row: Suspicion, *, by: str, at: datetime) -> None:
    """It was looked into; what it says is not kept."""
    row.closed_at, row.sealed = at, b""
    row.save(update_fields=["closed_at", "sealed"])
    record(Event.SUSPICION_CLOSED, by=by, subject=row.label.replace("/", ":"), at=at)
