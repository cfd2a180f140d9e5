"""The door for tables may be knocked at by a page of the registry, from the browser, and by no other; it keeps nothing on a disk."""

import tempfile
from typing import Any

import pytest
from django.core.files import uploadedfile
from django.test import Client, override_settings
from tests.registry.doors.conftest import Knock
from tests.registry.doors.plain import CSV, TABLE
from tests.registry.world import LILAS, Publisher

from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.submissions.models import Sender

OURS, THEIRS = "http://localhost", "https://elsewhere.example"
ALLOWED = "Access-Control-Allow-Origin"


def asked(client: Client, path: str, origin: str) -> Any:
    """What a browser asks before it sends."""
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"):
        return client.options(path, headers=headers)


def test_a_page_of_the_registry_may_send_a_table(client: Client) -> None:
    told = asked(client, "/csv", OURS)
    assert (told.status_code, told.headers[ALLOWED]) == (204, OURS)
    assert "authorization" in told.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in told.headers


@pytest.mark.parametrize(("path", "origin"), [("/csv", THEIRS), ("/csv", "null"), ("/fhir", OURS), ("/hl7v2", OURS)])
def test_no_other_page_may_and_at_no_other_door(client: Client, path: str, origin: str) -> None:
    told = asked(client, path, origin)
    assert (told.status_code, ALLOWED in told.headers) == (405, False)


def test_the_answer_may_be_read_by_that_page_a_refusal_too(
    client: Client, publisher: Publisher, sender: Sender, keys: RegistryClient
) -> None:
    token = publisher.token(client)
    for bearer, status in ((token, 200), ("unknown", 401)):
        headers = {"Origin": OURS, "Authorization": f"Bearer {bearer}"}
        with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"):
            told = client.post(f"/csv?finess={LILAS}", TABLE, content_type=CSV, headers=headers)
        assert (told.status_code, told.headers[ALLOWED]) == (status, OURS)


def test_without_a_token_the_origin_is_worth_nothing(client: Client, sender: Sender) -> None:
    with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"):
        told = client.post(f"/csv?finess={LILAS}", TABLE, content_type=CSV, headers={"Origin": OURS})
    assert (told.status_code, InboxEnvelope.objects.count()) == (401, 0)


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a temporary file fails."""

    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a body was about to touch a disk")

    for module, name in ((tempfile, "NamedTemporaryFile"), (tempfile, "TemporaryFile"), (tempfile, "mkstemp")):
        monkeypatch.setattr(module, name, refuse)
    monkeypatch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", refuse)


def test_a_table_of_megabytes_stays_in_memory(knock: Knock, no_disk: None) -> None:
    header, _, row = TABLE.partition(b"\n")
    first = row.partition(b"\n")[0] + b"\n"
    many = header + b"\n" + first * 9_000
    assert len(many) > 1_000_000
    told = knock("/csv", many, CSV)
    assert (told.status_code, told.json()["rows"]) == (200, 9_000)


def test_a_form_with_a_file_is_refused_before_it_is_read(knock: Knock, no_disk: None) -> None:
    """What a page without its script would send."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"a" * 5_000_000 + b"\r\n--x--\r\n"
    told = knock("/csv", body, "multipart/form-data; boundary=x")
    assert (told.status_code, told.json()["detail"]) == (400, "Content-Type: text/csv")


def test_the_control_a_temporary_file_would_be_seen(no_disk: None) -> None:
    with pytest.raises(AssertionError, match="touch a disk"):
        uploadedfile.TemporaryUploadedFile("a.csv", CSV, 1, None)
