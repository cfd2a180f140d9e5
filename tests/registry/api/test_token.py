"""`POST /oauth/token`: who gets a token, and who does not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone
from tests.registry.world import Publisher, sign_in

from sceau.core.keyholder.access_token import AccessToken
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.software_verbs import AccessKey


def kind(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["type"].removeprefix("urn:sceau:problem:")


REFUSED = (401, "assertion-refused")


def test_an_assertion_of_approved_software_is_worth_a_token_for_five_minutes(client: Client, publisher: Publisher) -> None:
    told = sign_in(client, publisher.assertion()).json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 300)


def test_a_token_lies_in_no_table_and_what_another_signed_is_none(
    client: Client, publisher: Publisher, keys: RegistryClient
) -> None:
    """Whoever may write to the database writes none; one that the keyholder signed is heard."""
    now, token = timezone.now(), publisher.token(client)
    forged = AccessToken(publisher.software.pk, now, now + timedelta(minutes=5)).signed(bytes(range(32)))
    headers = [{"Authorization": f"Bearer {one}"} for one in (forged, token)]
    answers = [client.get(f"/v1/submissions/{uuid4()}", headers=one) for one in headers]
    assert [kind(one) for one in answers] == [(401, "token-refused"), (404, "submission-unknown")]
    found = AccessToken.read(token, keys.ask(AccessKey()))
    assert found is not None
    assert (found.software, found.expires_at - found.issued_at, found.table) == (
        publisher.software.pk,
        timedelta(minutes=5),
        False,
    )


@pytest.mark.parametrize("seconds", [300, 301])
def test_an_assertion_lives_five_minutes_at_most(client: Client, publisher: Publisher, seconds: int) -> None:
    now = timezone.now().replace(microsecond=0)
    response = sign_in(client, publisher.assertion(iat=now, exp=now + timedelta(seconds=seconds)))
    assert response.status_code == (200 if seconds == 300 else 401)


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "http://localhost/v1/envelopes"},
        {"aud": "http://elsewhere.example/oauth/token"},
        {"iss": str(uuid4())},
        {"iat": timedelta(minutes=-6), "exp": timedelta(minutes=-2)},
        {"iat": timedelta(minutes=3), "exp": timedelta(minutes=5)},
        *({name: None} for name in ("aud", "exp", "iat", "iss", "jti")),
    ],
    ids=["path", "host", "issuer", "expired", "future", "no-aud", "no-exp", "no-iat", "no-iss", "no-jti"],
)
def test_a_wrong_claim_is_refused(client: Client, publisher: Publisher, change: dict[str, Any]) -> None:
    """A moment is one from now, however long the tests before this one took."""
    told = {name: timezone.now() + value if isinstance(value, timedelta) else value for name, value in change.items()}
    assert kind(sign_in(client, publisher.assertion(**told))) == REFUSED


def test_an_assertion_counts_once(client: Client, publisher: Publisher) -> None:
    assertion = publisher.assertion()
    assert sign_in(client, assertion).status_code == 200
    assert kind(sign_in(client, assertion)) == REFUSED
    assert sign_in(client, publisher.assertion()).status_code == 200


def test_a_new_assertion_with_a_used_jti_is_refused_but_another_software_may_use_it(client: Client, publisher: Publisher) -> None:
    other = Publisher.approved("Another")
    sign_in(client, publisher.assertion(jti="once"))
    assert kind(sign_in(client, publisher.assertion(jti="once"))) == REFUSED
    assert sign_in(client, other.assertion(jti="once")).status_code == 200


def test_another_key_is_refused(client: Client, publisher: Publisher) -> None:
    assertion = jwt.encode(publisher.claims(), ec.generate_private_key(ec.SECP256R1()), algorithm="ES256")
    assert kind(sign_in(client, assertion)) == REFUSED


def test_the_key_of_other_approved_software_is_refused(client: Client, publisher: Publisher) -> None:
    other = Publisher.approved("Another")
    assertion = jwt.encode(publisher.claims(), other.key, algorithm="ES256")
    assert kind(sign_in(client, assertion)) == REFUSED


def test_an_unsigned_assertion_is_refused(client: Client, publisher: Publisher) -> None:
    assert kind(sign_in(client, jwt.encode(publisher.claims(), "", algorithm="none"))) == REFUSED


def test_a_shared_secret_is_refused(client: Client, publisher: Publisher) -> None:
    secret = publisher.software.keys.get().jwk["x"].ljust(32, "=")  # public: whoever knows it must not be able to sign with it
    assert kind(sign_in(client, jwt.encode(publisher.claims(), secret, algorithm="HS256"))) == REFUSED


def test_unknown_software_is_told_where_the_list_is(client: Client, publisher: Publisher) -> None:
    nobody = str(uuid4())
    response = sign_in(client, publisher.assertion(iss=nobody, sub=nobody))
    assert kind(response) == (403, "software-unknown")
    assert response.json()["see"] == "http://localhost/software/"


@pytest.mark.parametrize("garbage", ["", "a.b.c", "é", "{}", "e30.e30."])
def test_garbage_is_refused(client: Client, db: None, garbage: str) -> None:
    assert kind(sign_in(client, garbage)) == REFUSED


@pytest.mark.parametrize("change", [{"grant_type": "password"}, {"client_assertion_type": "saml"}])
def test_another_grant_is_a_bad_request(client: Client, publisher: Publisher, change: dict[str, str]) -> None:
    assert kind(sign_in(client, publisher.assertion(), **change)) == (400, "bad-request")


def test_get_is_not_allowed(client: Client, db: None) -> None:
    response = client.get("/oauth/token")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
