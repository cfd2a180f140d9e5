"""Whether everybody of a pharmacy's staff was made so by the application, in the role that they have."""

import hashlib

from django.utils import timezone

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.checks import simple
from sceau.core.audit.events import Event
from sceau.core.audit.states import State
from sceau.counter.pharmacies.models import Member


def member_state(member: Member) -> State:
    text = f"{member.pharmacy_id}\x1f{member.user_id}\x1f{member.role}"
    return State(f"member:{member.pk}", 1, hashlib.sha256(text.encode()).digest())


def tell_membership(state: State) -> None:
    """In the transaction that made it so."""
    states.tell([state], event=Event.MEMBERSHIP_TOLD, by="system:pharmacies", keyholder=keyholder(), at=timezone.now())


MEMBERS = simple("member", Member, member_state)
