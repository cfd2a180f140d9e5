"""Telling the keyholder, and the log, how a product stands; what the authority decides with the touch of the member who decides it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.keyholder.agent_verbs import Assertion, Challenge
from sceau.core.keyholder.software_verbs import TellSoftware, agreed
from sceau.registry.approvals import machine
from sceau.registry.approvals.checks import software_row, software_state
from sceau.registry.approvals.enums import Act, Actor, ApprovalState
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.quota import Quota
from sceau.registry.approvals.scope import Scope


def tell(software: Software, *, event: Event, by: str, at: datetime, reason: str = "", touch: Assertion | None = None) -> None:
    """In the transaction that made it so. Raises `KeyholderError`: `not-allowed` where a touch is missing, `wrong` where it was for
    something else.
    """
    state = software_state(software)
    statement = states.statement(state, at)
    asked = TellSoftware(software.id, software_row(software), statement, _reason(reason), touch)
    mac: bytes = keyholder().ask(asked)
    states.tell_attested([state], [mac], event=event, by=by, at=at)


def challenge(wanted: Software, *, reason: str, member: str) -> bytes:
    """What that member of the authority touches for: that the product shall stand exactly so, for this reason."""
    made: bytes = keyholder().ask(Challenge(member, agreed(wanted.id, software_row(wanted), _reason(reason))))
    return made


def decided(software: Software, act: Act, scope: Scope | None = None) -> Software:
    """As it would stand, not saved. Raises `NotNow`."""
    copy = Software.objects.get(pk=software.pk)
    copy.state = machine.after(ApprovalState(copy.state), act, actor=Actor.AUTHORITY)
    put(copy, scope.fields() if scope is not None else {})
    return copy


def limited(software: Software, quota: Quota) -> Software:
    """As it would stand, not saved."""
    copy = Software.objects.get(pk=software.pk)
    put(copy, quota._asdict())
    return copy


def put(software: Software, fields: Mapping[str, object]) -> None:
    """Not yet saved."""
    for name, value in fields.items():
        setattr(software, name, value)


def _reason(reason: str) -> bytes:
    return hashlib.sha256(reason.encode()).digest()
