"""A product's keys: what is taken, what is refused and why, and how one takes over from another."""

import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.test import Client
from django.utils import timezone
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from tests.registry.world import Publisher, public_jwk, sign_in

from sceau.core.audit.models import Entry
from sceau.registry.approvals import actions as approvals
from sceau.registry.approvals import keys, tokens
from sceau.registry.approvals.enums import Act
from sceau.registry.approvals.errors import Flaw, KeyRefused
from sceau.registry.approvals.jwk import read
from sceau.registry.approvals.models import Key, Leaked

PAIR = ec.generate_private_key(ec.SECP256R1())
PUBLIC = ECAlgorithm.to_jwk(PAIR.public_key(), as_dict=True)
PRIVATE = ECAlgorithm.to_jwk(PAIR, as_dict=True)
PEM = PAIR.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
RSA = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048).public_key(), as_dict=True)
OFF_CURVE = PUBLIC | {"y": PUBLIC["x"]}


def flaw(text: str) -> Flaw:
    with pytest.raises(KeyRefused) as refused:
        read(text)
    return refused.value.flaw


@pytest.mark.parametrize(
    "told",
    [
        PUBLIC,
        PUBLIC | {"alg": "ES256", "use": "sig", "kid": "of the publisher's own"},
        {"keys": [PUBLIC]},
        json.loads(public_jwk(ec.SECP384R1())) | {"alg": "ES384", "key_ops": ["verify"]},
    ],
    ids=["bare", "with its uses", "a set of one", "P-384"],
)
def test_a_public_key_on_a_curve_we_take_is_read(told: object) -> None:
    assert set(read(json.dumps(told)).jwk) == {"kty", "crv", "x", "y"}


def pem(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_public_key_as_openssl_writes_it_is_the_same_key() -> None:
    assert read(pem(PAIR.public_key()) + "\n") == read(json.dumps(PUBLIC))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (pem(rsa.generate_private_key(65537, 2048).public_key()), Flaw.ALGORITHM),
        (pem(ec.generate_private_key(ec.SECP256K1()).public_key()), Flaw.ALGORITHM),
        (pem(PAIR.public_key())[:90], Flaw.UNREADABLE),
        (PEM + pem(PAIR.public_key()), Flaw.PRIVATE),
    ],
    ids=["RSA", "another curve", "cut off", "with the private half"],
)
def test_another_key_in_pem_is_refused_for_what_it_is(text: str, why: Flaw) -> None:
    assert flaw(text) == why


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (PRIVATE, Flaw.PRIVATE),
        ({"keys": [PRIVATE]}, Flaw.PRIVATE),
        ({"kty": "oct", "k": "c2VjcmV0"}, Flaw.PRIVATE),
        (RSA, Flaw.ALGORITHM),
        (json.loads(public_jwk(ec.SECP521R1())), Flaw.ALGORITHM),
        (json.loads(public_jwk(ec.SECP256K1())), Flaw.ALGORITHM),
        (PUBLIC | {"alg": "ES384"}, Flaw.ALGORITHM),
        (PUBLIC | {"use": "enc"}, Flaw.NOT_FOR_SIGNING),
        (PUBLIC | {"key_ops": ["encrypt"]}, Flaw.NOT_FOR_SIGNING),
        (OFF_CURVE, Flaw.UNREADABLE),
        (PUBLIC | {"x": "AAAA"}, Flaw.UNREADABLE),
        ({"keys": [PUBLIC, PUBLIC]}, Flaw.UNREADABLE),
        ({"keys": []}, Flaw.UNREADABLE),
        ([PUBLIC], Flaw.UNREADABLE),
        ("x" * 20_000, Flaw.UNREADABLE),
    ],
)
def test_another_is_refused_by_what_is_wrong_with_it(told: object, why: Flaw) -> None:
    assert flaw(json.dumps(told)) is why


@pytest.mark.parametrize("text", [PEM, "garbage\n" + PEM, "-----BEGIN ENCRYPTED PRIVATE KEY-----"])
def test_a_private_key_in_pem_is_known_for_one(text: str) -> None:
    assert flaw(text) is Flaw.PRIVATE


@pytest.mark.parametrize("text", [json.dumps(PRIVATE), PEM], ids=["jwk", "pem"])
def test_the_public_half_of_a_private_key_that_was_sent_is_never_taken_and_nothing_of_it_is_kept(
    publisher: Publisher, text: str
) -> None:
    for sent, why in ((text, Flaw.PRIVATE), (json.dumps(PUBLIC), Flaw.LEAKED)):
        with pytest.raises(KeyRefused) as refused:
            keys.add(publisher.software, sent, by="user:1", at=timezone.now())
        assert refused.value.flaw is why
    assert [one.thumbprint for one in Leaked.objects.all()] == [read(json.dumps(PUBLIC)).thumbprint]
    assert keys.add(publisher.software, public_jwk(), by="user:1", at=timezone.now()).ends_at is None


