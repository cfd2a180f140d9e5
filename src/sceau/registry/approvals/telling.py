"""Telling the keyholder, and the log, how a product stands; what the authority decides with the touch of the member who decides it."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.keyholder.agent_verbs import Assertion, Challenge
from sceau.core.keyholder.software_verbs import TellSoftware, agreed
from sceau.registry.approvals import keys, machine
from sceau.registry.approvals.checks import software_row, software_state
from sceau.registry.approvals.enums import Act, Actor, ApprovalState
from sceau.registry.approvals.models import Key, Software
from sceau.registry.approvals.quota import Quota
from sceau.registry.approvals.scope import Scope


def tell(
    software: Software,
    *,
    event: Event,
    by: str,
    at: datetime,
    reason: str = "",
    touch: Assertion | None = None,
    taken: Collection[Key] = (),
) -> None:
    """In the transaction that made it so; `taken`: keys that waited until now. Raises `KeyholderError`: `not-allowed` where a touch is
    missing, `wrong` where it was for something else.
    """
    state = software_state(software)
    statement = states.statement(state, at)
    told = {"stay": _stay(software, taken, at), "taken": [key.jwk for key in taken]}
    asked = TellSoftware(software.id, software_row(software), statement, _reason(reason), touch, **told)
    mac: bytes = keyholder().ask(asked)
    states.tell_attested([state], [mac], event=event, by=by, at=at)


def challenge(wanted: Software, *, reason: str, member: str, at: datetime, taken: Collection[Key] = ()) -> bytes:
    """What that member of the authority touches for: that the product shall stand exactly so, with these keys, for this reason."""
    named = [*_stay(wanted, taken, at), *(key.thumbprint for key in taken)]
    made: bytes = keyholder().ask(Challenge(member, agreed(wanted.id, software_row(wanted), _reason(reason), named)))
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


def _stay(software: Software, taken: Collection[Key], at: datetime) -> list[str]:
    """The keys that an approval leaves as they are; no other decision is about keys."""
    if software.state != ApprovalState.APPROVED:
        return []
    fresh = {key.thumbprint for key in taken}
    return [key.thumbprint for key in keys.live(software, at=at) if key.thumbprint not in fresh]


def _reason(reason: str) -> bytes:
    return hashlib.sha256(reason.encode()).digest()
