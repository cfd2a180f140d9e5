"""A pharmacy's key is asked for, and what it signs waits until the owner has confirmed it at the registry. It heals by itself."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.counter.world import FakeRegistry, Place, file, problem

from sceau.core.sealing import signing, statements
from sceau.core.sealing.signing import check_envelope
from sceau.core.wire import KeyAnswer, KeyRequest, KeyState
from sceau.counter.pharmacies import actions, enrolment
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.models import Enrolment, Member, Role
from sceau.counter.relay import actions as relay
from sceau.counter.relay import enrolments, queries
from sceau.counter.relay.errors import RegistryRefused
from sceau.counter.relay.models import Envelope


class Registry(FakeRegistry):
    """As the owner decided: `state` is what it answers."""

    state = KeyState.REQUESTED

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[KeyRequest] = []

    def ask_key(self, asked: KeyRequest, *, at: datetime) -> KeyAnswer:
        if self.refuse:
            raise RegistryRefused(self.refuse)
        self.asked.append(asked)
        return KeyAnswer(state=self.state, fingerprint="")


@pytest.fixture
def registry() -> Registry:
    return Registry()


def now() -> datetime:
    return timezone.now() + timedelta(seconds=11)


def carry(registry: Registry, *, at: datetime | None = None) -> list[str]:
    """One turn of the relay; gives the envelopes' states."""
    at = at or now()
    for _ in range(2):
        while relay.deliver(registry, at=at):
            pass
        enrolments.ask_all(registry, at=at)
    while relay.deliver(registry, at=at):
        pass
    return list(Envelope.objects.order_by("created_at").values_list("state", flat=True))


def later() -> datetime:
    return now() + enrolments.LATER


def test_the_request_says_whose_key_it_is_and_proves_it(lilas: Place, registry: Registry) -> None:
    enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())
    carry(registry)
    (asked,) = registry.asked
    public = signing.public_bytes(lilas.keys.signing_seed)
    assert (asked.finess, asked.public_key) == (lilas.pharmacy.finess, public)
    signing.check(public, asked.proof, statements.enrolment(asked.finess, public, asked.asked_at))


def test_what_is_recorded_waits_and_leaves_by_itself_once_confirmed(lilas: Place, registry: Registry) -> None:
    enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())
    lilas.imports(file(3), at=timezone.now())
    assert carry(registry) == ["waiting"]
    assert (registry.sent, queries.waiting_for_key(lilas.pharmacy)) == ([], 3)
    registry.state = KeyState.ENROLLED
    assert carry(registry, at=later()) == ["received"]
    assert queries.waiting_for_key(lilas.pharmacy) == 0


def test_another_pharmacys_results_leave_meanwhile(lilas: Place, other: Place, registry: Registry) -> None:
    enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())
    other.imports(file(1), at=timezone.now())
    assert carry(registry) == ["received"]


@pytest.mark.parametrize("state", [KeyState.REFUSED, KeyState.REPLACED, KeyState.ENDED])
def test_what_was_decided_otherwise_is_not_asked_about_again(lilas: Place, registry: Registry, state: KeyState) -> None:
    enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())
    registry.state = state
    carry(registry)
    lilas.imports(file(1), at=timezone.now())
    assert carry(registry, at=later()) == ["waiting"]
    assert (len(registry.asked), Enrolment.objects.get().state) == (1, state)


def test_while_the_registry_is_away_the_request_waits(lilas: Place, registry: Registry) -> None:
    enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())
    registry.refuse = problem("unavailable", 503)
    carry(registry)
    assert Enrolment.objects.get().answered_at is None
    registry.refuse = None
    carry(registry, at=later())
    assert Enrolment.objects.get().answered_at is not None


def test_a_held_envelope_does_not_keep_the_relay_awake(lilas: Place, registry: Registry) -> None:
    enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())
    lilas.imports(file(1), at=timezone.now() - timedelta(hours=1))
    carry(registry)
    due = queries.next_due()
    assert due is not None
    assert due > timezone.now()


def leave(lilas: Place) -> None:
    amina = Member.objects.select_related("user", "pharmacy").get(role=Role.PHARMACIST)
    actions.leave(amina, by=lilas.bruno, keys=lilas.keys, at=timezone.now())


def confirmed(lilas: Place, registry: Registry) -> None:
    lilas.join("amina@example.org", Role.PHARMACIST)
    enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())
    registry.state = KeyState.ENROLLED
    carry(registry)
    registry.state = KeyState.REQUESTED


def renewed(lilas: Place) -> Place:
    return lilas._replace(keys=keyring.open_keys(lilas.bruno, lilas.owner.opened))


def test_the_next_key_is_asked_for_after_what_the_one_before_signed_has_left(lilas: Place, registry: Registry) -> None:
    """The registry takes the key before until the owner confirms the next: nothing that it signed is stranded."""
    confirmed(lilas, registry)
    lilas.imports(file(1), at=timezone.now())
    registry.refuse = problem("unavailable", 503)
    carry(registry)
    leave(lilas)
    renewed(lilas).imports(file(1, start=5), at=timezone.now())
    registry.refuse, registry.asked = None, []
    enrolments.ask_all(registry, at=later())
    assert registry.asked == []
    assert carry(registry, at=later()) == ["received", "waiting"]
    assert len(registry.asked) == 1
    registry.state = KeyState.ENROLLED
    assert carry(registry, at=later() + enrolments.LATER) == ["received", "received"]


def test_what_a_key_signed_that_nobody_confirmed_is_signed_anew_when_somebody_leaves(lilas: Place, registry: Registry) -> None:
    lilas.join("amina@example.org", Role.PHARMACIST)
    enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())
    lilas.imports(file(1), at=timezone.now())
    carry(registry)
    leave(lilas)
    public = signing.public_bytes(renewed(lilas).keys.signing_seed)
    check_envelope(bytes(Envelope.objects.get().data or b""), public)
    registry.state = KeyState.ENROLLED
    carry(registry, at=later())
    assert carry(registry, at=later()) == ["received"]
    assert registry.asked[-1].public_key == public


def test_an_answer_about_the_key_before_says_nothing_of_the_next(lilas: Place, registry: Registry) -> None:
    confirmed(lilas, registry)
    before = Enrolment.objects.select_related("pharmacy").get()
    leave(lilas)
    registry.state = KeyState.ENROLLED
    enrolments.ask(before, registry, at=now())
    assert Enrolment.objects.get().state == KeyState.REQUESTED
