"""The relay: what waits, what stops, and what it believes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.counter.world import AT, FakeRegistry, Place, file, problem
from tests.plugins.services import acting

from sceau.core.problems import HEALS, PREFIX, ProblemDetails, ProblemType
from sceau.core.wire import Acknowledgements, Receipt, Taken
from sceau.counter.relay import actions
from sceau.counter.relay.backoff import LONGEST, delay
from sceau.counter.relay.errors import away
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.models import Screening


def row() -> Envelope:
    return Envelope.objects.get()


def outcomes() -> list[str]:
    return list(Screening.objects.order_by("position").values_list("outcome", flat=True))


def test_what_is_delivered_is_received_and_then_acknowledged(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(3))
    with acting("counter_worker"):
        assert actions.deliver(registry, at=AT) == 1
        assert actions.collect(registry, at=AT) == 0
    assert (row().state, row().data, outcomes()) == ("acknowledged", None, ["recorded"] * 3)


def test_delivered_twice_is_sent_once(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(3))
    assert [actions.deliver(registry, at=AT), actions.deliver(registry, at=AT)] == [1, 0]
    assert len(registry.sent) == 1


def test_the_fake_speaks_the_real_words(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(1))
    receipt = registry.send([bytes(row().data or b"")], at=AT)
    told = registry.acknowledgements([row().id], at=AT)
    assert msgspec.json.decode(msgspec.json.encode(receipt), type=Receipt) == receipt
    assert msgspec.json.decode(msgspec.json.encode(told), type=Acknowledgements) == told


@pytest.mark.parametrize("kind", ProblemType)
def test_each_refusal_waits_or_stops_by_its_type(lilas: Place, registry: FakeRegistry, kind: ProblemType) -> None:
    lilas.imports(file(1))
    registry.refuse = problem(kind, 400)
    actions.deliver(registry, at=AT)
    assert row().state == ("waiting" if kind in HEALS else "stopped")
    assert (row().problem or {})["type"].endswith(kind)


@pytest.mark.parametrize(
    ("status", "state"),
    [(500, "waiting"), (502, "waiting"), (503, "waiting"), (408, "waiting"), (429, "waiting"), (404, "stopped")],
)
def test_an_answer_from_something_between_waits_or_stops_by_its_status(
    lilas: Place, registry: FakeRegistry, status: int, state: str
) -> None:
    lilas.imports(file(1))
    registry.refuse = problem(f"http-{status}", status)
    actions.deliver(registry, at=AT)
    assert row().state == state


def test_while_the_registry_is_down_envelopes_wait_longer_and_then_leave(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(1))
    registry.refuse = away("MaxRetryError")
    at, waits = AT, []
    for _ in range(4):
        actions.deliver(registry, at=at)
        waits.append(row().next_attempt_at - at)
        at = row().next_attempt_at
    registry.refuse = None
    assert waits == sorted(waits)
    assert (actions.deliver(registry, at=at), row().state, row().attempts, row().problem) == (1, "received", 0, None)


@pytest.mark.parametrize(("asked", "waits"), [(40, 40), (36_000, LONGEST)])
def test_over_its_quota_everything_waits_as_long_as_the_registry_asks_and_no_longer_than_it_ever_does(
    lilas: Place, registry: FakeRegistry, asked: int, waits: float
) -> None:
    """A quota of the day that the authority raises is of use within minutes."""
    lilas.imports(file(2))
    full = ProblemDetails(type=f"{PREFIX}{ProblemType.TOO_MANY_REQUESTS}", title="", status=429, retry_after=asked)
    registry.refuse = full
    actions.deliver(registry, at=AT)
    assert row().state == "waiting"
    assert timedelta(seconds=waits) <= row().next_attempt_at - AT <= timedelta(seconds=waits + 1)
    registry.refuse = None
    assert (actions.deliver(registry, at=row().next_attempt_at), row().state) == (1, "received")


def test_before_its_time_nothing_is_tried_again(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(1))
    registry.refuse = away("MaxRetryError")
    actions.deliver(registry, at=AT)
    assert actions.deliver(registry, at=row().next_attempt_at - timedelta(milliseconds=1)) == 0


def test_one_problem_in_a_receipt_stops_that_envelope_only(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(1))
    lilas.imports(file(1, start=9))
    bad = Envelope.objects.earliest("id")
    registry.problems = {bad.id: problem(ProblemType.BAD_ENVELOPE, 403)}
    actions.deliver(registry, at=AT)
    assert dict(Envelope.objects.values_list("id", "state"))[bad.id] == "stopped"
    assert sorted(Envelope.objects.values_list("state", flat=True)) == ["received", "stopped"]


class TooLargeTogether(FakeRegistry):
    """Takes one envelope at a time."""

    def send(self, envelopes: Sequence[bytes], *, at: datetime) -> Receipt:
        self.refuse = problem(ProblemType.TOO_LARGE, 413) if len(envelopes) > 1 else None
        return super().send(envelopes, at=at)


def test_too_much_at_once_is_sent_one_by_one(lilas: Place) -> None:
    for start in range(3):
        lilas.imports(file(1, start=start))
    registry = TooLargeTogether()
    assert actions.deliver(registry, at=AT) == 3
    assert [len(sent) for sent in registry.sent] == [3, 1, 1, 1]
    assert set(Envelope.objects.values_list("state", flat=True)) == {"received"}


def test_one_envelope_that_is_too_large_stops(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(1))
    registry.refuse = problem(ProblemType.TOO_LARGE, 413)
    actions.deliver(registry, at=AT)
    assert row().state == "stopped"


class ForgesReceipts(FakeRegistry):
    def receipt(self, envelopes: Sequence[bytes], told: list[Taken], *, at: datetime) -> Receipt:
        return msgspec.structs.replace(super().receipt(envelopes, told, at=at), signature=bytes(64))


class ForgetsEnvelopes(FakeRegistry):
    def receipt(self, envelopes: Sequence[bytes], told: list[Taken], *, at: datetime) -> Receipt:
        return super().receipt([], [], at=at)


@pytest.mark.parametrize(("registry", "why"), [(ForgesReceipts, "ReceiptNotSigned"), (ForgetsEnvelopes, "NotInReceipt")])
def test_a_receipt_is_believed_only_for_what_it_signs(lilas: Place, registry: type[FakeRegistry], why: str) -> None:
    lilas.imports(file(1))
    actions.deliver(registry(), at=AT)
    assert (row().state, (row().problem or {})["detail"]) == ("waiting", why)
    assert row().data is not None


class ForgesAcknowledgements(FakeRegistry):
    def acknowledgements(self, envelopes: Sequence[UUID], *, at: datetime) -> Acknowledgements:
        told = super().acknowledgements(envelopes, at=at).acknowledgements
        return Acknowledgements([msgspec.structs.replace(one, outcomes=["cancelled"] * len(one.outcomes)) for one in told])


def test_an_acknowledgement_that_was_changed_is_not_believed(lilas: Place) -> None:
    lilas.imports(file(1))
    registry = ForgesAcknowledgements()
    actions.deliver(registry, at=AT)
    assert actions.collect(registry, at=AT) == 1
    assert (row().state, outcomes()) == ("received", [""])


def test_without_an_answer_it_keeps_looking(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(1))
    actions.deliver(registry, at=AT)
    registry.inbox.clear()
    assert (actions.collect(registry, at=AT), row().state) == (1, "received")


class Nested(FakeRegistry):
    """While one relay sends, a second one looks for work."""

    def send(self, envelopes: Sequence[bytes], *, at: datetime) -> Receipt:
        self.second = actions.deliver(FakeRegistry(), at=at)
        return super().send(envelopes, at=at)


def test_two_relays_do_not_send_the_same(lilas: Place) -> None:
    lilas.imports(file(1))
    registry = Nested()
    assert (actions.deliver(registry, at=AT), registry.second) == (1, 0)


def test_a_stopped_envelope_leaves_when_it_is_asked_to(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(1))
    registry.refuse = problem(ProblemType.BAD_ENVELOPE, 403)
    actions.deliver(registry, at=AT)
    registry.refuse = None
    assert actions.deliver(registry, at=AT + timedelta(days=1)) == 0
    actions.requeue(row(), at=AT)
    assert (actions.deliver(registry, at=AT), row().state) == (1, "received")


def test_what_is_received_is_not_sent_again_by_asking(lilas: Place, registry: FakeRegistry) -> None:
    lilas.imports(file(1))
    actions.deliver(registry, at=AT)
    actions.requeue(row(), at=AT)
    assert row().state == "received"


@given(st.integers(0, 10_000))
def test_a_delay_is_between_half_and_all_of_the_doubled_time_and_never_over_five_minutes(attempts: int) -> None:
    longest = min(2.0 ** min(attempts, 9), LONGEST)
    assert longest / 2 <= delay(attempts).total_seconds() <= longest <= 300


@pytest.mark.parametrize("column", ["sealed", "pharmacy_id", "recorded_at"])
def test_the_relays_process_cannot_read_the_pharmacys_copies(lilas: Place, column: str) -> None:
    lilas.imports(file(1))
    with connection.cursor() as cursor, acting("counter_worker"):
        cursor.execute("select id, outcome from screenings_screening")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(f"select {column} from screenings_screening")  # noqa: S608 - from the list above


def test_an_unknown_envelope_is_not_acknowledged(lilas: Place, registry: FakeRegistry) -> None:
    assert registry.acknowledgements([uuid4()], at=AT).acknowledgements == []
    assert actions.collect(registry, at=AT) == 0