def test_no_key_serves_two_products(publisher: Publisher) -> None:
    other = Publisher.approved("Another")
    for software in (publisher.software, other.software):
        with pytest.raises(KeyRefused, match="known"):
            keys.add(software, json.dumps(publisher.software.keys.get().jwk), by="user:1", at=timezone.now())


def test_while_one_key_takes_over_both_sign_in_and_then_the_new_one_alone(client: Client, publisher: Publisher) -> None:
    heir = Publisher(publisher.software, ec.generate_private_key(ec.SECP256R1()))
    now = timezone.now()
    public = json.dumps(ECAlgorithm.to_jwk(heir.key.public_key(), as_dict=True))
    keys.add(publisher.software, public, by="user:1", at=now, overlap=timedelta(days=3))
    before = Key.objects.get(ends_at__isnull=False)
    assert before.ends_at == now + timedelta(days=3)
    assert [sign_in(client, one.assertion()).status_code for one in (publisher, heir)] == [200, 200]
    keys.end(before, by="user:1", at=timezone.now())
    assert [sign_in(client, one.assertion()).status_code for one in (publisher, heir)] == [401, 200]


def test_a_token_lives_no_longer_than_the_key_that_signed_for_it(client: Client, publisher: Publisher) -> None:
    keys.add(publisher.software, public_jwk(), by="user:1", at=timezone.now(), overlap=timedelta(minutes=1))
    token = tokens.read(publisher.token(client), at=timezone.now())
    assert timedelta(0) < token.expires_at - token.issued_at <= timedelta(minutes=1)


