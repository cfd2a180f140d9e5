"""Links: whom an OpenID Connect provider means. A link names an account and opens nothing; no subject is stored."""

from datetime import datetime

from django.db import IntegrityError, transaction

from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.models import Link, User
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.secret_verbs import SubjectToken


class Taken(Exception):
    """The provider means somebody else here by this subject."""


def token(issuer: str, subject: str) -> bytes:
    """32 bytes, of issuer and subject together. Raises `KeyholderError`."""
    made: bytes = keyholder().ask(SubjectToken(issuer, subject))
    return made


@transaction.atomic
def add(user: User, token: bytes, *, at: datetime) -> None:
    """In place of the link before, if there is one. Raises `Taken`."""
    try:
        with transaction.atomic():
            Link.objects.update_or_create(user=user, defaults={"token": token})
    except IntegrityError:
        raise Taken from None
    _tell(Event.PROVIDER_LINKED, user, at)


@transaction.atomic
def remove(user: User, *, at: datetime) -> None:
    """Safe to ask twice."""
    removed, _ = Link.objects.filter(user=user).delete()
    if removed:
        _tell(Event.PROVIDER_UNLINKED, user, at)


@transaction.atomic
def answered(token: bytes, *, at: datetime) -> User | None:
    """Who is meant and still works here; the log is told that the provider said so."""
    user = User.objects.filter(link__token=token, is_active=True).first()
    if user is not None:
        _tell(Event.PROVIDER_ANSWERED, user, at)
    return user


def _tell(event: Event, user: User, at: datetime) -> None:
    record(event, by=f"user:{user.pk}", subject=f"user:{user.pk}", at=at)
