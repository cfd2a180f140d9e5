"""`POST /v1/pharmacies`: a pharmacy enrols its key, once for each code that its owner Bruno was given."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from tests.plugins.services import acting
from tests.registry.world import LILAS, OTHER

from sceau.core.codes.identifiers import Finess
from sceau.core.sealing import signing, statements
from sceau.core.wire import Enrolment
from sceau.registry.pharmacies.actions import LIFETIME, invite
from sceau.registry.pharmacies.models import EnrolmentCode, Pharmacy

Post = Callable[..., Any]
SEED, OTHER_SEED = bytes(range(32)), bytes(range(32, 64))


def ask(
    post: Post, code: str, *, finess: Finess = LILAS, proved: str | None = None, seed: bytes = SEED, name: str = "Lilas"
) -> Any:
    """Enrols the key of `SEED`; the proof is over `proved`, signed by `seed`."""
    public = signing.public_bytes(SEED)
    proof = signing.signer(seed).sign(statements.enrolment(finess, public, proved or code))
    body = Enrolment(finess=str(finess), name=name, public_key=public, proof=proof, code=code)
    return post("/v1/pharmacies", msgspec.json.encode(body))


def is_refused(response: Any) -> bool:
    return response.status_code == 403 and response.json()["type"].endswith(":enrolment-refused") and not enrolled()


def enrolled() -> list[tuple[str, bytes]]:
    return [(one.finess, bytes(one.public_key)) for one in Pharmacy.objects.all()]


def test_the_owners_code_enrols_the_key_and_the_fingerprint_is_told(post: Post) -> None:
    code = invite(LILAS, at=timezone.now())
    with acting("registry_web"):
        response = ask(post, code)
    assert response.json() == {"finess": LILAS, "fingerprint": signing.fingerprint(signing.public_bytes(SEED))}
    assert enrolled() == [(LILAS, signing.public_bytes(SEED))]


def test_a_wrong_code_is_refused_and_the_right_one_stays_good(post: Post) -> None:
    code = invite(LILAS, at=timezone.now())
    assert is_refused(ask(post, code[:-1] + ("0" if code[-1] != "0" else "1")))
    assert ask(post, code).status_code == 200


def test_a_code_is_good_once(post: Post) -> None:
    code = invite(LILAS, at=timezone.now())
    ask(post, code)
    assert ask(post, code).status_code == 403


def test_a_second_code_replaces_the_key(post: Post) -> None:
    Pharmacy.objects.create(finess=LILAS, name="old", public_key=bytes(32), enrolled_at=timezone.now())
    ask(post, invite(LILAS, at=timezone.now()))
    assert enrolled() == [(LILAS, signing.public_bytes(SEED))]


def test_a_code_of_another_pharmacy_is_refused(post: Post) -> None:
    assert is_refused(ask(post, invite(OTHER, at=timezone.now())))


@pytest.mark.parametrize(("late", "status"), [(timedelta(seconds=5), 403), (-timedelta(minutes=5), 200)], ids=["late", "in time"])
def test_a_code_lasts_fourteen_days(post: Post, late: timedelta, status: int) -> None:
    assert ask(post, invite(LILAS, at=timezone.now() - LIFETIME - late)).status_code == status


def test_a_proof_by_another_key_is_refused_and_the_code_stays_good(post: Post) -> None:
    code = invite(LILAS, at=timezone.now())
    assert is_refused(ask(post, code, seed=OTHER_SEED))
    assert ask(post, code).status_code == 200


def test_a_proof_over_another_code_is_refused(post: Post) -> None:
    code, older = (invite(LILAS, at=timezone.now()) for _ in range(2))
    assert is_refused(ask(post, code, proved=older))


def test_only_a_hash_of_the_code_is_kept(post: Post) -> None:
    code = invite(LILAS, at=timezone.now())
    assert code.encode() not in bytes(EnrolmentCode.objects.get().digest)


@pytest.mark.parametrize(("name", "status"), [("é" * 200, 200), ("x" * 201, 400), ("", 400), ("a\0b", 400)])
def test_a_name_has_1_to_200_characters(post: Post, name: str, status: int) -> None:
    assert ask(post, invite(LILAS, at=timezone.now()), name=name).status_code == status


@pytest.mark.parametrize("body", [b"", b"{}", b'{"finess": "750123457"}'])
def test_a_body_that_is_no_enrolment_is_a_bad_request(post: Post, body: bytes) -> None:
    assert post("/v1/pharmacies", body).status_code == 400


def test_a_finess_with_a_wrong_digit_is_a_bad_request(post: Post) -> None:
    public = signing.public_bytes(SEED)
    body = Enrolment(finess="750123458", name="Lilas", public_key=public, proof=bytes(64), code="x")
    assert post("/v1/pharmacies", msgspec.json.encode(body)).status_code == 400


def test_without_a_token_nobody_enrols(client: Client, db: None) -> None:
    assert client.post("/v1/pharmacies", b"{}", content_type="application/json").status_code == 401