def test_a_key_ended_at_once_takes_its_tokens_with_it(client: Client, publisher: Publisher) -> None:
    token = publisher.token(client)
    keys.end(publisher.software.keys.get(), by="user:1", at=timezone.now())
    answer = client.post("/v1/envelopes", b"", content_type="x/y", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["type"].endswith("token-refused")
    assert sign_in(client, publisher.assertion()).status_code == 401


def test_a_third_key_waits_until_the_first_has_ended(publisher: Publisher) -> None:
    now = timezone.now()
    keys.add(publisher.software, public_jwk(), by="user:1", at=now)
    with pytest.raises(KeyRefused, match="too-many"):
        keys.add(publisher.software, public_jwk(), by="user:1", at=now)
    assert keys.add(publisher.software, public_jwk(), by="user:1", at=now + timedelta(days=8)).ends_at is None


def heir(publisher: Publisher) -> tuple[Publisher, str]:
    """The product with another key of its publisher's, and its public half signed by the one before."""
    other = Publisher(publisher.software, ec.generate_private_key(ec.SECP256R1()))
    jwk = ECAlgorithm.to_jwk(other.key.public_key(), as_dict=True)
    return other, publisher.proof(jwk)


def test_a_key_that_the_one_before_signed_is_heard_at_once(client: Client, publisher: Publisher, as_web: None) -> None:
    other, signed = heir(publisher)
    assert not keys.add(publisher.software, signed, by="user:1", at=timezone.now()).waits
    assert [sign_in(client, one.assertion()).status_code for one in (publisher, other)] == [200, 200]


def test_a_bare_key_of_approved_software_waits_and_the_one_before_stays(
    client: Client, publisher: Publisher, as_web: None
) -> None:
    """A stolen session, or code in the web process, gives one that nobody hears."""
    other, _ = heir(publisher)
    bare = json.dumps(ECAlgorithm.to_jwk(other.key.public_key(), as_dict=True))
    assert keys.add(publisher.software, bare, by="user:1", at=timezone.now()).waits
    assert Key.objects.get(waits=False).ends_at is None
    assert [sign_in(client, one.assertion()).status_code for one in (publisher, other)] == [200, 401]
    Key.objects.update(waits=False, ends_at=timezone.now() + timedelta(days=1))  # whoever may write to the database
    assert [sign_in(client, one.assertion()).status_code for one in (publisher, other)] == [200, 401]


def test_a_key_that_came_bare_is_heard_once_the_one_before_signs_for_it(
    client: Client, publisher: Publisher, as_web: None
) -> None:
    other, signed = heir(publisher)
    bare = json.dumps(ECAlgorithm.to_jwk(other.key.public_key(), as_dict=True))
    keys.add(publisher.software, bare, by="user:1", at=timezone.now())
    with pytest.raises(KeyRefused, match="known"):
        keys.add(publisher.software, bare, by="user:1", at=timezone.now())
    assert not keys.add(publisher.software, signed, by="user:1", at=timezone.now()).waits
    assert sign_in(client, other.assertion()).status_code == 200
    with pytest.raises(KeyRefused, match="known"):
        keys.add(publisher.software, signed, by="user:1", at=timezone.now())


def test_a_key_that_waited_is_taken_with_an_approval(client: Client, publisher: Publisher) -> None:
    other, _ = heir(publisher)
    jwk = ECAlgorithm.to_jwk(other.key.public_key(), as_dict=True)
    waits = Key.objects.create(
        thumbprint=read(json.dumps(jwk)).thumbprint, software=publisher.software, jwk=jwk, added_at=timezone.now(), waits=True
    )
    publisher.decided(Act.APPROVE)
    assert sign_in(client, other.assertion()).status_code == 401
    approvals.decide(
        publisher.software, act=Act.APPROVE, reason="x", authority="x", by="operator", at=timezone.now(), taking=[waits]
    )
    assert [sign_in(client, one.assertion()).status_code for one in (publisher, other)] == [200, 200]
    assert [(one.waits, one.ends_at is None) for one in Key.objects.order_by("added_at")] == [(False, False), (False, True)]


def test_a_key_of_before_the_keyholders_book_is_taken_with_an_approval(client: Client, publisher: Publisher) -> None:
    """An installation that is upgraded has rows of keys, and one key that stays."""
    other, _ = heir(publisher)
    jwk = ECAlgorithm.to_jwk(other.key.public_key(), as_dict=True)
    publisher.software.keys.all().delete()
    name = read(json.dumps(jwk)).thumbprint
    row = Key.objects.create(thumbprint=name, software=publisher.software, jwk=jwk, added_at=timezone.now())
    assert sign_in(client, other.assertion()).status_code == 401
    approvals.decide(
        publisher.software, act=Act.APPROVE, reason="x", authority="x", by="operator", at=timezone.now(), taking=[row]
    )
    assert sign_in(client, other.assertion()).status_code == 200
    assert Key.objects.get().ends_at is None


def test_a_proof_of_before_yesterday_is_refused(publisher: Publisher, as_web: None) -> None:
    other, signed = heir(publisher)
    jwk, past = ECAlgorithm.to_jwk(other.key.public_key(), as_dict=True), timezone.now() - timedelta(days=1, minutes=1)
    with pytest.raises(KeyRefused, match="unproven"):
        keys.add(publisher.software, publisher.proof(jwk, iat=past, exp=past + timedelta(days=1)), by="user:1", at=timezone.now())
    assert not keys.add(publisher.software, signed, by="user:1", at=timezone.now()).waits


def test_a_signature_of_another_products_key_is_refused(publisher: Publisher, request: pytest.FixtureRequest) -> None:
    stranger = Publisher.approved("Another")
    request.getfixturevalue("as_web")
    _, signed = heir(Publisher(publisher.software, stranger.key))
    with pytest.raises(KeyRefused, match="unproven"):
        keys.add(publisher.software, signed, by="user:1", at=timezone.now())
    assert Key.objects.filter(software=publisher.software).count() == 1


def test_a_private_key_within_a_signature_is_known_for_one(publisher: Publisher) -> None:
    signed = publisher.proof(PRIVATE)
    with pytest.raises(KeyRefused, match="private"):
        keys.add(publisher.software, signed, by="user:1", at=timezone.now())


def test_the_overlap_is_a_month_at_most(publisher: Publisher) -> None:
    now = timezone.now()
    keys.add(publisher.software, public_jwk(), by="user:1", at=now, overlap=timedelta(days=300))
    assert Key.objects.get(ends_at__isnull=False).ends_at == now + timedelta(days=30)


def test_withdrawn_software_gets_no_key_any_more(publisher: Publisher) -> None:
    publisher.decided(Act.WITHDRAW)
    with pytest.raises(KeyRefused, match="ended"):
        keys.add(publisher.software, public_jwk(), by="user:1", at=timezone.now())


def test_each_change_of_a_key_is_told_to_the_log(publisher: Publisher) -> None:
    keys.add(publisher.software, public_jwk(), by="user:7", at=timezone.now())
    told = Entry.objects.filter(event="software-key-set", by="user:7")
    assert {one.subject for one in told} == {f"software-key:{key.thumbprint}" for key in Key.objects.all()}


def test_a_key_alone_does_not_say_which_algorithm_it_is_asked_with(client: Client, publisher: Publisher) -> None:
    assertion = jwt.encode(publisher.claims(), "a shared secret of more than thirty-two bytes", algorithm="HS256")
    assert sign_in(client, assertion).status_code == 401
