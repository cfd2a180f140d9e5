"""Taking a kit in hand: by its box, or by choosing it."""

from datetime import date, datetime

from sceau.counter.kits.box import Box
from sceau.counter.kits.errors import KitExpired, UnknownKit
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.models import Pharmacy


def take(box: Box, *, pharmacy: Pharmacy, at: datetime) -> Kit:
    """The kit of a scanned box, with that box's lot from now on. Raises `KitExpired`, `UnknownKit`."""
    if box.expiry and box.expiry < pharmacy.day(at):
        raise KitExpired
    kit = Kit.objects.filter(pharmacy=pharmacy, gtin=box.gtin).first()
    if kit is None:
        raise UnknownKit
    kit.lot, kit.expiry, kit.used_at = box.lot, box.expiry, at
    kit.save(update_fields=["lot", "expiry", "used_at"])
    return kit


def choose(kit: Kit, *, at: datetime) -> Kit:
    kit.used_at = at
    kit.save(update_fields=["used_at"])
    return kit


def expired(kit: Kit, today: date) -> bool:
    return kit.expiry is not None and kit.expiry < today
