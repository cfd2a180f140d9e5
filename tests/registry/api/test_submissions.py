"""`GET /v1/submissions`: what became of each row, for the software that sent it alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.plugins.services import acting
from tests.registry.doors.plain import elsewhere, message, outcomes, registered, table
from tests.registry.world import LILAS, OTHER, Publisher, key_list

from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.submissions.actions import submit
from sceau.registry.submissions.models import Sender, Submission
from sceau.registry.submissions.queries import MOST

Get = Callable[..., Any]


@pytest.fixture
def sender(publisher: Publisher) -> Sender:
    return registered(publisher, LILAS)


@pytest.fixture
def get(client: Client, publisher: Publisher) -> Get:
    """Asks as the software that sent."""
    return asking(client, publisher)


def asking(client: Client, publisher: Publisher) -> Get:
    headers = {"Authorization": f"Bearer {publisher.token(client)}"}
    return lambda path="", **query: client.get(f"/v1/submissions{path}", query, headers=headers)


def sent(sender: Sender, data: bytes, form: str = "hl7v2") -> UUID:
    return submit(data, form=form, sender=sender, registry=key_list(), at=timezone.now()).id


def test_a_row_waits_and_then_has_its_outcome(get: Get, sender: Sender, keys: RegistryClient) -> None:
    batch = b"BHS|^~\\&|X\r" + message() + message(elsewhere()) + message() + b"BTS|3\r"
    own = sent(sender, batch)
    told = get(f"/{own}").json()
    assert (told["state"], told["outcomes"]) == ("waiting", ["waiting", "refused", "waiting"])
    outcomes(keys)
    told = get(f"/{own}").json()
    assert (told["state"], told["outcomes"]) == ("done", ["recorded", "refused", "recorded"])
    assert (told["counts"], told["reasons"]) == ({"recorded": 2, "refused": 1}, {"other-pharmacy": 1})


def test_what_was_refused_whole_is_done(get: Get, sender: Sender) -> None:
    told = get(f"/{sent(sender, message(elsewhere()))}").json()
    assert (told["state"], told["outcomes"]) == ("done", ["refused"])


def test_what_is_set_aside_says_so(get: Get, sender: Sender) -> None:
    own = sent(sender, message())
    InboxEnvelope.objects.update(state="set-aside")
    assert get(f"/{own}").json()["state"] == "set-aside"


def test_another_software_learns_nothing(client: Client, sender: Sender) -> None:
    """Also one that sends for the same establishment."""
    another = Publisher.approved("Another")
    registered(another, LILAS)
    own = sent(sender, message())
    assert asking(client, another)(f"/{own}").json()["type"] == "urn:sceau:problem:submission-unknown"
    assert asking(client, another)().json()["submissions"] == []


def test_an_id_of_nothing_is_unknown(get: Get) -> None:
    assert get(f"/{uuid4()}").status_code == 404


@pytest.mark.parametrize("path", ["", f"/{uuid4()}"])
def test_a_stranger_is_not_heard(client: Client, db: None, path: str) -> None:
    assert client.get(f"/v1/submissions{path}").status_code == 401


def test_the_list_is_filtered(get: Get, publisher: Publisher, sender: Sender) -> None:
    there = registered(publisher, OTHER)
    first, second, third = sent(sender, message()), sent(sender, table(), "csv"), sent(there, message(elsewhere()))
    now = timezone.now()

    def ids(**query: Any) -> list[str]:
        return [one["id"] for one in get(**query).json()["submissions"]]

    assert ids() == [str(third), str(second), str(first)]
    assert ids(finess=LILAS) == [str(second), str(first)]
    assert ids(form="csv") == [str(second)]
    assert ids(before=str(second)) == [str(first)]
    assert ids(since=(now - timedelta(hours=1)).isoformat()) == ids()
    assert ids(until=(now - timedelta(hours=1)).isoformat()) == []


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "0001-01-01T00:00:00+18:00"},
        {"since": "2026-11-25T00:00:00"},
        {"before": "x"},
        {"name": "LUNEVILLE"},
        {"finess": "\0"},
        {"form": "pdf"},
    ],
)
def test_a_filter_that_is_none_is_refused(get: Get, query: dict[str, str]) -> None:
    assert get(**query).json()["type"] == "urn:sceau:problem:bad-request"


def test_a_long_list_goes_on(get: Get, sender: Sender, django_assert_num_queries: Any) -> None:
    fields = {"software_id": sender.software_id, "finess": LILAS, "form": "fhir", "received_at": timezone.now()}
    Submission.objects.bulk_create([Submission(**fields, rows=1, refused=[1], reasons={}, envelopes=[]) for _ in range(MOST + 1)])
    sent(sender, message())
    with django_assert_num_queries(3):
        first = get().json()
    rest = get(before=first["next"]).json()
    assert (len(first["submissions"]), len(rest["submissions"]), rest["next"]) == (MOST, 2, None)


def test_the_web_process_may_do_all_this(get: Get, sender: Sender) -> None:
    own = sent(sender, message())
    with acting("registry_web"):
        assert get(f"/{own}").status_code == 200
