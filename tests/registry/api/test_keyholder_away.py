"""With the keyholder gone, what arrived is kept, whoever asks is told to come again, and nothing is set aside."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs
from tests.registry.world import AT, Publisher, Sender, final, send

from sceau.core.accounts import shared_cache
from sceau.core.accounts.keyholder import keyholder as accounts_keyholder
from sceau.core.keyholder import registry
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.errors import KeyholderError
from sceau.registry.config.keyholder import keyholder
from sceau.registry.intake.actions import take_in
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.intake.stamping import stamp


@pytest.fixture
def away(settings: Any, tmp_path: Path) -> Iterator[None]:
    """No socket where there should be one."""
    settings.KEYHOLDER = str(tmp_path / "none.sock")
    for cached in (keyholder, accounts_keyholder):
        cached.cache_clear()
    yield
    for cached in (keyholder, accounts_keyholder):
        cached.cache_clear()


def _has_its_stamp() -> None:
    """As a door that took something in before its keyholder went away."""
    stamp(b"", plain=False, at=timezone.now())


def test_the_door_keeps_what_came_and_asks_to_send_again(
    lilas: Sender, publisher: Publisher, client: Client, request: pytest.FixtureRequest
) -> None:
    data, post = lilas.envelope(final()), publisher.poster(client)
    _has_its_stamp()
    request.getfixturevalue("away")
    answer = send(post, [data])
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:sceau:problem:unavailable")
    assert bytes(InboxEnvelope.objects.get().body or b"") == data


def test_with_clocks_apart_the_sender_is_told_whose_they_are_and_keeps_what_it_has(
    lilas: Sender, post: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "SKEW", timedelta(minutes=5))
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) - timedelta(minutes=6))
    data = lilas.envelope(final())
    with capture_logs() as logged:
        answer = send(post, [data])
    assert (answer.status_code, answer.json()["detail"]) == (
        503,
        "Deux de ses horloges diffèrent\xa0: son exploitant doit les régler.",
    )
    assert ["differ by more than five minutes" in one["event"] for one in logged] == [True]
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) - timedelta(minutes=4))
    assert send(post, [data]).status_code == 200


def test_the_intake_waits_and_catches_up(lilas: Sender, keys: RegistryClient, tmp_path: Path) -> None:
    lilas.arrive(final())
    with pytest.raises(KeyholderError, match="unavailable"):
        take_in(RegistryClient(tmp_path / "none.sock"), limit=10, at=AT)
    assert InboxEnvelope.objects.get().state == "waiting"
    assert take_in(keys, limit=10, at=AT) == 1


@pytest.mark.parametrize(("known", "status"), [(False, 503), (True, 200)], ids=["from the start", "since a while"])
@pytest.mark.django_db
def test_signing_in_says_what_to_do(client: Client, request: pytest.FixtureRequest, known: bool, status: int) -> None:
    """The door's own key is asked for once a process: with it the form says so, without it a page."""
    shared_cache._key.cache_clear()
    if known:
        shared_cache._key()
    request.getfixturevalue("away")
    told = {"login": "farid@example.org", "password": "a password"}
    page = client.post("/accounts/login/", told, headers={"Accept-Language": "en"})
    assert page.status_code == status
    assert "Nothing is lost" in page.content.decode()
