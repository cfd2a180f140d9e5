"""What the owner changes about a colleague who stays: the role, and the second factor of a lost phone."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.counter.pharmacies.checks import member_state, tell_membership
from sceau.counter.pharmacies.errors import LastOwner
from sceau.counter.pharmacies.models import Member, Role


@transaction.atomic
def change_role(member: Member, role: Role, *, by: Member) -> None:
    """Raises `LastOwner`."""
    owners = list(Member.objects.select_for_update().filter(pharmacy=member.pharmacy_id, role=Role.OWNER).order_by("id"))
    if role != Role.OWNER and owners == [member]:
        raise LastOwner
    member.role = role
    member.save(update_fields=["role"])
    tell_membership(member_state(member))
    _tell(Event.ROLE_CHANGED, member, by=by)


@transaction.atomic
def reset_second_factor(member: Member, *, by: Member) -> None:
    """The next sign-in sets up another phone; open sessions end."""
    Authenticator.objects.filter(user=member.user).delete()
    member.user.renew_stamp()
    _tell(Event.SECOND_FACTOR_RESET, member, by=by)


def _tell(event: Event, member: Member, *, by: Member) -> None:
    record(event, by=f"user:{by.user_id}", subject=f"user:{member.user_id}", at=timezone.now())
