"""What holds at each plain door: who is heard, for whom, that nothing lies plain, and that the registry then has it once."""

from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test import Client, override_settings
from fhir.resources.R4B.operationoutcome import OperationOutcome
from tests.plugins.services import acting, break_table
from tests.registry.doors.conftest import Knock
from tests.registry.doors.plain import (
    BATCH,
    COLLECTION,
    CSV,
    FHIR,
    HL7,
    NAMES,
    TABLE,
    bundle,
    elsewhere,
    message,
    nowhere,
    outcomes,
    registered,
    table,
)
from tests.registry.world import LILAS, OTHER, Publisher

from sceau.core.audit.models import Entry
from sceau.core.codes.loinc import Disease
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.sealing.framing import MOST_BYTES
from sceau.registry.approvals.enums import Act, Format
from sceau.registry.approvals.scope import Scope
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.results.models import Report
from sceau.registry.submissions import actions
from sceau.registry.submissions.models import Submission

DOORS = {"/fhir": FHIR, "/hl7v2": HL7, "/csv": CSV}
SENT = {"/fhir": bundle, "/hl7v2": message, "/csv": table}
every_door = pytest.mark.parametrize("path", DOORS)


def kind(response: Any) -> str:
    """The problem that a door names, whichever way it says it."""
    told = response.json()
    if told.get("resourceType") == "OperationOutcome":
        OperationOutcome.model_validate(told)
        return str(told["issue"][0]["details"]["coding"][0]["code"])
    return str(told["type"].rpartition(":")[2])


@every_door
def test_what_is_sent_plain_is_recorded(knock: Knock, keys: RegistryClient, path: str) -> None:
    response = knock(path, SENT[path](), DOORS[path])
    assert response.status_code == 200
    assert outcomes(keys) == {"recorded": 1}


@every_door
def test_sent_again_it_counts_once(knock: Knock, keys: RegistryClient, path: str) -> None:
    sent = SENT[path]()
    assert [knock(path, sent, DOORS[path]).status_code for _ in range(2)] == [200, 200]
    assert outcomes(keys) == {"recorded": 1, "duplicate": 1}
    assert Report.objects.count() == 1


@every_door
def test_nothing_that_is_stored_says_who_it_was(knock: Knock, path: str) -> None:
    knock(path, SENT[path](), DOORS[path])
    stored = b"".join(bytes(row.body or b"") for row in InboxEnvelope.objects.all())
    assert stored
    assert not [name for name in NAMES if name in stored]
    assert [name for name in (*NAMES, b"1987") if name.decode() in repr(list(Submission.objects.values()))] == []


@every_door
def test_the_doors_process_may_do_all_this_and_reads_nothing_back(knock: Knock, path: str) -> None:
    with acting("registry_doors"):
        assert knock(path, SENT[path](), DOORS[path]).status_code == 200


@pytest.mark.parametrize(
    "question",
    [
        "select body from intake_inboxenvelope",
        "select software_id from intake_inboxenvelope",
        "update intake_inboxenvelope set state = 'done'",
        "delete from intake_inboxenvelope",
        "select * from submissions_submission",
        "select * from persons_identity",
        "select * from results_report",
        "select * from accounts_user",
        "insert into submissions_sender select * from submissions_sender",
        "update approvals_software set state = 'approved'",
    ],
)
def test_whoever_takes_over_the_doors_process_reads_and_changes_nothing(db: None, question: str) -> None:
    with acting("registry_doors"), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(question)


@every_door
@pytest.mark.parametrize("bearer", ["", "unknown"])
def test_a_stranger_is_not_heard(knock: Knock, path: str, bearer: str) -> None:
    response = knock(path, SENT[path](), DOORS[path], bearer=bearer)
    assert (response.status_code, kind(response)) == (401, "token-refused")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="sceau"'
    assert not Submission.objects.exists()


@every_door
@pytest.mark.parametrize("finess", [OTHER, "", None, "750123457 or 1=1", "%00", "%D9%A0"])
def test_nobody_speaks_for_an_establishment_he_was_not_registered_for(knock: Knock, path: str, finess: str | None) -> None:
    response = knock(path, SENT[path](), DOORS[path], finess=finess)
    assert (response.status_code, kind(response)) == (403, "sender-unknown")


@every_door
def test_another_software_does_not_speak_for_it_either(client: Client, knock: Knock, path: str) -> None:
    token = Publisher.approved("Another", Scope(tuple(Format))).token(client)
    assert kind(knock(path, SENT[path](), DOORS[path], bearer=token)) == "sender-unknown"


@every_door
def test_a_result_of_another_establishment_is_refused_by_name(knock: Knock, path: str, keys: RegistryClient) -> None:
    response = knock(path, SENT[path](elsewhere()), DOORS[path])
    assert response.status_code == 422
    assert b"other-pharmacy" in response.content
    assert outcomes(keys) == {}


