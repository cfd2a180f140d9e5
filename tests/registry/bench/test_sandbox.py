"""A sandbox: whom it knows, what it answers on purpose, what it notes; and what a registry believes of it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from jwt.algorithms import ECAlgorithm
from pytest_django import Settings
from tests.plugins.services import acting
from tests.registry.world import AUDIENCE, LILAS, Publisher, Sender, arrive, asks, sign_in

from sceau.core.sealing import signing
from sceau.core.sealing.framing import CONTENT_TYPE, join
from sceau.registry.api.faults import Faults
from sceau.registry.approvals import showing
from sceau.registry.approvals.errors import BenchAway
from sceau.registry.approvals.models import Evidence, Software
from sceau.registry.approvals.showing import Document, Signed
from sceau.registry.bench import evidence, mirror
from sceau.registry.bench.mirror import Told
from sceau.registry.bench.models import Arrival, Call
from sceau.registry.bench.scenarios import PERSONS, reference
from sceau.registry.bench.witness import Witness
from sceau.registry.intake.actions import take_in
from sceau.registry.pharmacies.models import Pharmacy

KEY = ec.generate_private_key(ec.SECP256R1())


def told() -> Told:
    """Gaëlle's product as the registry tells it."""
    jwk = ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    return Told(uuid4(), "Gaëlle Logiciels", "GaëllePharma", "1", [jwk], timezone.now())


@pytest.fixture
def tested(db: None) -> Publisher:
    """Her product in the sandbox."""
    product = told()
    mirror.take_over(product, at=timezone.now())
    return Publisher(Software.objects.get(pk=product.id), KEY)


@pytest.fixture
def sender(tested: Publisher) -> Sender:
    """A pharmacy whose key the sandbox took at once."""
    made = Sender(tested.software.id, LILAS, signing.signer(bytes(range(32))))
    Pharmacy.objects.create(finess=LILAS, name="Essai", public_key=made.public, enrolled_at=timezone.now())
    return made


def envelope_about(sender: Sender) -> bytes:
    """What the bench asks to be sent, of everybody who consents."""
    from sceau.core.report.model import Performer

    return sender.envelope(*reference(Performer(name="Essai", finess=LILAS), at=timezone.now()))


def test_software_under_test_signs_in_with_the_key_that_the_registry_tells(client: Client, tested: Publisher) -> None:
    assert sign_in(client, tested.assertion()).status_code == 200
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert sign_in(client, jwt.encode(tested.claims(), stranger, algorithm="ES256")).status_code == 401
    assert tested.claims()["aud"] == AUDIENCE


def test_a_key_that_the_registry_does_not_tell_any_more_ends_within_a_day(tested: Publisher) -> None:
    key = tested.software.keys.get()
    assert key.ends_at
    assert (key.ends_at - timezone.now()).total_seconds() <= 24 * 3600


def test_nobody_asks_another_address_than_the_registrys_and_what_does_not_answer_changes_nothing(
    db: None, settings: Settings
) -> None:
    settings.SANDBOX_OF = "http://127.0.0.1:1"
    mirror.refresh(jwt.encode({"sub": str(uuid4())}, "x" * 32), at=timezone.now())
    mirror.refresh("garbage", at=timezone.now())
    assert not Software.objects.exists()


def test_a_pharmacys_key_is_enrolled_at_once_and_never_outside_a_sandbox(
    client: Client, tested: Publisher, settings: Settings
) -> None:
    post = tested.poster(client)
    body = msgspec.json.encode(asks(bytes(range(32))))
    assert post("/v1/pharmacies", body).json()["state"] == "requested"
    settings.SANDBOX_OF = "http://127.0.0.1:1"
    assert post("/v1/pharmacies", body).json()["state"] == "enrolled"


def answers(client: Client, tested: Publisher, sender: Sender, times: int) -> Iterable[Any]:
    """What the door before which the faults stand answers, call by call; each sends an envelope of its own."""
    token = tested.token(client)
    met = Faults(lambda request: HttpResponse(b"stored"))
    for _ in range(times):
        request: HttpRequest = RequestFactory().post(
            "/v1/envelopes",
            join([envelope_about(sender)]),
            content_type=CONTENT_TYPE,
            headers={"Authorization": f"Bearer {token}"},
        )
        yield met(request)


