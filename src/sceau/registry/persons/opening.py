"""Opening identities for an agent who touched for them: told to the log before anything is shown, refusals too. Nothing is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec
from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.agent_verbs import Assertion, Challenge, Opens, Present, Reveal
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.shapes import Question, SealedAt
from sceau.registry.persons.errors import NotKept
from sceau.registry.persons.models import Identity


class Asked(Protocol):
    """The keyholder's client."""

    def ask(self, question: Question) -> Any: ...


class Opened(NamedTuple):
    """Who was opened, in the order asked for, and the token (32 bytes) that goes on opening them for half an hour."""

    token: bytes
    people: list[dict[str, Any]]


def kept(*reports: UUID | None) -> list[SealedAt]:
    """The sealed identities of these reports or contacts, in order; raises `NotKept` when one has none, or no longer."""
    found = {one.report_id: one for one in Identity.objects.filter(report_id__in=[one for one in reports if one])}
    if any(one not in found for one in reports):
        raise NotKept
    return [_sealed(found[one]) for one in reports if one]


def challenge(keyholder: Asked, identities: Sequence[SealedAt], *, purpose: str, by: str) -> bytes:
    """What the agent's passkey signs: 32 bytes that serve to open these for this purpose, once, for five minutes."""
    made: bytes = keyholder.ask(Challenge(by, opens=Opens(tuple(one.report for one in identities), purpose)))
    return made


def reveal(
    keyholder: Asked,
    identities: Sequence[SealedAt],
    *,
    assertion: Assertion,
    purpose: str,
    subject: str,
    by: str,
    at: datetime,
) -> Opened:
    """Raises `KeyholderError`: `wrong` for a touch that is stale or used, `not-allowed` for one for something else, `metered`,
    `destroyed`.
    """
    try:
        with transaction.atomic():
            record(Event.IDENTITY_REVEALED, by=by, subject=subject, at=at, purpose=purpose)
            token: bytes = keyholder.ask(Present(assertion))
            return Opened(token, [msgspec.json.decode(keyholder.ask(Reveal(token, one, purpose))) for one in identities])
    except KeyholderError as error:
        refused(error, subject=subject, by=by, at=at)
        raise


def refused(error: KeyholderError, *, subject: str, by: str, at: datetime) -> None:
    """Tells the log of an opening that was refused."""
    with transaction.atomic():
        record(Event.REVEAL_REFUSED, by=by, subject=subject, at=at, purpose=error.refusal.value)


def _sealed(one: Identity) -> SealedAt:
    return SealedAt(one.report_id, one.department, one.day, bytes(one.sealed))
