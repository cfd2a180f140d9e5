"""What the counter screen is told so that it can go on alone: public keys, and the words of the pharmacy for its member."""

import base64
from datetime import datetime, timedelta
from typing import Any

from sceau.core.sealing import epochs
from sceau.counter.kept import actions, tickets
from sceau.counter.pharmacies.models import Epoch
from sceau.counter.pharmacies.policies import can_sign_off
from sceau.counter.pharmacies.unlocked import Present

DAYS = 3
"""For so many days, today the first, a page or a computer that finds no network can seal."""


def settings(by: Present, *, at: datetime) -> dict[str, Any]:
    """`boxes` come from the unlocked keys themselves, not from a table; `chain` leads from the key that the browser knows to the one
    that signed them. `voucher` alone is a secret: the page keeps it in its memory.
    """
    pharmacy = by.pharmacy
    return {
        "pharmacy": str(pharmacy.id),
        "name": pharmacy.name,
        "zone": pharmacy.time_zone,
        "signs": can_sign_off(by.member),
        "boxes": [_box(by, at + timedelta(days=ahead)) for ahead in range(DAYS)],
        "chain": [_link(epoch) for epoch in pharmacy.epochs.order_by("number")],
        "ticket": tickets.issue(pharmacy.id),
        "voucher": actions.vouch(by, at=at),
    }


def _box(by: Present, at: datetime) -> dict[str, str]:
    day = by.pharmacy.day(at)
    public = by.keys.box_public(day)
    signature = by.keys.signer.sign(epochs.box_statement(by.pharmacy.id, day, public))
    return {"day": day.isoformat(), "public": _text(public), "signature": _text(signature)}


def _link(epoch: Epoch) -> dict[str, Any]:
    return {"number": epoch.number, "public": _text(bytes(epoch.signing_public)), "endorsement": _text(bytes(epoch.endorsement))}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
