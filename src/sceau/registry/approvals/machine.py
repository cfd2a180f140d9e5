"""Where an approval may go from where it stands, and who takes it there. The one place: actions ask it, pages offer what it gives,
`docs/reference/approvals.md` is its table.
"""

from typing import NamedTuple

from sceau.registry.approvals.enums import Act, Actor, ApprovalState
from sceau.registry.approvals.errors import NotNow

_S = ApprovalState


class Transition(NamedTuple):
    start: ApprovalState
    act: Act
    end: ApprovalState
    actor: Actor


TRANSITIONS = (
    Transition(_S.DRAFT, Act.SUBMIT, _S.SUBMITTED, Actor.PUBLISHER),
    Transition(_S.REFUSED, Act.SUBMIT, _S.SUBMITTED, Actor.PUBLISHER),
    Transition(_S.SUBMITTED, Act.TAKE_BACK, _S.DRAFT, Actor.PUBLISHER),
    Transition(_S.SUBMITTED, Act.APPROVE, _S.APPROVED, Actor.AUTHORITY),
    Transition(_S.SUBMITTED, Act.REFUSE, _S.REFUSED, Actor.AUTHORITY),
    Transition(_S.APPROVED, Act.APPROVE, _S.APPROVED, Actor.AUTHORITY),
    Transition(_S.APPROVED, Act.SUSPEND, _S.SUSPENDED, Actor.AUTHORITY),
    Transition(_S.APPROVED, Act.WITHDRAW, _S.WITHDRAWN, Actor.AUTHORITY),
    Transition(_S.SUSPENDED, Act.APPROVE, _S.APPROVED, Actor.AUTHORITY),
    Transition(_S.SUSPENDED, Act.WITHDRAW, _S.WITHDRAWN, Actor.AUTHORITY),
)
"""Approving what is approved changes its scope."""
_BY_ACT = {(one.start, one.act): one for one in TRANSITIONS}


def after(state: ApprovalState, act: Act, *, actor: Actor) -> ApprovalState:
    """Where `act` leads. Raises `NotNow` where this actor cannot do it from that state."""
    found = _BY_ACT.get((state, act))
    if found is None or found.actor is not actor:
        raise NotNow(state, act)
    return found.end


def offered(state: ApprovalState, *, actor: Actor) -> list[Act]:
    """What this actor may do from there."""
    return [one.act for one in TRANSITIONS if one.start is state and one.actor is actor]
