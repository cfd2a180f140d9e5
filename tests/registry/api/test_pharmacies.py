"""`POST /v1/pharmacies`: a pharmacy asks for its key to be enrolled. The door tells how that stands, and enrols nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from tests.plugins.services import acting, break_table
from tests.registry.world import LILAS, OTHER, Publisher, asks, invite

from sceau.core.audit.models import Entry
from sceau.core.sealing import signing
from sceau.core.sealing.signing import key_digest
from sceau.registry.approvals.enums import Act
from sceau.registry.pharmacies import keys
from sceau.registry.pharmacies.models import Key, Pharmacy

Post = Callable[..., Any]
SEED, OTHER_SEED = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture(autouse=True)
def bruno(db: None) -> None:
    """The owner whom the authority invited."""
    invite(LILAS, "bruno@example.org")


def ask(post: Post, seed: bytes = SEED, **told: Any) -> Any:
    return post("/v1/pharmacies", msgspec.json.encode(asks(seed, **told)))


def states(finess: str = LILAS) -> list[str]:
    return list(Key.objects.filter(finess=finess).order_by("received_at").values_list("state", flat=True))


def decide(seed: bytes = SEED, *, confirmed: bool = True) -> None:
    digest = key_digest(signing.public_bytes(seed))
    if confirmed:
        keys.confirm(LILAS, digest=digest, read=digest, by="user:1", at=timezone.now())
    else:
        keys.refuse(LILAS, digest=digest, by="user:1", at=timezone.now())


def test_a_request_waits_for_the_owner_and_enrols_nothing(post: Post) -> None:
    with acting("registry_web"):
        response = ask(post)
    assert response.json() == {"state": "requested", "fingerprint": signing.fingerprint(signing.public_bytes(SEED))}
    assert (states(), Pharmacy.objects.count()) == (["requested"], 0)
    digest = key_digest(signing.public_bytes(SEED))
    assert list(Entry.objects.filter(event="key-requested").values_list("subject", "purpose")) == [(f"pharmacy:{LILAS}", digest)]


def test_asked_again_it_changes_nothing_and_tells_what_the_owner_decided(post: Post) -> None:
    at = timezone.now()
    ask(post, at=at)
    assert ask(post, at=at).json()["state"] == "requested"
    decide()
    assert ask(post, at=at).json()["state"] == "enrolled"
    assert states() == ["enrolled"]


def test_the_newest_request_takes_the_place_of_one_that_waits(post: Post) -> None:
    at = timezone.now()
    ask(post, at=at)
    ask(post, OTHER_SEED)
    assert ask(post, at=at).json()["state"] == "replaced"
    assert states() == ["replaced", "requested"]


def test_a_key_that_was_refused_comes_back_by_a_new_request_alone(post: Post) -> None:
    at = timezone.now() - timedelta(minutes=1)
    ask(post, at=at)
    decide(confirmed=False)
    assert ask(post, at=at).json()["state"] == "refused"
    assert ask(post).json()["state"] == "requested"


def test_a_key_that_ended_never_comes_back(post: Post) -> None:
    ask(post)
    decide()
    ask(post, OTHER_SEED)
    decide(OTHER_SEED)
    assert ask(post).json()["state"] == "ended"
    assert bytes(Pharmacy.objects.get().public_key) == signing.public_bytes(OTHER_SEED)


def test_where_no_owner_was_invited_a_request_is_answered_alike_and_kept_nowhere(post: Post) -> None:
    assert ask(post, finess=OTHER).json()["state"] == "requested"
    assert states(OTHER) == []


def test_nobody_floods_an_owner_with_requests(post: Post) -> None:
    for nth in range(keys.MOST_A_DAY):
        assert ask(post, nth.to_bytes(32)).status_code == 200
    assert ask(post, OTHER_SEED).status_code == 429
    invite(OTHER, "chloe@example.org")
    assert ask(post, finess=OTHER).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"signed_by": OTHER_SEED}, {"proved_for": OTHER}, {"proved_at": timezone.now() - timedelta(days=1)}]
)
def test_a_proof_by_another_key_for_another_pharmacy_or_time_is_refused(post: Post, wrong: dict[str, Any]) -> None:
    response = ask(post, **wrong)
    assert (response.status_code, response.json()["type"].rpartition(":")[2]) == (403, "enrolment-refused")
    assert states() == []


def test_what_is_wrong_with_a_request_is_named_by_its_place(post: Post) -> None:
    told = msgspec.to_builtins(asks(SEED))
    slip = post("/v1/pharmacies", msgspec.json.encode(told | {"finess": LILAS[:-1] + str((int(LILAS[-1]) + 1) % 10)}))
    assert (slip.status_code, slip.json()["detail"]) == (400, "$.finess: check_digit")
    nameless = post("/v1/pharmacies", msgspec.json.encode(told | {"name": ""}))
    assert (nameless.status_code, "$.name" in nameless.json()["detail"]) == (400, True)


@pytest.mark.parametrize(("ahead", "status"), [(timedelta(minutes=4), 200), (timedelta(minutes=6), 403)])
def test_a_request_from_the_future_would_outdo_every_later_one(post: Post, ahead: timedelta, status: int) -> None:
    assert ask(post, at=timezone.now() + ahead).status_code == status


def test_suspended_software_asks_for_nothing(post: Post, publisher: Publisher) -> None:
    publisher.decided(Act.SUSPEND)
    assert (ask(post).status_code, states()) == (403, [])


def test_if_the_log_cannot_be_told_nothing_is_kept(post: Post) -> None:
    break_table("audit_entry")
    with pytest.raises(Exception, match="broken for a test"):
        ask(post)


@pytest.mark.parametrize(("name", "status"), [("é" * 200, 200), ("x" * 201, 400), ("", 400), ("a\0b", 400)])
def test_a_name_has_1_to_200_characters(post: Post, name: str, status: int) -> None:
    assert ask(post, name=name).status_code == status


@pytest.mark.parametrize("body", [b"", b"{}", b'{"finess": "750123457"}'])
def test_a_body_that_is_no_request_is_a_bad_request(post: Post, body: bytes) -> None:
    assert post("/v1/pharmacies", body).status_code == 400


def test_a_finess_with_a_wrong_digit_is_a_bad_request(post: Post) -> None:
    body = msgspec.json.encode(asks(SEED)).replace(str(LILAS).encode(), b"750123458")
    assert post("/v1/pharmacies", body).status_code == 400


def test_a_time_without_a_zone_is_a_bad_request(post: Post) -> None:
    told = msgspec.to_builtins(asks(SEED)) | {"asked_at": datetime(2026, 1, 1).isoformat()}  # noqa: DTZ001
    assert post("/v1/pharmacies", msgspec.json.encode(told)).status_code == 400


def test_without_a_token_nobody_asks(client: Client) -> None:
    assert client.post("/v1/pharmacies", b"{}", content_type="application/json").status_code == 401


def test_it_is_asked_by_post_alone(client: Client) -> None:
    assert client.get("/v1/pharmacies").status_code == 405
