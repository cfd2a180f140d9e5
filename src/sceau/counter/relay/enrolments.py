"""Carrying requests to enrol a key, and learning what the owner decided at the registry. Holds none of a pharmacy's keys."""

from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from sceau.core.jobs import wake
from sceau.core.wire import KeyAnswer, KeyRequest, KeyState
from sceau.counter.pharmacies.models import Enrolment
from sceau.counter.relay.errors import RegistryRefused
from sceau.counter.relay.job import RELAY
from sceau.counter.relay.models import Envelope, EnvelopeState

MOST = 200
SOON, LATER, PATIENCE = timedelta(seconds=15), timedelta(minutes=5), timedelta(hours=1)


class Registry(Protocol):
    def ask_key(self, asked: KeyRequest, *, at: datetime) -> KeyAnswer: ...


def open_requests() -> QuerySet[Enrolment]:
    """Those to ask about. A new one leaves after what the key before has signed: the registry takes that until the owner confirms."""
    before = Envelope.objects.filter(pharmacy=OuterRef("pharmacy"), epoch__lt=OuterRef("epoch"), state=EnvelopeState.WAITING)
    return Enrolment.objects.filter(~Exists(before) | Q(answered_at__isnull=False), state=KeyState.REQUESTED)


def ask_all(registry: Registry, *, at: datetime) -> None:
    """Asks about every key that is due."""
    due = open_requests().filter(next_at__lte=at).select_related("pharmacy").order_by("next_at")[:MOST]
    for one in due:
        ask(one, registry, at=at)


def ask(one: Enrolment, registry: Registry, *, at: datetime) -> Enrolment:
    """Asks, and writes down the answer unless another key is asked for meanwhile. While the registry is away the request waits."""
    one.next_at = at + (SOON if at < one.asked_at + PATIENCE else LATER)
    try:
        one.state = registry.ask_key(_told(one), at=at).state
        one.answered_at = at
    except RegistryRefused:
        pass
    _write(one)
    return one


@transaction.atomic
def _write(one: Enrolment) -> None:
    same = Enrolment.objects.filter(pk=one.pk, public_key=one.public_key, asked_at=one.asked_at)
    same.update(state=one.state, answered_at=one.answered_at, next_at=one.next_at)
    if one.state == KeyState.ENROLLED:
        wake(RELAY)


def _told(one: Enrolment) -> KeyRequest:
    pharmacy = one.pharmacy
    keys = {"public_key": bytes(one.public_key), "proof": bytes(one.proof)}
    return KeyRequest(finess=pharmacy.finess, name=pharmacy.name, asked_at=one.asked_at, **keys)


def free() -> QuerySet[Envelope]:
    """Envelopes whose key is not waiting for the owner's word."""
    waits = Enrolment.objects.filter(~Q(state=KeyState.ENROLLED), pharmacy=OuterRef("pharmacy"), epoch__lte=OuterRef("epoch"))
    return Envelope.objects.filter(~Exists(waits))
