"""Which person a contact is: as for whoever was tested, by blind tokens and the keyholder's comparison; a doubt waits for somebody to
look. The worker does it, a batch a transaction; the web process, where names are typed, learns no token and no likeness.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import Told, record_all
from sceau.core.keyholder.identity_verbs import BlindTokens, Likeness
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.contacts.links import link
from sceau.registry.contacts.models import Contact
from sceau.registry.persons import actions as persons
from sceau.registry.persons.matching import Arrival, match

BATCH = 200
_BY = "system:contacts"


class Keyholder(Protocol):
    """What the worker asks."""

    def blind(self, identities: Sequence[SealedAt]) -> list[tuple[BlindTokens, ...]]: ...

    def compare(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[Likeness]: ...


@transaction.atomic
def match_waiting(keyholder: Keyholder, *, at: datetime) -> int:
    """Matches up to `BATCH` contacts that wait; gives how many. One that does not open (its row was changed, or it was erased) is
    left without a person. Raises `KeyholderError`: `unavailable`.
    """
    waiting = list(Contact.objects.select_for_update(skip_locked=True).filter(matched_at=None).order_by("recorded_at")[:BATCH])
    identities = [SealedAt(one.id, one.department, one.day, bytes(one.sealed or b"")) for one in waiting]
    blinded = zip(identities, keyholder.blind(identities) if identities else [], strict=True)
    arrivals = [Arrival(identity, tokens) for identity, tokens in blinded if tokens]
    matched = match(arrivals, keyholder)
    persons.store(arrivals, matched, at=at)
    Contact.objects.filter(id__in=[one.id for one in waiting]).update(matched_at=at, sealed=None)
    record_all([Told(Event.CONTACT_MATCHED, _BY, f"contact:{one.identity.report}", at) for one in arrivals])
    link((one.identity.report for one in arrivals), by=_BY, at=at)
    return len(waiting)
