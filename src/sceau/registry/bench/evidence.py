"""What the bench saw of a software, as a document that the sandbox signs: scenarios and numbers, never a person."""

from datetime import datetime
from uuid import UUID

import msgspec

from sceau.core.audit import merkle
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.showing import Document, Shown, Signed
from sceau.registry.bench.judge import Seen, verdicts
from sceau.registry.bench.models import Arrival, Call
from sceau.registry.config.keyholder import keyholder


def signed(software: Software, *, at: datetime) -> Signed:
    """Raises `KeyholderError`."""
    document = msgspec.json.encode(_document(software, at))
    signature = keyholder().receipt(merkle.root([merkle.leaf(document)]), 1, at=at)
    return Signed(document=document, at=at, signature=signature.value)


def _document(software: Software, at: datetime) -> Document:
    since = software.tested_from or at
    seen = _seen(software.id, since)
    told = [Shown(name, passed) for name, passed in verdicts(seen).items()]
    counts = {"calls": len(seen.calls), "envelopes": len({one.envelope for one in seen.arrivals}), "reports": len(seen.arrivals)}
    return Document(software=software.id, since=since, at=at, scenarios=told, **counts)


def _seen(software: UUID, since: datetime) -> Seen:
    calls = Call.objects.filter(software_id=software, at__gte=since).order_by("id")
    arrivals = Arrival.objects.filter(software_id=software, at__gte=since).order_by("id")
    return Seen(list(calls), list(arrivals))
