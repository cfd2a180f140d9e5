"""A product's keys: one that stays, and while it takes over, the one before, which has an end.

Which of them are heard is the keyholder's to say (`core/keyholder/access.py`); what lies here is shown, and told to the log. Once the
product was approved, a key without the signature of the one before waits for the authority.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.software_keys import LONGEST_OVERLAP, OVERLAP
from sceau.core.keyholder.software_verbs import AddKey, EndKey
from sceau.registry.approvals import jwk
from sceau.registry.approvals.checks import key_state
from sceau.registry.approvals.enums import ApprovalState
from sceau.registry.approvals.errors import Flaw, KeyRefused
from sceau.registry.approvals.models import Key, Leaked, Software


def live(software: Software, *, at: datetime) -> QuerySet[Key]:
    """The keys that this product may sign with at that moment."""
    return _unended(software, at).filter(waits=False)


def waiting(software: Software) -> QuerySet[Key]:
    return software.keys.filter(waits=True, ends_at__isnull=True)


def add(software: Software, text: str, *, by: str, at: datetime, overlap: timedelta = OVERLAP) -> Key:
    """Takes a public key, bare or signed by the one before, which ends after `overlap`; or has it wait. Raises `KeyRefused`; a private
    key's is never taken afterwards. Raises `KeyholderError`.
    """
    inner = jwk.within(text)
    try:
        found = jwk.read(inner or text)
    except KeyRefused as refused:
        if refused.flaw is Flaw.PRIVATE and refused.thumbprint:
            Leaked.objects.get_or_create(thumbprint=refused.thumbprint, defaults={"at": at})
        raise
    return _add(software, found, text.strip() if inner else "", by, at, min(overlap, LONGEST_OVERLAP))


@transaction.atomic
def end(key: Key, *, by: str, at: datetime) -> None:
    """At once, with every token that lives."""
    _end(key, at, by, at)
    if not key.waits:
        ended: datetime = keyholder().ask(EndKey(key.software_id, key.thumbprint))
        Software.objects.filter(pk=key.software_id).update(tokens_from=ended)


@transaction.atomic
def take(keys: Collection[Key], *, by: str, at: datetime) -> None:
    """Those that waited: the authority has agreed to them. The one before ends after the usual overlap."""
    for key in keys:
        _end_before(key, at + OVERLAP, by, at)
        key.waits = False
        key.save(update_fields=["waits"])
        _tell(key, by, at)


@transaction.atomic
def _add(software: Software, found: jwk.PublicKey, proof: str, by: str, at: datetime, overlap: timedelta) -> Key:
    Software.objects.select_for_update().get(pk=software.pk)
    came_bare = waiting(software).filter(pk=found.thumbprint).first() if proof else None
    _check(software, found, at, came_bare)
    waits = not _heard(AddKey(software.pk, found.jwk, proof, round(overlap.total_seconds())))
    key = came_bare or Key(thumbprint=found.thumbprint, software=software, jwk=found.jwk, added_at=at)
    if not waits:
        _end_before(key, at + overlap, by, at)
    key.waits = waits
    key.save(force_insert=came_bare is None)
    _tell(key, by, at)
    return key


def _heard(asked: AddKey) -> bool:
    try:
        heard: bool = keyholder().ask(asked)
    except KeyholderError as error:
        if error.refusal is Refusal.WRONG:
            raise KeyRefused(Flaw.UNPROVEN) from None
        raise
    return heard


def _unended(software: Software, at: datetime) -> QuerySet[Key]:
    return software.keys.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at)).order_by("added_at")


def _check(software: Software, found: jwk.PublicKey, at: datetime, came_bare: Key | None) -> None:
    """`came_bare`: the key itself, which came bare before its signature did."""
    if software.state == ApprovalState.WITHDRAWN:
        raise KeyRefused(Flaw.ENDED)
    if Leaked.objects.filter(pk=found.thumbprint).exists():
        raise KeyRefused(Flaw.LEAKED, found.thumbprint)
    if came_bare is None and Key.objects.filter(pk=found.thumbprint).exists():
        raise KeyRefused(Flaw.KNOWN, found.thumbprint)
    if _unended(software, at).exclude(pk=found.thumbprint).count() > 1:
        raise KeyRefused(Flaw.TOO_MANY)


def _end_before(key: Key, ends_at: datetime, by: str, at: datetime) -> None:
    """The key that stayed until now gets an end."""
    for before in key.software.keys.filter(ends_at__isnull=True, waits=False).exclude(pk=key.pk):
        _end(before, ends_at, by, at)


def _end(key: Key, ends_at: datetime, by: str, at: datetime) -> None:
    key.ends_at = min(key.ends_at or ends_at, ends_at)
    key.save(update_fields=["ends_at"])
    _tell(key, by, at)


def _tell(key: Key, by: str, at: datetime) -> None:
    states.tell([key_state(key)], event=Event.SOFTWARE_KEY_SET, by=by, keyholder=keyholder(), at=at)
