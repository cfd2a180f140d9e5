"""Calls that come at once are stored in one transaction, and each is answered for its own envelopes."""

from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from jwt.algorithms import ECAlgorithm
from pytest_django import DjangoDbBlocker
from tests.registry.world import AT, Publisher, Sender, final
from uuid_utils.compat import uuid7

from sceau.core.audit.models import Entry
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.software_verbs import AddKey, SignIn
from sceau.core.sealing.header import Header
from sceau.registry.api.callers import Asked, callers_of, calling
from sceau.registry.approvals import tokens
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.intake.receiving import Call, Envelope, receive_all

PUBLISHER, OTHER_PUBLISHER = "software:one", "software:other"


def call(*data: bytes, by: str = PUBLISHER) -> Call:
    return Call([Envelope(Header.parse(one), one) for one in data], by, AT)


def told() -> set[tuple[str, str]]:
    return set(Entry.objects.filter(event="envelopes-received").values_list("by", "subject"))


def test_the_log_is_told_once_of_each_sender_how_many_it_sent(lilas: Sender) -> None:
    sent = [lilas.envelope(final()) for _ in range(4)]
    stored = receive_all([call(sent[0]), call(*sent[1:3], by=OTHER_PUBLISHER), call(sent[3])])
    assert [len(one) for one in stored] == [1, 2, 1]
    assert told() == {(PUBLISHER, "envelopes:2"), (OTHER_PUBLISHER, "envelopes:2")}
    assert InboxEnvelope.objects.count() == 4


def test_of_two_calls_with_one_id_only_the_one_whose_bytes_are_kept_is_answered_for(lilas: Sender) -> None:
    envelope = uuid7()
    one, other = (lilas.envelope(final(), envelope=envelope) for _ in range(2))
    stored = receive_all([call(one), call(other, by=OTHER_PUBLISHER)])
    kept = bytes(InboxEnvelope.objects.get().body or b"")
    assert stored == [{envelope} if one == kept else set(), {envelope} if other == kept else set()]
    assert told() == {(PUBLISHER, f"envelopes:{len(stored[0])}"), (OTHER_PUBLISHER, f"envelopes:{len(stored[1])}")}


def test_the_same_bytes_in_two_calls_are_kept_once_and_answered_for_in_both(lilas: Sender) -> None:
    data = lilas.envelope(final())
    assert receive_all([call(data), call(data)]) == [{Header.parse(data).envelope}] * 2
    assert InboxEnvelope.objects.count() == 1


def test_calls_that_fail_together_leave_nothing(lilas: Sender) -> None:
    good = call(lilas.envelope(final()))
    with pytest.raises(DatabaseError), transaction.atomic():
        receive_all([good, good._replace(by="x" * 61)])
    assert not InboxEnvelope.objects.exists()


def test_each_caller_is_known_by_its_own_token(lilas: Sender, publisher: Publisher, client: Client) -> None:
    token = tokens.read(publisher.token(client), at=timezone.now())
    finess = [str(lilas.finess)]
    stranger, mine, mine_alone = callers_of(
        [Asked(one, told, AT) for one, told in ((token._replace(software=uuid4()), finess), (token, finess), (token, []))]
    )
    assert (stranger, mine and mine.keys, mine_alone and mine_alone.keys) == (None, {finess[0]: lilas.public}, {})
    assert mine
    assert mine.software.id == publisher.software.id


def test_who_is_known_holds_no_connection_while_it_waits_for_others(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, keys: RegistryClient
) -> None:
    key, nobody = ec.generate_private_key(ec.SECP256R1()), uuid4()
    keys.ask(AddKey(nobody, ECAlgorithm.to_jwk(key.public_key(), as_dict=True)))
    token: Any = keys.ask(SignIn(Publisher(Software(id=nobody), key).assertion()))
    with django_db_blocker.unblock():
        with pytest.raises(SoftwareRefused):
            calling(token, (), at=timezone.now())
        assert connection.connection is None
