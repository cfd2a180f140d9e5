"""Keeping identities as the keyholder sealed them, each with the person it is of; merging persons, and undoing it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from msgspec.structs import astuple

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.bulk import copy
from sceau.core.keyholder.envelope_verbs import Accepted
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.persons.errors import Decided
from sceau.registry.persons.matching import Arrival, Comparer, Matched, match
from sceau.registry.persons.models import TOKENS, Doubt, DoubtState, Identity, Move

COLUMNS = ("report_id", "person_id", "day", "department", "sealed", "month", *TOKENS)
_DOUBT = ("report_id", "other_id", "day", "department", "opened_at", "state")


def keep(reports: Iterable[Accepted], *, comparer: Comparer, at: datetime) -> list[UUID]:
    """The sealed identities of new reports, each with its person; a report without an identity (a cancellation, a refused
    consent) leaves no row and has no person. Gives the reports of people who were known already.
    """
    arrivals = [_arrival(one) for one in reports if one.identity]
    matched = match(arrivals, comparer)
    store(arrivals, matched, at=at)
    return [arrivals[nth].identity.report for nth in matched.met]


def store(arrivals: Sequence[Arrival], matched: Matched, *, at: datetime) -> None:
    """Writes each identity with its person, and the doubts."""
    copy(Identity, COLUMNS, (row(one, person) for one, person in zip(arrivals, matched.persons, strict=True)))
    copy(Doubt, _DOUBT, (_doubt(one, other, at) for one, other in matched.doubts))


def row(one: Arrival, person: UUID) -> tuple[object, ...]:
    """In the order of `COLUMNS`."""
    where = one.identity
    return (where.report, person, where.day, where.department, where.sealed, *astuple(one.tokens[0]))


@transaction.atomic
def merge(doubt: Doubt, *, by: str, at: datetime) -> UUID:
    """Says that a doubt's two reports are of one person: the younger person's identities go to the other's, whose id this gives.
    Raises `Decided` if somebody said before, or an identity is gone.
    """
    one, other = _decide(doubt, DoubtState.SAME, at=at)
    _move(Identity.objects.filter(person_id=one), now=other, at=at)
    record(Event.PERSONS_MERGED, by=by, subject=f"doubt:{doubt.pk}", at=at)
    return other


@transaction.atomic
def keep_apart(doubt: Doubt, *, by: str, at: datetime) -> None:
    """Says that they are two. Raises `Decided`."""
    _decide(doubt, DoubtState.DIFFERENT, at=at)
    record(Event.PERSONS_KEPT_APART, by=by, subject=f"doubt:{doubt.pk}", at=at)


@transaction.atomic
def reopen(doubt: Doubt, *, by: str, at: datetime) -> None:
    """Takes back what was said of a doubt: those who were merged are divided again. Raises `Decided` if nothing was said."""
    was = Doubt.objects.select_for_update().get(pk=doubt.pk)
    if was.state == DoubtState.OPEN:
        raise Decided
    if was.state == DoubtState.SAME:
        unmerge(list(_merged(was)), by=by, at=at)
    Doubt.objects.filter(pk=doubt.pk).update(state=DoubtState.OPEN, decided_at=None)
    record(Event.DOUBT_REOPENED, by=by, subject=f"doubt:{doubt.pk}", at=at)


@transaction.atomic
def unmerge(reports: Sequence[UUID], *, by: str, at: datetime) -> UUID:
    """Takes these reports' identities out of their person, as another one, whose id this gives: a merge or a match was wrong.
    Their results follow, since they belong to a person through their report alone.
    """
    apart = uuid4()
    _move(Identity.objects.filter(report_id__in=reports), now=apart, at=at)
    record(Event.PERSON_DIVIDED, by=by, subject=f"person:{apart}", at=at)
    return apart


def _merged(doubt: Doubt) -> QuerySet[Move, UUID]:
    """The reports that this decision moved."""
    assert doubt.decided_at
    return Move.objects.filter(at=doubt.decided_at, now=_person(doubt.other_id)).values_list("report_id", flat=True)


def _person(report: UUID) -> UUID:
    return Identity.objects.values_list("person_id", flat=True).get(report_id=report)


def _decide(doubt: Doubt, state: DoubtState, *, at: datetime) -> tuple[UUID, UUID]:
    """Takes the decision once; gives the two persons."""
    if not Doubt.objects.filter(pk=doubt.pk, state=DoubtState.OPEN).update(state=state, decided_at=at):
        raise Decided
    pair = dict(Identity.objects.filter(report_id__in=(doubt.report_id, doubt.other_id)).values_list("report_id", "person_id"))
    if len(pair) < 2:
        raise Decided
    return pair[doubt.report_id], pair[doubt.other_id]


def _move(identities: QuerySet[Identity], *, now: UUID, at: datetime) -> None:
    moved = list(identities.select_for_update().values_list("report_id", "person_id", "day"))
    Move.objects.bulk_create(Move(report_id=report, was=was, now=now, day=day, at=at) for report, was, day in moved)
    Identity.objects.filter(report_id__in=[report for report, *_ in moved]).update(person_id=now)


def _doubt(one: SealedAt, other: SealedAt, at: datetime) -> tuple[object, ...]:
    return (one.report, other.report, min(one.day, other.day), one.department, at, DoubtState.OPEN)


def _arrival(report: Accepted) -> Arrival:
    assert report.identity is not None
    place = (report.facts and report.facts.department) or ""
    return Arrival(SealedAt(report.id, place, report.identity.day, report.identity.sealed), report.identity.tokens)
