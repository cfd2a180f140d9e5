"""The door's addresses are answered without what only pages need, and exactly as behind it."""

import io
from typing import Any

import pytest
from django.core.signals import request_started
from django.db import IntegrityError, close_old_connections, transaction
from django.test import Client
from tests.plugins.services import break_table
from tests.registry.world import Publisher, Sender, final

from sceau.core.sealing.framing import CONTENT_TYPE, MOST_BYTES, join
from sceau.registry.api.envelopes import UNASKED
from sceau.registry.intake.models import InboxEnvelope

KEPT = ("Content-Type", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy")
Asked = dict[str, Any]


def asked(path: str, body: bytes = b"", **fields: str) -> Asked:
    """A request as the web server gives it."""
    server = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}
    sent = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO()}
    return {"REQUEST_METHOD": "POST" if body else "GET", "SCRIPT_NAME": "", "PATH_INFO": path, **server, **sent, **fields}


def told(request: Asked) -> tuple[int, dict[str, str]]:
    """Status and headers, from the application that the web server runs."""
    from sceau.registry.config.wsgi import application

    heard: list[tuple[int, dict[str, str]]] = []
    request_started.disconnect(close_old_connections)  # the test's transaction goes on, as with Django's own client
    try:
        answer: Any = application(request, lambda status, headers: heard.append((int(status[:3]), dict(headers))))
    finally:
        request_started.connect(close_old_connections)
    b"".join(answer)
    return heard[0]


def posted(body: bytes, token: str, **fields: str) -> Asked:
    return asked("/v1/envelopes", body, CONTENT_TYPE=CONTENT_TYPE, HTTP_AUTHORIZATION=f"Bearer {token}", **fields)


@pytest.fixture
def token(client: Client, publisher: Publisher) -> str:
    return publisher.token(client)


def test_an_envelope_is_taken(token: str, lilas: Sender) -> None:
    status, headers = told(posted(join([lilas.envelope(final())]), token))
    assert (status, InboxEnvelope.objects.count()) == (200, 1)
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("wanted", ["fr", "en"])
def test_it_answers_in_the_language_asked_for_as_pages_do(client: Client, wanted: str) -> None:
    _, headers = told(asked("/v1/envelopes", b"x", HTTP_ACCEPT_LANGUAGE=wanted))
    page = client.get("/health", headers={"Accept-Language": wanted})
    assert headers["Content-Language"] == page.headers["Content-Language"] == wanted
    assert "Accept-Language" in headers["Vary"]


def test_it_protects_as_pages_do(client: Client, token: str, lilas: Sender) -> None:
    _, headers = told(posted(join([lilas.envelope(final())]), token))
    page = client.get("/health")
    assert {name: headers.get(name) for name in KEPT[1:]} == {name: page.headers.get(name) for name in KEPT[1:]}


def test_another_host_is_refused(token: str, lilas: Sender) -> None:
    assert told(posted(join([lilas.envelope(final())]), token, HTTP_HOST="elsewhere.example"))[0] == 400


def test_a_refusal_speaks_the_callers_language(db: None) -> None:
    _, headers = told(posted(b"x", "unknown", HTTP_ACCEPT_LANGUAGE="en"))
    assert headers["Content-Language"] == "en"


def test_a_page_is_a_page(db: None) -> None:
    status, headers = told(asked("/accounts/login/"))
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_what_is_nearly_an_address_is_none(db: None) -> None:
    assert told(asked("/v1/envelopes/"))[0] in (302, 404)


def test_a_strangers_large_body_is_not_read(db: None) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("read before it is known who calls")

    request = posted(b"", "unknown", REQUEST_METHOD="POST", CONTENT_LENGTH=str(UNASKED + 1))
    assert told(request | {"wsgi.input": Unread()})[0] == 401


@pytest.mark.parametrize("length", [MOST_BYTES + 1, UNASKED + 1])
def test_larger_bodies_pass_by_the_same_checks(token: str, lilas: Sender, length: int) -> None:
    body = join([lilas.envelope(final())])
    padded = body + join([bytes(length - len(body) - 4)]) if length <= MOST_BYTES else body
    status, _ = told(posted(padded, token) | {"CONTENT_LENGTH": str(length)})
    assert (status, InboxEnvelope.objects.count()) == ((200, 1) if length <= MOST_BYTES else (413, 0))


@pytest.mark.parametrize("table", ["audit_entry", "procrastinate_jobs"])
def test_nothing_is_stored_that_the_log_or_the_intake_does_not_hear_of(post: Any, lilas: Sender, table: str) -> None:
    break_table(table)
    with pytest.raises(IntegrityError), transaction.atomic():
        post("/v1/envelopes", join([lilas.envelope(final())]), CONTENT_TYPE)
    assert not InboxEnvelope.objects.exists()
