"""An envelope is opened until its acknowledgement is committed, and never again: the keyholder itself counts (drill 16)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pytest
from django.db import OperationalError
from tests.plugins.services import acting, break_table, mend_table
from tests.registry import world
from tests.registry.world import AT, Sender, final, key_list

from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.envelope_verbs import AlreadyAcknowledged, Ingested
from sceau.core.sealing import signing, statements
from sceau.core.sealing.header import Header
from sceau.registry.intake.actions import readmit, replay, take_in
from sceau.registry.intake.models import InboxEnvelope, Unconfirmed
from sceau.registry.intake.stamping import stamp
from sceau.registry.persons.models import Identity
from sceau.registry.results.models import Report


def put_back(envelope: UUID, data: bytes) -> None:
    """The inbox as it was before the envelope was taken in: by a superuser, or from a backup."""
    InboxEnvelope.objects.filter(id=envelope).update(
        state="waiting", body=data, outcomes=None, sealed_reasons=None, acknowledged_at=None, signature=None, signature_key=""
    )


def row(envelope: UUID) -> InboxEnvelope:
    return InboxEnvelope.objects.get(id=envelope)


def drain(keys: RegistryClient) -> None:
    while take_in(keys, limit=10, at=AT):
        pass


def test_what_is_acknowledged_is_told_to_the_keyholder_with_the_next_question(lilas: Sender, keys: RegistryClient) -> None:
    envelope = lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    assert list(Unconfirmed.objects.values_list("envelope", flat=True)) == [envelope]
    take_in(keys, limit=10, at=AT)
    assert not Unconfirmed.objects.exists()


def test_a_replayed_envelope_is_set_aside_unopened_and_its_neighbour_is_recorded(lilas: Sender, keys: RegistryClient) -> None:
    data = lilas.envelope(final())
    envelope = world.arrive(data)
    drain(keys)
    put_back(envelope, data)
    other = lilas.arrive(final())
    with acting("registry_worker"):
        drain(keys)
    assert (row(envelope).state, bytes(row(envelope).body or b""), row(envelope).outcomes) == ("set-aside", data, None)
    assert row(other).outcomes == ["recorded"]
    assert Report.objects.count() == 2


def test_before_it_is_confirmed_it_is_opened_again(lilas: Sender, keys: RegistryClient) -> None:
    data = lilas.envelope(final())
    for _ in range(2):
        (answer,) = keys.ingest([data + stamp(data, plain=False, at=AT)], at=AT)
        assert isinstance(answer, Ingested)


@pytest.mark.parametrize("lost", ["the acknowledgement", "the log's entry"])
def test_a_signature_whose_transaction_fails_costs_nothing(lilas: Sender, keys: RegistryClient, lost: str) -> None:
    last = ("audit_entry", "insert", "new.event = 'batch-ingested'")
    table, event, when = {"the acknowledgement": ("intake_inboxenvelope", "update", "true"), "the log's entry": last}[lost]
    signing_keys = Counting(keys)
    envelope = lilas.arrive(final())
    break_table(table, event=event, when=when, error="disk_full")
    with pytest.raises(OperationalError):
        take_in(signing_keys, limit=10, at=AT)
    assert (signing_keys.signed, row(envelope).state, Report.objects.count()) == (1, "waiting", 0)
    mend_table(table)
    drain(keys)
    told = row(envelope)
    assert told.outcomes == ["recorded"]
    statement = statements.acknowledgement(envelope, ["recorded"], bytes(told.sealed_reasons or b""), AT)
    signing.check(key_list().receipt, bytes(told.signature or b""), statement)


class Counting(RegistryClient):
    """The real keyholder; `signed` counts what it has signed."""

    def __init__(self, keys: RegistryClient) -> None:
        self._keys, self.signed = keys, 0

    def ask(self, question: object) -> object:
        answer = self._keys.ask(question)  # type: ignore[arg-type]
        self.signed += len(getattr(question, "acknowledgements", ()))
        return answer


def test_a_confirmation_whose_transaction_fails_is_told_again(lilas: Sender, keys: RegistryClient) -> None:
    first = lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    lilas.arrive(final())
    break_table("results_report", error="disk_full")
    with pytest.raises(OperationalError):
        take_in(keys, limit=10, at=AT)
    assert list(Unconfirmed.objects.values_list("envelope", flat=True)) == [first]
    mend_table("results_report")
    drain(keys)
    assert not Unconfirmed.objects.exists()


def test_after_a_restored_database_the_operator_has_it_opened_once_more(lilas: Sender, keys: RegistryClient) -> None:
    data = lilas.envelope(final())
    envelope = world.arrive(data)
    drain(keys)
    put_back(envelope, data)
    Report.objects.all().delete()
    Identity.objects.all().delete()
    drain(keys)
    assert (row(envelope).state, keys.ingest([data + stamp(data, plain=False, at=AT)], at=AT)) == (
        "set-aside",
        [AlreadyAcknowledged()],
    )
    assert (readmit(keys), replay()) == (1, 1)
    drain(keys)
    assert row(envelope).outcomes == ["recorded"]
    assert readmit(keys) == 0


def ask(keys: RegistryClient, envelopes: Sequence[bytes], *, acknowledged: Sequence[UUID], at: datetime = AT) -> list[str]:
    return [
        type(one).__name__
        for one in keys.ingest([one + stamp(one, plain=False, at=AT) for one in envelopes], at=at, acknowledged=acknowledged)
    ]


def test_what_is_confirmed_is_refused_in_the_same_question_already(lilas: Sender, keys: RegistryClient) -> None:
    one, other = lilas.sealed(final()), lilas.sealed(final())
    told = ask(keys, [one.data, other.data], acknowledged=[Header.parse(one.data).envelope])
    assert told == ["AlreadyAcknowledged", "Ingested"]
