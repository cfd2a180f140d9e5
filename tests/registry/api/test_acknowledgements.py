"""`POST /v1/acknowledgements/search`: each software learns of its own envelopes only."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.test import Client
from tests.plugins.services import acting
from tests.registry.world import AT, Publisher, Sender, final, key_list

from sceau.core.keyholder.clients import RegistryClient
from sceau.core.sealing import signing, statements
from sceau.core.wire import Acknowledgement, Acknowledgements, Search
from sceau.registry.intake.actions import take_in

Post = Callable[..., Any]


def search(post: Post, *envelopes: UUID) -> list[Acknowledgement]:
    response = post("/v1/acknowledgements/search", msgspec.json.encode(Search(list(envelopes))))
    assert response.status_code == 200
    return msgspec.json.decode(response.content, type=Acknowledgements).acknowledgements


def test_an_acknowledgement_tells_each_outcome_under_the_registrys_signature(
    post: Post, lilas: Sender, keys: RegistryClient
) -> None:
    envelope = lilas.arrive(final(), b"{}")
    take_in(keys, limit=10, at=AT)
    with acting("registry_web"):
        (told,) = search(post, envelope)
    statement = statements.acknowledgement(envelope, told.outcomes, told.sealed_reasons, told.acknowledged_at)
    signing.check(key_list().receipt, told.signature, statement)
    assert told.outcomes == ["recorded", "refused"]


def test_what_is_not_yet_answered_is_left_out(post: Post, lilas: Sender, keys: RegistryClient) -> None:
    answered = lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    waiting = lilas.arrive(final())
    assert [one.envelope for one in search(post, answered, waiting, uuid4())] == [answered]


def test_other_software_learns_nothing_of_it(client: Client, lilas: Sender, keys: RegistryClient) -> None:
    envelope = lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    assert search(Publisher.approved("Another").poster(client), envelope) == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"envelopes": ["x"]}', b"\xff"])
def test_a_body_that_is_no_search_is_a_bad_request(post: Post, body: bytes) -> None:
    assert post("/v1/acknowledgements/search", body).status_code == 400


@pytest.mark.parametrize(("count", "status"), [(1_000, 200), (1_001, 413)])
def test_a_thousand_may_be_asked_for_at_once(post: Post, count: int, status: int) -> None:
    body = msgspec.json.encode(Search([uuid4()] * count))
    assert post("/v1/acknowledgements/search", body).status_code == status


def test_without_a_token_nothing_is_told(client: Client, db: None) -> None:
    assert client.post("/v1/acknowledgements/search", b"{}", content_type="application/json").status_code == 401


def test_get_is_not_allowed(client: Client, db: None) -> None:
    assert client.get("/v1/acknowledgements/search").status_code == 405
