"""Taking a kit in hand: by its box, or by choosing it. A lot that failed its control comes in hand and starts no test."""

from datetime import date, datetime

from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.counter.kits.box import Box
from sceau.counter.kits.controls import failed
from sceau.counter.kits.errors import KitExpired, UnknownKit
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.models import Member, Pharmacy
from sceau.counter.pharmacies.policies import check_sign_off


def take(box: Box, *, pharmacy: Pharmacy, at: datetime) -> Kit:
    """The kit of a scanned box, with that box's lot from now on. Raises `UnknownKit`, `KitExpired`."""
    kit = Kit.objects.filter(pharmacy=pharmacy, gtin=box.gtin).first()
    if kit is None:
        raise UnknownKit
    if box.expiry and box.expiry < pharmacy.day(at) and not (kit.override and kit.lot == box.lot):
        raise KitExpired
    if kit.lot != box.lot:
        kit.override = ""
    return _in_hand(kit, box, at)


@transaction.atomic
def use_expired(kit: Kit, box: Box, reason: str, *, by: Member, at: datetime) -> Kit:
    """A box past its date, used all the same (its maker may have prolonged it): a pharmacist says why, and the log keeps it.
    Raises `NotAllowed`.
    """
    check_sign_off(by)
    kit.override = reason
    _in_hand(kit, box, at)
    record(Event.KIT_OVERRIDDEN, by=f"user:{by.user_id}", subject=f"kit:{kit.id}", purpose=reason, at=at)
    return kit


def choose(kit: Kit, *, at: datetime) -> Kit:
    kit.used_at = at
    kit.save(update_fields=["used_at"])
    return kit


def usable(kit: Kit, today: date) -> bool:
    """Whether a test may be started with the box in hand."""
    return not kit.failed and not expired(kit, today)


def expired(kit: Kit, today: date) -> bool:
    return kit.expiry is not None and kit.expiry < today and not kit.override


def _in_hand(kit: Kit, box: Box, at: datetime) -> Kit:
    kit.lot, kit.expiry, kit.used_at, kit.failed = box.lot, box.expiry, at, failed(kit, box.lot)
    kit.save(update_fields=["lot", "expiry", "override", "failed", "used_at"])
    return kit
