"""Depositing what a workstation kept: bytes are taken as they are, once, and nothing is opened. Nobody needs to be signed in."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from sceau.core.sealing.seal import BOX_SEALED
from sceau.counter.kept.errors import Full
from sceau.counter.kept.models import Entry, EntryState
from sceau.counter.pharmacies.models import Pharmacy

MOST, AT_ONCE, WITHIN = 2_000, 300, timedelta(minutes=1)
"""So many may lie unopened for a pharmacy, and come within a minute: more is no outage's work but a flood."""
AHEAD = timedelta(days=1)


class Deposit(NamedTuple):
    """An entry as it comes; `day` is that of the box it was sealed to."""

    id: UUID
    day: date
    sealed: bytes


@transaction.atomic
def deposit(pharmacy: Pharmacy, brought: Sequence[Deposit], *, at: datetime) -> set[UUID]:
    """Stores what is new; gives the ids that lie here now with just these bytes. What is no sealed box, or is another entry under a
    known id, is not among them. Raises `Full`.
    """
    Pharmacy.objects.select_for_update().get(pk=pharmacy.pk)
    boxes = [one for one in brought if len(one.sealed) == BOX_SEALED and one.day <= pharmacy.day(at) + AHEAD]
    known = Entry.objects.in_bulk([one.id for one in boxes])
    new = {one.id: one for one in boxes if one.id not in known}
    _make_room(pharmacy, len(new), at)
    Entry.objects.bulk_create((_row(pharmacy, one, at) for one in new.values()), ignore_conflicts=True)
    stored = Entry.objects.filter(pharmacy=pharmacy, id__in=[one.id for one in boxes]).values_list("id", "digest")
    digests = {number: bytes(digest) for number, digest in stored}
    return {one.id for one in boxes if digests.get(one.id) == _digest(one)}


def _row(pharmacy: Pharmacy, one: Deposit, at: datetime) -> Entry:
    told = {"state": EntryState.WAITING, "arrived_at": at, "digest": _digest(one)}
    return Entry(id=one.id, pharmacy=pharmacy, day=one.day, sealed=one.sealed, **told)


def _digest(one: Deposit) -> bytes:
    return hashlib.sha256(one.day.isoformat().encode() + one.sealed).digest()


def _make_room(pharmacy: Pharmacy, more: int, at: datetime) -> None:
    rows = Entry.objects.filter(pharmacy=pharmacy)
    lying = rows.filter(state__in=[EntryState.WAITING, EntryState.ASIDE]).count()
    if more and (lying + more > MOST or rows.filter(arrived_at__gt=at - WITHIN).count() + more > AT_ONCE):
        raise Full
