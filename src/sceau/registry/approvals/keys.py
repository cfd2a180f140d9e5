"""A product's keys: one that stays, and while it takes over, the one before, which has an end."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.registry.approvals import jwk
from sceau.registry.approvals.checks import key_state
from sceau.registry.approvals.enums import ApprovalState
from sceau.registry.approvals.errors import Flaw, KeyRefused
from sceau.registry.approvals.models import AccessToken, Key, Leaked, Software

OVERLAP = timedelta(days=7)
LONGEST_OVERLAP = timedelta(days=30)


def live(software: Software, *, at: datetime) -> QuerySet[Key]:
    """The keys that this product may sign with at that moment."""
    return software.keys.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at)).order_by("added_at")


def add(software: Software, text: str, *, by: str, at: datetime, overlap: timedelta = OVERLAP) -> Key:
    """Takes a public key; the one before ends after `overlap`. Raises `KeyRefused`; a private key's is never taken afterwards."""
    try:
        found = jwk.read(text)
    except KeyRefused as refused:
        if refused.flaw is Flaw.PRIVATE and refused.thumbprint:
            Leaked.objects.get_or_create(thumbprint=refused.thumbprint, defaults={"at": at})
        raise
    return _add(software, found, by, at, min(overlap, LONGEST_OVERLAP))


@transaction.atomic
def end(key: Key, *, by: str, at: datetime) -> None:
    """At once, with every token that lives."""
    _end(key, at, by, at)
    AccessToken.objects.filter(software=key.software_id).delete()


@transaction.atomic
def _add(software: Software, found: jwk.PublicKey, by: str, at: datetime, overlap: timedelta) -> Key:
    Software.objects.select_for_update().get(pk=software.pk)
    _check(software, found, at)
    for before in software.keys.filter(ends_at__isnull=True):
        _end(before, at + overlap, by, at)
    key = Key.objects.create(thumbprint=found.thumbprint, software=software, jwk=found.jwk, added_at=at)
    _tell(key, by, at)
    return key


def _check(software: Software, found: jwk.PublicKey, at: datetime) -> None:
    if software.state == ApprovalState.WITHDRAWN:
        raise KeyRefused(Flaw.ENDED)
    if Leaked.objects.filter(pk=found.thumbprint).exists():
        raise KeyRefused(Flaw.LEAKED, found.thumbprint)
    if Key.objects.filter(pk=found.thumbprint).exists():
        raise KeyRefused(Flaw.KNOWN, found.thumbprint)
    if live(software, at=at).count() > 1:
        raise KeyRefused(Flaw.TOO_MANY)


def _end(key: Key, ends_at: datetime, by: str, at: datetime) -> None:
    key.ends_at = min(key.ends_at or ends_at, ends_at)
    key.save(update_fields=["ends_at"])
    _tell(key, by, at)


def _tell(key: Key, by: str, at: datetime) -> None:
    states.tell([key_state(key)], event=Event.SOFTWARE_KEY_SET, by=by, keyholder=keyholder(), at=at)
