"""What an agent writes down about a case that is open before them: calls and contacts. Names and notes go to the keyholder and come
back sealed; nothing in clear is stored, and the blind tokens are made later, for the worker alone (`matching`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.jobs import wake
from sceau.core.keyholder import exposed
from sceau.core.keyholder.agent_verbs import Noted, OpenNotes, SealContact, SealNote
from sceau.core.keyholder.exposed import Exposed
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.cases.follow_up import check_follows
from sceau.registry.cases.models import Case
from sceau.registry.contacts.job import MATCH
from sceau.registry.contacts.models import Call, Contact, Outcome, Setting
from sceau.registry.persons.opening import Asked


class Open(NamedTuple):
    """A case of which its agent has somebody open: the keyholder's token, and the identity: the case's own, or a contact's."""

    case: Case
    token: bytes
    identity: SealedAt


class Exposure(NamedTuple):
    """When and where a contact last met the case."""

    last_on: date
    setting: Setting


@transaction.atomic
def add_contact(keyholder: Asked, opened: Open, contact: Exposed, exposure: Exposure, *, by: str, at: datetime) -> Contact:
    """Raises `NotYours`, and `KeyholderError`: `wrong` when the case is not open any more, `not-allowed`, `metered`, `destroyed`."""
    check_follows(opened.case, by=by)
    own, where = uuid7(), opened.identity
    asked = SealContact(opened.token, where.report, own, where.department, where.day, exposed.encode(contact))
    record(Event.CONTACT_RECORDED, by=by, subject=f"case:{opened.case.pk}", at=at, purpose=f"contact:{own}")
    made = Contact.objects.create(
        id=own,
        case=opened.case,
        department=where.department,
        day=where.day,
        sealed=keyholder.ask(asked),
        setting=exposure.setting,
        last_on=exposure.last_on,
        recorded_by=by,
        recorded_at=at,
    )
    wake(MATCH)
    return made


@transaction.atomic
def note_call(
    keyholder: Asked, opened: Open, outcome: Outcome, *, note: str = "", contact: Contact | None = None, by: str, at: datetime
) -> Call:
    """Raises as `add_contact`, but for `metered`."""
    check_follows(opened.case, by=by)
    own, where = uuid7(), opened.identity
    record(Event.CALL_NOTED, by=by, subject=_about(opened.case, contact), at=at, purpose=outcome.value)
    sealed = keyholder.ask(SealNote(opened.token, _place(own, where), note)) if note else None
    return Call.objects.create(
        id=own,
        case=opened.case,
        contact=contact,
        outcome=outcome,
        department=where.department,
        day=where.day,
        note=sealed,
        by=by,
        at=at,
    )


def notes(keyholder: Asked, opened: Open, calls: Iterable[Call]) -> dict[UUID, str]:
    """What was noted of these calls, all about whoever is open, by call; raises `KeyholderError`."""
    noted = [one for one in calls if one.note is not None]
    asked = [(_place(one.id, opened.identity), bytes(one.note or b"")) for one in noted]
    texts: list[str] = keyholder.ask(OpenNotes(opened.token, asked)) if asked else []
    return {one.id: text for one, text in zip(noted, texts, strict=True)}


def _about(case: Case, contact: Contact | None) -> str:
    return f"contact:{contact.pk}" if contact else f"case:{case.pk}"


def _place(own: UUID, where: SealedAt) -> Noted:
    return Noted(own, where.report, where.department, where.day)
