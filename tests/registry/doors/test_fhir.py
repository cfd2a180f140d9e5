"""`POST /fhir`: each kind of bundle gets the answer that FHIR R4 asks for."""

import msgspec
import pytest
from django.test import Client, override_settings
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from tests.registry.doors.conftest import Knock
from tests.registry.doors.plain import COLLECTION, FHIR, NDJSON, bundle, elsewhere, issues, outcomes
from tests.registry.world import final

from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.submissions.models import Submission


def two(kind: str) -> bytes:
    """A bundle of Hugo's test here, and one as if another pharmacy had made it."""
    here, there = (msgspec.json.decode(bundle(one, kind=kind)) for one in (final(), elsewhere()))
    return msgspec.json.encode(here | {"entry": here["entry"] + there["entry"]})


@pytest.mark.parametrize("kind", ["transaction", "batch"])
def test_every_entry_is_answered(knock: Knock, kind: str) -> None:
    sent = bundle(kind=kind)
    told = knock("/fhir", sent, FHIR).json()
    Bundle.model_validate(told)
    assert told["type"] == f"{kind}-response"
    assert [one["response"]["status"] for one in told["entry"]] == ["202 Accepted"] * len(msgspec.json.decode(sent)["entry"])


def test_a_transaction_is_taken_whole_or_not_at_all(knock: Knock, keys: RegistryClient) -> None:
    response = knock("/fhir", two("transaction"), FHIR)
    assert (response.status_code, issues(response)) == (
        422,
        [("error", "other-pharmacy"), ("information", "informational")],
    )
    OperationOutcome.model_validate(response.json())
    assert outcomes(keys) == {}
    assert Submission.objects.get().refused == [1, 2]


def test_of_a_batch_what_can_be_taken_is(knock: Knock, keys: RegistryClient) -> None:
    response = knock("/fhir", two("batch"), FHIR)
    statuses = [one["response"]["status"] for one in response.json()["entry"]]
    assert (response.status_code, statuses.count("422 Unprocessable Entity")) == (200, 1)
    Bundle.model_validate(response.json())
    assert outcomes(keys) == {"recorded": 1}


def test_a_message_is_answered_by_a_message(knock: Knock) -> None:
    sent = msgspec.json.decode(bundle(kind="message"))
    header = {"resourceType": "MessageHeader", "id": "m-1", "eventCoding": {"code": "R01"}, "source": {"endpoint": "urn:x"}}
    told = knock("/fhir", msgspec.json.encode(sent | {"entry": [{"resource": header}, *sent["entry"]]}), FHIR).json()
    Bundle.model_validate(told)
    assert told["entry"][0]["resource"]["response"]["identifier"] == "m-1"
    assert told["entry"][0]["resource"]["response"]["code"] == "ok"


def test_lines_are_answered_one_by_one(knock: Knock, keys: RegistryClient) -> None:
    response = knock("/fhir", b"\n".join((bundle(), bundle(elsewhere()), bundle())), NDJSON)
    told = response.json()
    Bundle.model_validate(told)
    statuses = [one["response"]["status"][:3] for one in told["entry"]]
    assert (response.status_code, statuses) == (200, ["202", "422", "202"])
    assert outcomes(keys) == {"recorded": 2}


def test_a_transaction_among_lines_is_taken_whole_or_not_at_all(knock: Knock, keys: RegistryClient) -> None:
    """The near miss: a batch of the same two, of which the one that can be taken is."""
    response = knock("/fhir", b"\n".join((bundle(), two("transaction"), two("batch"))), NDJSON, language="en")
    told = response.json()
    Bundle.model_validate(told)
    statuses = [one["response"]["status"][:3] for one in told["entry"]]
    assert (response.status_code, statuses) == (200, ["202", "422", "422", "202", "422"])
    (lost,) = told["entry"][1]["response"]["outcome"]["issue"]
    assert (lost["severity"], lost["code"]) == ("error", "processing")
    assert "send the transaction again" in lost["details"]["text"]
    assert Submission.objects.get().refused == [2, 3, 5]
    assert outcomes(keys) == {"recorded": 2}


def test_our_own_profile_is_answered_by_an_outcome_in_the_language_asked_for(knock: Knock) -> None:
    french, english = (knock("/fhir", COLLECTION, FHIR, language=one).json() for one in ("fr", "en"))
    assert french["issue"][-1]["details"]["text"] == "Comptes rendus pris en charge\xa0: 1 sur 1."
    assert english["issue"][-1]["details"]["text"] == "Reports taken: 1 of 1."


def test_the_server_says_what_it_understands(client: Client) -> None:
    with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"):
        told = client.get("/fhir/metadata").json()
    assert CapabilityStatement.model_validate(told).fhirVersion == "4.0.1"
    assert [one["code"] for one in told["rest"][0]["interaction"]] == ["transaction", "batch"]
