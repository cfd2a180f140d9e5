from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from sceau.registry.intake.models import InboxEnvelope


def acknowledged(envelopes: Iterable[UUID], *, software: UUID) -> QuerySet[InboxEnvelope]:
    """Of these envelopes, those of this software that are acknowledged; without their bodies."""
    rows = InboxEnvelope.objects.filter(id__in=list(envelopes), software_id=software, acknowledged_at__isnull=False)
    return rows.defer("body")
