"""Reports and facts that somebody edits behind the application's back: named by `sceau audit verify`, or rather by its checks."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from msgspec.structs import replace
from tests.plugins.services import acting
from tests.registry.world import AT, TAKEN, Sender, cancelled, corrected, final, hugo

from sceau.core.audit.checks import CHECKS
from sceau.core.audit.models import Entry
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.service_verbs import Attest, Attested
from sceau.core.report.model import Finding, Reason, Screening
from sceau.registry.intake.actions import take_in
from sceau.registry.results import digest
from sceau.registry.results.models import Fact

pytestmark = pytest.mark.django_db
PANEL = Loinc("97099-6")
PARTS = tuple(Finding(Loinc(part), Result.NOT_DETECTED) for part in ("97097-0", "80383-3", "80382-5"))


def faults(keys: RegistryClient, *names: str) -> list[str]:
    asked = names or ("facts", "standings")
    return [fault for name in asked for fault in CHECKS[name].faults(keys, lambda done: None)]


def superuser(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("set session_replication_role = default")


def variety() -> list[Screening]:
    """What may be there and what may be missing, one finding and several."""
    plain = hugo(result=Result.DETECTED)
    nowhere = replace(plain, patient=replace(plain.patient, department=None))
    told = replace(plain, symptomatic=True, reason=Reason.SYMPTOMS, loinc=PANEL, findings=PARTS)
    early = replace(plain, specimen=replace(plain.specimen, taken_at=TAKEN - timedelta(days=2)), symptomatic=False)
    return [plain, nowhere, told, early]


@pytest.fixture
def came_in(lilas: Sender, keys: RegistryClient) -> list[UUID]:
    """Two batches: four reports of two days, then a correction and a cancellation."""
    reports = [final(screening) for screening in variety()]
    lilas.arrive(*reports)
    take_in(keys, limit=10, at=AT)
    correction = corrected(reports[0], hugo(result=Result.NOT_DETECTED))
    lilas.arrive(correction, cancelled(reports[1]))
    take_in(keys, limit=10, at=AT)
    return [one.id for one in (*reports, correction)]


def test_what_nobody_edited_is_as_the_log_says(came_in: list[UUID], keys: RegistryClient) -> None:
    assert faults(keys) == []
    counts = [one.purpose.partition(" ")[0] for one in Entry.objects.filter(event="facts-recorded")]
    assert sorted(counts) == ["1", "2", "3"]
    with acting("registry_worker"):
        assert faults(keys) == []


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        ("update results_fact set result = '260415000' where result = '260373001'", "changed"),
        ("update results_fact set department = '13' where department is null", "changed"),
        ("update results_fact set symptomatic = null where not symptomatic", "changed"),
        ("update results_fact set taken_on = taken_on + 1", "changed"),
        ("delete from results_fact", "changed"),
        ("update results_report set issued = issued + interval '1 microsecond'", "changed"),
        ("update results_report set replaces = null", "changed"),
        ("update results_report set day = day + 1", "inserted that the log does not know"),
        ("delete from results_fact; delete from results_report where status = 'final'", "deleted that the log knows"),
        (
            "insert into results_report select gen_random_uuid(), gen_random_uuid(), null, 'final', issued, 'current', recorded_on, "
            "batch, day from results_report where status = 'final' limit 1",
            "1 inserted that the log does not know",
        ),
        (
            "insert into results_fact (report_id, disease, loinc, result, age_class, sex, specimen, taken_on) "
            "select gen_random_uuid(), disease, loinc, result, age_class, sex, specimen, taken_on from results_fact limit 1",
            "1 facts of a report that is not there",
        ),
        (
            "update results_report set standing = 'current' where standing = 'superseded'",
            "its standing is current, and should be super",
        ),
        (
            "update results_report set standing = 'cancelled' where standing = 'current'",
            "its standing is cancelled, and should be current",
        ),
    ],
)
def test_an_edit_is_named(came_in: list[UUID], keys: RegistryClient, act: str, fault: str) -> None:
    superuser(act)
    assert any(fault in one for one in faults(keys)), faults(keys)


def test_an_entry_that_says_what_was_edited_is_not_attested(came_in: list[UUID], keys: RegistryClient) -> None:
    """The superuser edits a fact, and tells the log so, as the intake does."""
    Fact.objects.filter(report_id=came_in[0]).update(result=Result.NOT_DETECTED)
    true = Entry.objects.get(event="facts-recorded", purpose__startswith="3 ")
    edited = {state.subject: state for state in digest.stored()}[true.subject]
    mac = "A" * 43
    purpose = f"{edited.rows} {urlsafe_b64encode(edited.digest).decode().rstrip('=')} {mac}"
    Entry.objects.create(event=true.event, by=true.by, subject=true.subject, at=true.at + timedelta(seconds=1), purpose=purpose)
    assert f"{true.subject}: an entry of the log that the keyholder did not attest" in faults(keys, "facts")
    assert f"{true.subject}: changed since the log was told of it" in faults(keys, "facts")


def test_a_true_entry_told_again_at_another_time_is_not_attested(came_in: list[UUID], keys: RegistryClient) -> None:
    true = Entry.objects.get(event="facts-recorded", purpose__startswith="3 ")
    again = {"by": true.by, "subject": true.subject, "purpose": true.purpose}
    Entry.objects.create(event=true.event, at=true.at + timedelta(microseconds=1), **again)
    assert faults(keys, "facts") == [f"{true.subject}: an entry of the log that the keyholder did not attest"]


def test_an_attestation_is_of_one_kind_and_one_statement(keys: RegistryClient) -> None:
    (mac,) = keys.ask(Attest("facts", [b"one"]))
    asked = [("facts", b"one", mac), ("facts", b"two", mac), ("tally", b"one", mac), ("facts", b"one", bytes(32))]
    assert [keys.ask(Attested(kind, [(text, value)]))[0] for kind, text, value in asked] == [True, False, False, False]
