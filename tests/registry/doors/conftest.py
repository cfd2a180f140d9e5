from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings
from tests.registry.doors.plain import registered
from tests.registry.world import LILAS, Publisher

from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.scope import Scope
from sceau.registry.submissions.models import Sender

Knock = Callable[..., Any]


@pytest.fixture
def publisher(db: None) -> Publisher:
    """Gaëlle's software, approved by Farid for every form."""
    return Publisher.approved("Sceau Comptoir", Scope(tuple(Format)))


@pytest.fixture
def sender(publisher: Publisher) -> Sender:
    """Amina's pharmacy, for which Gaëlle's software sends plain: Farid registered it."""
    return registered(publisher, LILAS, certificate=bytes(32))


@pytest.fixture
def knock(client: Client, publisher: Publisher, sender: Sender) -> Knock:
    """Posts to a plain door with a live token of this software; `finess` is for whom it speaks."""
    token = publisher.token(client)

    def post(path: str, body: bytes, kind: str, *, finess: str | None = LILAS, bearer: str = token, language: str = "en") -> Any:
        query = "" if finess is None else f"?finess={finess}"
        headers = {"Authorization": f"Bearer {bearer}", "Accept-Language": language}
        with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"):
            return client.post(path + query, body, content_type=kind, headers=headers)

    return post
