"""Checking in, changing one's answers, and what the counter makes of it. Nothing here opens anything."""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from sceau.core.sealing import suite
from sceau.core.sealing.seal import BOX_SEALED, box_info, seal_box
from sceau.counter.checkins.answers import Answers
from sceau.counter.checkins.errors import Full, Settled
from sceau.counter.checkins.models import CheckIn, CheckInState
from sceau.counter.pharmacies.models import BoxKey, Pharmacy
from sceau.counter.pharmacies.unlocked import Present

WAITING_MOST = 200
AT_ONCE, WITHIN = 20, timedelta(minutes=1)
"""So many may wait at a pharmacy, and come within a minute: more is nobody's queue but a flood."""


@transaction.atomic
def arrive(pharmacy: Pharmacy, number: UUID, secret: bytes, sealed: bytes, *, at: datetime, sealed_here: bool = False) -> None:
    """Takes a phone's sealed answers, or its changed ones. Raises `Full`, `Settled`, `ValueError` for what is no sealed box."""
    if len(sealed) != BOX_SEALED:
        raise ValueError("not a sealed box")
    Pharmacy.objects.select_for_update().get(pk=pharmacy.pk)
    day, proof = pharmacy.day(at), hashlib.sha256(secret).digest()
    known = CheckIn.objects.filter(pk=number).first()
    if known is None:
        _make_room(pharmacy, at)
        told = {"day": day, "state": CheckInState.HERE, "arrived_at": at, "sealed_here": sealed_here}
        CheckIn.objects.create(id=number, pharmacy=pharmacy, proof=proof, sealed=sealed, **told)
        return
    mine = hmac.compare_digest(bytes(known.proof), proof) and (known.pharmacy_id, known.day) == (pharmacy.id, day)
    if not mine or known.state != CheckInState.HERE:
        raise Settled
    known.sealed, known.sealed_here = sealed, sealed_here
    known.save(update_fields=["sealed", "sealed_here"])


def seal_here(pharmacy: Pharmacy, number: UUID, answers: Answers, *, at: datetime) -> bytes:
    """For a phone that cannot: sealed on arrival, before anything is written. Raises `Full` when the pharmacy has no box today."""
    day = pharmacy.day(at)
    box = BoxKey.objects.filter(pharmacy=pharmacy, day=day).first()
    if box is None:
        raise Full
    return seal_box(answers.encode(), suite.public_key(bytes(box.public)), box_info(pharmacy.id, day, number))


@transaction.atomic
def settle(number: UUID, state: CheckInState, *, by: Present, at: datetime) -> None:
    """Verified, dismissed, or back again. What was verified keeps no answers: the visit has them. Raises `Settled`."""
    before = CheckInState.DISMISSED if state == CheckInState.HERE else CheckInState.HERE
    rows = CheckIn.objects.select_for_update().filter(pk=number, pharmacy=by.pharmacy, day=by.pharmacy.day(at))
    row = rows.filter(state=before).first()
    if row is None:
        raise Settled
    row.state = state
    if state == CheckInState.VERIFIED:
        row.sealed = b""
    row.save(update_fields=["state", "sealed"])


def end_days(*, at: datetime) -> int:
    """Check-ins of days that are over, everywhere: they were for that day alone. Gives how many."""
    return CheckIn.objects.filter(day__lt=(at - timedelta(days=1)).date()).delete()[0]


def _make_room(pharmacy: Pharmacy, at: datetime) -> None:
    here = CheckIn.objects.filter(pharmacy=pharmacy, day=pharmacy.day(at), state=CheckInState.HERE)
    if here.count() >= WAITING_MOST or here.filter(arrived_at__gt=at - WITHIN).count() >= AT_ONCE:
        raise Full
