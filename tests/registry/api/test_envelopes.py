"""`POST /v1/envelopes`: the door, from the bearer token to the signed receipt."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.test import Client
from tests.plugins.services import acting
from tests.registry.world import OTHER, Publisher, Sender, final, key_list, send
from uuid_utils.compat import uuid7

from sceau.core.audit import merkle
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.problems import ProblemDetails
from sceau.core.sealing import signing, statements
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.framing import CONTENT_TYPE, MOST_BYTES, join
from sceau.core.wire import Receipt
from sceau.registry.approvals.enums import Act
from sceau.registry.intake.models import InboxEnvelope

Post = Callable[..., Any]


def receipt(response: Any) -> Receipt:
    assert response.status_code == 200, response.content
    return msgspec.json.decode(response.content, type=Receipt)


def problems(response: Any) -> list[str]:
    """What the receipt says of each envelope: `stored`, or the type of its problem."""
    return [str(one.problem.kind) if one.problem else "stored" for one in receipt(response).envelopes]


def refusal(response: Any) -> ProblemDetails:
    assert response.headers["Content-Type"] == "application/problem+json"
    told = msgspec.json.decode(response.content, type=ProblemDetails)
    assert told.status == response.status_code
    return told


def bearer(client: Client, token: str) -> Any:
    return client.post("/v1/envelopes", b"", content_type=CONTENT_TYPE, headers={"Authorization": token})


def test_a_receipt_is_signed_for_exactly_what_was_sent(post: Post, lilas: Sender, keys: RegistryClient) -> None:
    sent = [lilas.envelope(final()), lilas.envelope(final(), final())]
    told = receipt(send(post, sent))
    root = merkle.root([merkle.leaf(one) for one in sent])
    pinned = key_list()
    signing.check(pinned.receipt, told.signature, statements.receipt(root, 2, told.received_at))
    assert (told.root, [one.id for one in told.envelopes]) == (root, list(ids()))


def ids() -> list[UUID]:
    return list(InboxEnvelope.objects.order_by("id").values_list("id", flat=True))


def test_a_receipt_does_not_answer_for_other_bytes(post: Post, lilas: Sender, keys: RegistryClient) -> None:
    told = receipt(send(post, [lilas.envelope(final())]))
    root = merkle.root([merkle.leaf(lilas.envelope(final()))])
    with pytest.raises(SealingError, match="bad-signature"):
        signing.check(key_list().receipt, told.signature, statements.receipt(root, 1, told.received_at))


def test_what_is_stored_is_the_envelope_and_the_software_it_came_from(post: Post, lilas: Sender) -> None:
    data = lilas.envelope(final())
    send(post, [data])
    row = InboxEnvelope.objects.get()
    assert (bytes(row.body or b""), row.software_id, row.finess, row.state) == (data, lilas.software, lilas.finess, "waiting")


def test_the_web_process_may_do_all_this(client: Client, publisher: Publisher, lilas: Sender) -> None:
    with acting("registry_web"):
        assert problems(send(publisher.poster(client), [lilas.envelope(final())])) == ["stored"]


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Bearer unknown", "Basic dXNlcjpwYXNz", "Bearer \xe9"])
def test_without_a_live_token_nobody_is_heard(client: Client, db: None, token: str) -> None:
    response = bearer(client, token)
    assert refusal(response).kind == "token-refused"
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="sceau"'


@pytest.mark.parametrize(("minutes", "status"), [(5, 401), (4, 200)], ids=["expired", "live"])
def test_a_token_ends_by_the_clock(post: Post, lilas: Sender, monkeypatch: pytest.MonkeyPatch, minutes: int, status: int) -> None:
    data = lilas.envelope(final())
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) + timedelta(minutes=minutes))
    assert send(post, [data]).status_code == status


@pytest.mark.parametrize(("act", "state"), [(Act.SUSPEND, "suspended"), (Act.WITHDRAW, "withdrawn")])
def test_a_decision_takes_effect_at_the_next_request_and_says_why(
    post: Post, publisher: Publisher, lilas: Sender, act: Act, state: str
) -> None:
    assert send(post, [lilas.envelope(final())]).status_code == 200
    publisher.decided(act, reason="loses results")
    told = refusal(send(post, [lilas.envelope(final())]))
    assert (told.status, told.kind, told.detail) == (403, f"software-{state}", "loses results")
    assert (told.see, len(ids())) == ("http://localhost/software/", 1)


def test_approved_again_it_is_heard_again_with_the_same_token(post: Post, publisher: Publisher, lilas: Sender) -> None:
    publisher.decided(Act.SUSPEND)
    publisher.decided(Act.APPROVE)
    assert problems(send(post, [lilas.envelope(final())])) == ["stored"]


def test_a_suspension_of_other_software_changes_nothing(post: Post, lilas: Sender) -> None:
    Publisher.approved("Another").decided(Act.SUSPEND)
    assert problems(send(post, [lilas.envelope(final())])) == ["stored"]


@pytest.mark.parametrize("cut", [1, 3, 5, -1])
def test_a_broken_frame_stores_nothing(post: Post, lilas: Sender, cut: int) -> None:
    whole = join([lilas.envelope(final())])
    assert refusal(post("/v1/envelopes", whole[:cut], CONTENT_TYPE)).kind == "bad-request"
    assert ids() == []


def test_an_empty_body_is_a_bad_request(post: Post) -> None:
    assert refusal(post("/v1/envelopes", b"", CONTENT_TYPE)).kind == "bad-request"


@pytest.mark.parametrize(("more", "status"), [(0, 400), (1, 413)], ids=["16 MiB", "a byte more"])
def test_a_body_has_16_mib_at_most(post: Post, more: int, status: int) -> None:
    assert refusal(post("/v1/envelopes", bytes(MOST_BYTES + more), CONTENT_TYPE)).status == status


def test_a_thousand_and_one_envelopes_are_too_many(post: Post) -> None:
    assert refusal(post("/v1/envelopes", join([b"x"] * 1_001), CONTENT_TYPE)).status in (400, 413)


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream", "text/plain"])
def test_another_content_type_is_told_the_right_one(post: Post, lilas: Sender, content_type: str) -> None:
    told = refusal(post("/v1/envelopes", join([lilas.envelope(final())]), content_type))
    assert (told.status, CONTENT_TYPE in told.detail) == (400, True)


def test_an_envelope_of_a_pharmacy_that_is_not_enrolled_is_refused(post: Post, lilas: Sender) -> None:
    stranger = lilas._replace(finess=OTHER)
    assert problems(send(post, [stranger.envelope(final())])) == ["pharmacy-not-enrolled"]


def test_an_envelope_signed_by_another_key_is_refused(post: Post, lilas: Sender) -> None:
    other = lilas._replace(signer=signing.signer(bytes(32)))
    assert problems(send(post, [other.envelope(final())])) == ["bad-envelope"]


def test_an_envelope_that_names_other_software_is_refused_even_if_that_is_approved(post: Post, lilas: Sender) -> None:
    other = lilas._replace(software=Publisher.approved("Another").software.id)
    assert problems(send(post, [other.envelope(final())])) == ["other-software"]


def test_an_envelope_without_a_readable_header_has_no_id(post: Post, lilas: Sender) -> None:
    (told,) = receipt(send(post, [b"not an envelope"])).envelopes
    assert told.id is None
    assert told.problem is not None
    assert told.problem.kind == "bad-envelope"


def test_other_bytes_under_a_used_id_are_refused_and_the_first_are_kept(post: Post, lilas: Sender) -> None:
    shared = uuid7()
    first, second = (lilas.envelope(final(), envelope=shared) for _ in range(2))
    send(post, [first])
    (told,) = receipt(send(post, [second])).envelopes
    assert told.problem is not None
    assert (told.problem.kind, told.problem.status) == ("envelope-reused", 409)
    assert bytes(InboxEnvelope.objects.get(id=shared).body or b"") == first


def test_the_same_bytes_again_are_received_again_as_one_row(post: Post, lilas: Sender) -> None:
    data = lilas.envelope(final())
    assert [problems(send(post, [data])) for _ in range(2)] == [["stored"], ["stored"]]
    assert len(ids()) == 1


def test_the_same_bytes_twice_in_one_request_are_one_row(post: Post, lilas: Sender) -> None:
    data = lilas.envelope(final())
    assert (problems(send(post, [data, data])), len(ids())) == (["stored", "stored"], 1)


def test_of_two_envelopes_with_one_id_in_one_request_only_what_is_kept_is_receipted(post: Post, lilas: Sender) -> None:
    shared = uuid7()
    first, second = (lilas.envelope(final(), envelope=shared) for _ in range(2))
    told = receipt(send(post, [first, second]))
    assert [one.problem is None for one in told.envelopes] == [True, False]
    assert (told.root, bytes(InboxEnvelope.objects.get().body or b"")) == (merkle.root([merkle.leaf(first)]), first)


def test_a_bad_envelope_among_good_ones_stops_none_of_them(post: Post, lilas: Sender, keys: RegistryClient) -> None:
    good = [lilas.envelope(final()), lilas.envelope(final())]
    bad = bytearray(lilas.envelope(final()))
    bad[-1] ^= 1
    response = send(post, [good[0], bytes(bad), good[1]])
    assert problems(response) == ["stored", "bad-envelope", "stored"]
    assert (receipt(response).root, len(ids())) == (merkle.root([merkle.leaf(one) for one in good]), 2)


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_another_method_is_not_allowed(client: Client, db: None, method: str) -> None:
    response = getattr(client, method)("/v1/envelopes")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
