"""Publishers and the authority's officers: their accounts at the registry."""

from datetime import datetime

from django.db import transaction

from sceau.core.accounts import actions as accounts
from sceau.core.accounts import recovery
from sceau.core.accounts.models import User
from sceau.core.accounts.slots import Owned
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.registry.approvals.models import Member, Officer, Publisher


@transaction.atomic
def register(*, firm: str, name: str, email: str, at: datetime) -> str:
    """The code with which somebody opens a publisher's account, once, within a week; empty if the address has an account already.
    Whoever never opened theirs gets another. Raises `KeyholderError`.
    """
    before = User.objects.at(email).first()
    if before is not None:
        if not Member.objects.filter(user=before).exists() or not recovery.invited(before):
            return ""
        accounts.close(before)
    user, code = accounts.invite(email=email, name=name, pharmacies={}, owned=Owned())
    join(user, firm=firm)
    record(Event.PUBLISHER_REGISTERED, by="system:site", subject=f"user:{user.pk}", at=at)
    return code


def join(user: User, *, firm: str) -> None:
    """They speak for a publisher of that name, a new one."""
    Member.objects.create(user=user, publisher=Publisher.objects.create(name=firm))


def named(firm: str, *, account: str = "") -> Publisher:
    """The publisher for whom `account` (an e-mail address) speaks; or else the one of that name for whom nobody does, made where there
    is none: whoever registers under somebody's name gets none of their products. Raises `LookupError`.
    """
    if not account:
        return Publisher.objects.filter(name=firm, members=None).order_by("pk").first() or Publisher.objects.create(name=firm)
    found = Publisher.objects.filter(name=firm, members__user__in=User.objects.at(account)).first()
    if found is None:
        raise LookupError(f"nobody with this address speaks for {firm}")
    return found


@transaction.atomic
def appoint(user: User, *, title: str, by: str, at: datetime) -> None:
    """Somebody of the staff decides for the authority from now on."""
    Officer.objects.update_or_create(user=user, defaults={"title": title})
    record(Event.OFFICER_APPOINTED, by=by, subject=f"user:{user.pk}", at=at)