@every_door
@pytest.mark.parametrize(("act", "state"), [(Act.SUSPEND, "suspended"), (Act.WITHDRAW, "withdrawn")])
def test_a_decision_takes_effect_at_the_next_call_and_cites_the_list(
    knock: Knock, publisher: Publisher, path: str, act: Act, state: str
) -> None:
    publisher.decided(act, reason="loses results")
    response = knock(path, SENT[path](), DOORS[path])
    assert (response.status_code, kind(response)) == (403, f"software-{state}")
    assert b"loses results" in response.content
    assert b"http://localhost/software/" in response.content


@every_door
def test_an_approval_covers_the_forms_it_names(client: Client, knock: Knock, path: str) -> None:
    narrow = Publisher.approved("Narrow", Scope([one for one in Format if one != path.strip("/")]))
    registered(narrow, LILAS)
    response = knock(path, SENT[path](), DOORS[path], bearer=narrow.token(client))
    assert (response.status_code, kind(response)) == (403, "out-of-scope")


@every_door
@pytest.mark.parametrize(("disease", "status"), [("influenza-a", 422), ("covid-19", 200)])
def test_a_disease_beyond_the_approval_is_refused_at_once(
    client: Client, knock: Knock, path: str, disease: str, status: int
) -> None:
    narrow = Publisher.approved("Narrow", Scope(tuple(Format), [Disease(disease)]))
    registered(narrow, LILAS)
    token = narrow.token(client)
    with acting("registry_doors"):
        response = knock(path, SENT[path](), DOORS[path], bearer=token)
    assert (response.status_code, b"out-of-scope" in response.content) == (status, status == 422)


@every_door
def test_another_form_is_not_read(knock: Knock, path: str) -> None:
    for other, sent in {"/fhir": TABLE, "/hl7v2": COLLECTION, "/csv": BATCH}.items():
        if other == path:
            assert knock(path, sent, DOORS[path]).status_code == 422


@every_door
def test_another_content_type_is_refused_before_the_body_is_read(knock: Knock, path: str) -> None:
    response = knock(path, SENT[path](), "application/octet-stream")
    assert (response.status_code, kind(response)) == (400, "bad-request")


@every_door
def test_a_body_has_16_mib_at_most(knock: Knock, path: str) -> None:
    response = knock(path, b" " * (MOST_BYTES + 1), DOORS[path])
    assert (response.status_code, kind(response)) == (413, "too-large")


@every_door
@pytest.mark.parametrize("body", [b"", b"\0", b"nonsense", b"\xff\xfe", b"{" * 50_000, b"PK\x03\x04", b"MSH|", b"[]"])
def test_what_cannot_be_read_is_answered_and_nothing_is_kept(knock: Knock, path: str, body: bytes) -> None:
    assert knock(path, body, DOORS[path]).status_code in (400, 422)
    assert not InboxEnvelope.objects.exists()


@every_door
def test_if_the_inbox_fails_nothing_is_kept(knock: Knock, path: str) -> None:
    break_table("intake_inboxenvelope")
    with pytest.raises(Exception, match="broken for a test"):
        knock(path, SENT[path](), DOORS[path])
    assert not Submission.objects.exists()


@every_door
def test_while_the_database_is_away_the_sender_is_told_to_come_again(
    knock: Knock, keys: RegistryClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    sent = SENT[path]()
    with monkeypatch.context() as patch:
        patch.setattr(actions, "receive", Mock(side_effect=OperationalError("away")))
        response = knock(path, sent, DOORS[path])
        assert (response.status_code, kind(response)) == (503, "unavailable")
    assert not Submission.objects.exists()
    assert knock(path, sent, DOORS[path]).status_code == 200
    assert outcomes(keys) == {"recorded": 1}


@every_door
def test_the_log_tells_who_sent(knock: Knock, publisher: Publisher, path: str) -> None:
    knock(path, SENT[path](), DOORS[path])
    entry = Entry.objects.filter(event="envelopes-received").get()
    assert (entry.by, entry.subject) == (f"software:{publisher.software.id}", "envelopes:1")


@every_door
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_door_is_knocked_at_by_post(client: Client, db: None, path: str, method: str) -> None:
    with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"):
        assert getattr(client, method)(path).status_code == 405


def test_establishments_name_their_reports_apart(knock: Knock, publisher: Publisher, keys: RegistryClient) -> None:
    """One that sends another's rows makes reports of its own: it can neither find nor replace the other's."""
    registered(publisher, OTHER)
    anywhere = message(nowhere())
    assert [knock("/hl7v2", anywhere, HL7, finess=one).status_code for one in (LILAS, OTHER)] == [200, 200]
    assert outcomes(keys) == {"recorded": 2}
