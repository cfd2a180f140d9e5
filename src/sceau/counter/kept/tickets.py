"""Tickets: which workstation may deposit entries for which pharmacy, and until when, with nobody signed in.

A ticket is signed with the counter's own secret. It lets somebody leave sealed bytes and no more: what makes an entry count is the
pharmacy's voucher inside the seal. Never a right to read.
"""

from datetime import timedelta
from uuid import UUID

from django.core import signing

from sceau.counter.kept.errors import BadTicket

LASTS = timedelta(days=14)
_SALT = "sceau.counter.kept.ticket"


def issue(pharmacy: UUID) -> str:
    """For the page of an unlocked session."""
    return signing.dumps(str(pharmacy), salt=_SALT)


def pharmacy_of(ticket: str) -> UUID:
    """Raises `BadTicket`."""
    try:
        return UUID(signing.loads(ticket, salt=_SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError):
        raise BadTicket from None
