"""Noting who calls the doors of a sandbox, and what to answer on purpose: the first three calls that send go wrong, each otherwise."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from sceau.registry.approvals import tokens
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.bench.enums import FAULTS, Fault, Kind
from sceau.registry.bench.models import Call


@transaction.atomic
def note(token: str, *, kind: Kind, envelopes: Sequence[UUID], at: datetime) -> Fault | None:
    """The fault that this call is to meet, if any. A token that does not live is the door's to refuse, and is not noted."""
    try:
        caller = Software.objects.filter(pk=tokens.read(token, at=at).software).first()
    except SoftwareRefused:
        return None
    if caller is None:
        return None
    fault = _next(caller.pk, caller.tested_from or at) if kind is Kind.SEND and envelopes else None
    Call.objects.create(software_id=caller.pk, at=at, kind=kind, fault=fault or "", envelopes=list(envelopes))
    return fault


def _next(software: UUID, since: datetime) -> Fault | None:
    """One call of a software at a time, so that each fault is met once."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bench:{software}"])
    met = Call.objects.filter(software_id=software, at__gte=since).exclude(fault="").count()
    return FAULTS[met] if met < len(FAULTS) else None
