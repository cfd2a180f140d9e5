"""Settling a doubt about who is who, by an agent who has both open before them. What contacts became follows at once."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from sceau.core.keyholder.agent_verbs import HasOpen
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.cases.queries import EVERYWHERE
from sceau.registry.contacts.links import link
from sceau.registry.persons import actions as persons
from sceau.registry.persons.models import Doubt, DoubtState, Identity
from sceau.registry.persons.opening import Asked


def doubts_in(departments: tuple[str, ...]) -> QuerySet[Doubt]:
    """Those of which both identities belong to this territory, and are kept."""
    pair = [Identity.objects.filter(report_id=OuterRef(name)) for name in ("report_id", "other_id")]
    if EVERYWHERE not in departments:
        pair = [one.filter(department__in=departments) for one in pair]
    return Doubt.objects.filter(*map(Exists, pair)).order_by("opened_at", "id")


@transaction.atomic
def settle(keyholder: Asked, doubt: Doubt, pair: list[SealedAt], *, same: bool, token: bytes, by: str, at: datetime) -> None:
    """Raises `Decided`, and `KeyholderError` (`wrong`, `not-allowed`) for whoever has not both open."""
    keyholder.ask(HasOpen(token, [(one.report, one.department) for one in pair]))
    if same:
        persons.merge(doubt, by=by, at=at)
    else:
        persons.keep_apart(doubt, by=by, at=at)
    link((doubt.report_id, doubt.other_id), by=by, at=at)


@transaction.atomic
def undo(doubt: Doubt, *, by: str, at: datetime) -> None:
    """Raises `Decided` if nothing was said of it."""
    persons.reopen(doubt, by=by, at=at)
    link((doubt.report_id, doubt.other_id), by=by, at=at)


def settled(departments: tuple[str, ...]) -> QuerySet[Doubt]:
    """The last ones that somebody settled, which can be taken back."""
    return doubts_in(departments).exclude(state=DoubtState.OPEN).order_by("-decided_at")
