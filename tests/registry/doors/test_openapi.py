"""Every address keeps to its own OpenAPI document, whatever comes: seeded, some seconds in all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as limits
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance
from tests.registry.doors.plain import registered
from tests.registry.world import LILAS, Publisher

from sceau.core.web.machines import MachineHandler
from sceau.registry.api.openapi import document
from sceau.registry.api.urls import urlpatterns as registry
from sceau.registry.doors.urls import urlpatterns as doors

EXAMPLES = 40
KEPT: list[Any] = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DOORS = ("/fhir", "/fhir/metadata", "/hl7v2", "/csv")


@schemathesis.serializer("application/hl7-v2", "application/vnd.sceau.envelopes", "application/fhir+ndjson", "text/csv")
def as_bytes(context: object, value: object) -> bytes:
    """Whatever was generated, as the body itself."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def operations() -> list[tuple[str, str]]:
    return [(path, method) for path, item in document()["paths"].items() for method in item if method != "servers"]


def test_the_document_is_served_to_anybody_and_names_every_address(client: Client, db: None) -> None:
    told = client.get("/v1/openapi.json").json()
    patterns = {f"/{one.pattern}".replace("<uuid:submission>", "{submission}") for one in (*registry, *doors)}
    assert set(told["paths"]) == patterns - {"/health"}
    assert told["paths"]["/fhir"]["servers"] == [{"url": settings.DOORS_URL}]


@pytest.mark.parametrize(("path", "method"), operations())
def test_every_address_keeps_to_it(client: Client, publisher: Publisher, path: str, method: str) -> None:
    registered(publisher, LILAS)
    bearer = {"Authorization": f"Bearer {publisher.token(client)}"}
    conf = "sceau.registry.doors.urls" if path in DOORS else settings.ROOT_URLCONF
    schema = schemathesis.openapi.from_dict(document())
    schema.app = MachineHandler()

    @limits(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method.upper()].as_strategy())
    def holds(case: Case[Any]) -> None:
        if path in DOORS and case.query:
            case.query["finess"] = str(LILAS)
        case.call_and_validate(base_url="http://localhost", headers=bearer, checks=KEPT)

    with override_settings(ROOT_URLCONF=conf), connected():
        holds()


@contextmanager
def connected() -> Iterator[None]:
    """Each request in this test's transaction, which its end would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
