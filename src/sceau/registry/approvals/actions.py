"""The authority's decisions on software. Each is one transaction with the decision that tells it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.registry.approvals.checks import software_state
from sceau.registry.approvals.enums import ApprovalState
from sceau.registry.approvals.models import Decision, Software


@transaction.atomic
def approve(*, publisher: str, name: str, version: str, scope: str, jwk: dict[str, Any], by: str, at: datetime) -> Software:
    """Approves a product version, or approves it again with its present key."""
    if "d" in jwk:
        raise ValueError("this is a private key: give the publisher's public JWK")
    fields = {"scope": scope, "jwk": jwk, "state": ApprovalState.APPROVED, "since": at}
    software, _ = Software.objects.update_or_create(publisher=publisher, name=name, version=version, defaults=fields)
    _decided(software, by, "", at)
    return software


@transaction.atomic
def decide(software: Software, *, state: ApprovalState, reason: str, by: str, at: datetime) -> None:
    """Suspends, withdraws or approves again; takes effect at the next request."""
    software.state, software.since = state, at
    software.save(update_fields=["state", "since"])
    _decided(software, by, reason, at)


def _decided(software: Software, by: str, reason: str, at: datetime) -> None:
    """The decision itself is public, with its reason and who took it; the log keeps it from being rewritten."""
    Decision.objects.create(software=software, state=software.state, at=at, by=by, reason=reason)
    told = [software_state(software)]
    states.tell(told, event=Event.SOFTWARE_DECIDED, by="authority", keyholder=keyholder(), at=at)