def test_the_first_three_calls_that_send_go_wrong_each_otherwise(client: Client, tested: Publisher, sender: Sender) -> None:
    first, second, third, fourth = answers(client, tested, sender, 4)
    assert [one.status_code for one in (first, second, fourth)] == [503, 403, 200]
    assert json.loads(second.content)["type"].endswith("software-suspended")
    assert isinstance(third, StreamingHttpResponse)
    assert third["Content-Length"] == "6"
    parts = iter(third)
    assert next(parts) == b"s"
    with pytest.raises(ConnectionAbortedError):
        next(parts)
    assert [one.fault for one in Call.objects.order_by("id")] == ["unavailable", "suspended", "dropped", ""]


def test_begun_again_they_go_wrong_again(client: Client, tested: Publisher, sender: Sender) -> None:
    list(answers(client, tested, sender, 3))
    Software.objects.update(tested_from=timezone.now())
    assert next(iter(answers(client, tested, sender, 1))).status_code == 503


def test_a_stranger_meets_no_fault_and_is_not_noted(client: Client, tested: Publisher, sender: Sender) -> None:
    met = Faults(lambda request: HttpResponse(b"the door's own"))
    for headers in ({}, {"Authorization": "Bearer stranger"}):
        request = RequestFactory().post("/v1/envelopes", b"x", content_type=CONTENT_TYPE, headers=headers)
        assert b"".join(met(request)) == b"the door's own"
    assert not Call.objects.exists()


def test_who_a_report_is_about_is_told_by_blind_tokens_and_a_stranger_is_nobody(tested: Publisher, sender: Sender) -> None:
    from tests.registry.world import final

    arrive(envelope_about(sender), at=timezone.now())
    arrive(sender.envelope(final()), at=timezone.now())
    with acting("registry_worker"):
        take_in(Witness(Path(settings.KEYHOLDER)), limit=10, at=timezone.now())
    seen = [one for one in Arrival.objects.order_by("id") if one.report]
    assert [one.scenario for one in seen[:-1]] == [name for name in PERSONS if name != "out-of-scope"]
    assert seen[-1].scenario == ""
    refused = Arrival.objects.get(report=None)
    assert (refused.status, refused.scenario, refused.findings) == ("refused", "", [])


def test_elsewhere_than_in_a_sandbox_there_is_no_evidence(client: Client, tested: Publisher) -> None:
    assert client.get("/v1/bench", {"id": str(tested.software.id)}).status_code == 404
    assert client.get("/v1/bench", {"id": "x"}).status_code == 400


@pytest.fixture
def signed(tested: Publisher, settings: Settings, keys: Any) -> Signed:
    """What the sandbox says; this process is the registry as well, and pins its root."""
    settings.BENCH_URL, settings.BENCH_ROOT = "http://bench.example", keys.keys()[1].hex()
    return evidence.signed(tested.software, at=timezone.now())


def believed(monkeypatch: pytest.MonkeyPatch, keys: Any, software: Software, told: Signed) -> Evidence:
    served = {"/v1/keys": keys.keys()[0], f"/v1/bench?id={software.pk}": msgspec.json.encode(told)}
    monkeypatch.setattr(showing, "_get", lambda path: served[path])
    return showing.look(software, by="user:1", at=timezone.now())


def test_signed_by_the_pinned_sandbox_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, keys: Any, tested: Publisher, signed: Signed
) -> None:
    kept = believed(monkeypatch, keys, tested.software, signed)
    assert (kept.passed, kept.document["software"]) == (False, str(tested.software.pk))
    assert {one["passed"] for one in kept.document["scenarios"]} == {False}


def test_changed_or_of_another_product_or_of_an_earlier_test_it_is_not(
    monkeypatch: pytest.MonkeyPatch, keys: Any, tested: Publisher, signed: Signed
) -> None:
    document = msgspec.json.decode(signed.document, type=Document)
    better = msgspec.structs.replace(document, scenarios=[])
    forged = msgspec.structs.replace(signed, document=msgspec.json.encode(better))
    other = evidence.signed(Publisher.approved("Another").software, at=timezone.now())
    for told in (forged, other):
        with pytest.raises(BenchAway):
            believed(monkeypatch, keys, tested.software, told)
    tested.software.tested_from = timezone.now()
    with pytest.raises(BenchAway):
        believed(monkeypatch, keys, tested.software, signed)
    assert not Evidence.objects.exists()


def test_under_another_root_than_the_pinned_one_it_is_not(
    monkeypatch: pytest.MonkeyPatch, keys: Any, tested: Publisher, signed: Signed, settings: Settings
) -> None:
    settings.BENCH_ROOT = signing.public_bytes(bytes(32)).hex()
    with pytest.raises(BenchAway):
        believed(monkeypatch, keys, tested.software, signed)
