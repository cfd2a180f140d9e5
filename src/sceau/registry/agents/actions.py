"""Appointing agents: the authority says whom it wants, they bring a passkey, two members' touches enrol them at the keyholder. Until
then, and after it, no row of this database opens anybody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from fido2 import cbor
from fido2.webauthn import AttestedCredentialData

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.accounts.slots import Owned
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.agent_verbs import Agent, Assertion, Challenge, EnrolAgent
from sceau.core.keyholder.presence import CHALLENGE_LIVES, FOUNDERS, record_digest
from sceau.registry.agents.errors import HasAnotherPart, NoPasskey
from sceau.registry.agents.models import TRACING, Appointment, Role, Word
from sceau.registry.agents.naming import name_of
from sceau.registry.approvals.models import Member as Publishing
from sceau.registry.cases.follow_up import release_all
from sceau.registry.persons.opening import Asked
from sceau.registry.pharmacies.models import Owner

TOGETHER: timedelta = CHALLENGE_LIVES
"""Within this time the second member touches."""


@transaction.atomic
def appoint(*, email: str, name: str, role: Role, departments: Sequence[str] = (), by: str, at: datetime) -> str | None:
    """Invites somebody to an account, of which this gives the code, or takes the account they have. Raises `HasAnotherPart`,
    `KeyholderError`.
    """
    user, code = User.objects.at(email).first(), None
    if user is None:
        user, code = accounts.invite(email=email, name=name, pharmacies={}, owned=Owned())
    elif any(part.objects.filter(user=user).exists() for part in (Owner, Publishing, Appointment)):
        raise HasAnotherPart
    Appointment.objects.create(user=user, role=role, departments=" ".join(departments))
    _tell(Event.AGENT_APPOINTED, user, by, at, purpose=f"{role.value} {' '.join(departments)}".strip())
    return code


@transaction.atomic
def change(appointment: Appointment, *, role: Role, departments: Sequence[str], by: str, at: datetime) -> None:
    """Wants another role or other departments for somebody, once two members have touched. What they follow elsewhere is free."""
    appointment.role, appointment.departments = role, " ".join(departments)
    _wanted_anew(appointment)
    release_all(name_of(appointment.user), kept=departments if role in TRACING else (), by=by, at=at)
    _tell(Event.AGENT_CHANGED, appointment.user, by, at, purpose=f"{role.value} {appointment.departments}".strip())


@transaction.atomic
def end(appointment: Appointment, *, by: str, at: datetime) -> None:
    """The account ends at once, with its sessions, and what they follow is free; two members' touches then strike the passkey off at
    the keyholder.
    """
    appointment.role, appointment.departments = Role.NONE, ""
    _wanted_anew(appointment)
    release_all(name_of(appointment.user), by=by, at=at)
    _tell(Event.AGENT_ENDED, appointment.user, by, at)
    accounts.close(appointment.user)


@transaction.atomic
def bring(appointment: Appointment, credential: AttestedCredentialData, *, at: datetime) -> None:
    """The passkey that this person will touch; one brought later takes its place, once two members have agreed again."""
    appointment.credential_id, appointment.public_key = credential.credential_id, cbor.encode(dict(credential.public_key))
    appointment.brought_at = at
    _wanted_anew(appointment)
    _tell(Event.AGENT_PASSKEY_BROUGHT, appointment.user, name_of(appointment.user), at)


def challenge(keyholder: Asked, appointment: Appointment, *, member: User) -> bytes:
    """What a member's passkey signs to enrol the appointment as it stands. Raises `NoPasskey`, `KeyholderError`."""
    made: bytes = keyholder.ask(Challenge(name_of(member), record_digest(wanted(appointment))))
    return made


@transaction.atomic
def vouch(keyholder: Asked, appointment: Appointment, assertion: Assertion, *, member: User, at: datetime) -> bool:
    """A member's touch; whether it was the second within five minutes, so that the keyholder has enrolled them. Raises `NoPasskey`,
    and `KeyholderError` (`wrong`, `not-allowed`) when the keyholder does not take the two.
    """
    asked = wanted(appointment)
    told = {"digest": record_digest(asked), "assertion": msgspec.msgpack.encode(assertion), "at": at}
    Word.objects.update_or_create(appointment=appointment, member=member, defaults=told)
    _tell(Event.AGENT_VOUCHED_FOR, appointment.user, name_of(member), at)
    fresh = list(appointment.words.filter(digest=record_digest(asked), at__gt=at - TOGETHER).order_by("at"))
    if len(fresh) < FOUNDERS:
        return False
    keyholder.ask(EnrolAgent(asked, [msgspec.msgpack.decode(bytes(one.assertion), type=Assertion) for one in fresh]))
    _enrolled(appointment, name_of(member), at)
    return True


@transaction.atomic
def found(keyholder: Asked, appointment: Appointment, *, at: datetime) -> None:
    """The operator enrols the authority's first two members. Raises `NoPasskey`, `KeyholderError` (`not-allowed`)."""
    keyholder.ask(EnrolAgent(wanted(appointment), []))
    _enrolled(appointment, "operator", at)


def wanted(appointment: Appointment) -> Agent:
    """The keyholder's record of an appointment as it stands. Raises `NoPasskey`."""
    if appointment.credential_id is None or appointment.public_key is None:
        raise NoPasskey
    departments = tuple(appointment.departments.split())
    keys = (bytes(appointment.credential_id), bytes(appointment.public_key))
    return Agent(name_of(appointment.user), appointment.role, departments, *keys)


def _wanted_anew(appointment: Appointment) -> None:
    appointment.enrolled_at = None
    appointment.save()
    appointment.words.all().delete()


def _enrolled(appointment: Appointment, by: str, at: datetime) -> None:
    appointment.enrolled_at = at
    appointment.save()
    appointment.words.all().delete()
    _tell(Event.AGENT_ENROLLED, appointment.user, by, at, purpose=f"{appointment.role} {appointment.departments}".strip())


def _tell(event: Event, user: User, by: str, at: datetime, **more: Any) -> None:
    record(event, by=by, subject=name_of(user), at=at, **more)
