"""What an approval covers is kept to at the door: this format and no other, from its first day to its last."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone
from msgspec.structs import replace
from tests.plugins.services import acting
from tests.registry.world import AT, Publisher, Sender, arrive, final, hugo, send

from sceau.core.codes.loinc import ASSAYS, Disease, Loinc
from sceau.core.codes.snomed import Result
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.problems import HEALS, ProblemType
from sceau.core.report.model import Finding
from sceau.core.sealing.open import open_reasons
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.policies import check_may_send
from sceau.registry.approvals.scope import Scope
from sceau.registry.intake.actions import take_in
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.persons.models import Identity
from sceau.registry.results.models import Fact

DAY = timedelta(days=1)


def today() -> date:
    return timezone.localdate()


def answered(client: Client, publisher: Publisher, lilas: Sender, **scope: Any) -> tuple[int, str]:
    """What the door answers when the approval is changed to this scope."""
    Software.objects.update(**Scope(**scope).fields())
    told = send(publisher.poster(client), [lilas.envelope(final())])
    return told.status_code, told.json().get("type", "").rpartition(":")[2]


@pytest.mark.parametrize(
    ("scope", "answer"),
    [
        ({}, (200, "")),
        ({"formats": [Format.FHIR, Format.SEALED]}, (200, "")),
        ({"formats": [Format.FHIR, Format.HL7V2, Format.CSV]}, (403, "out-of-scope")),
        ({"formats": []}, (403, "out-of-scope")),
    ],
)
def test_sealed_envelopes_pass_if_the_scope_has_them(
    client: Client, publisher: Publisher, lilas: Sender, scope: dict[str, Any], answer: tuple[int, str]
) -> None:
    assert answered(client, publisher, lilas, **scope) == answer


@pytest.mark.parametrize(
    ("starts", "ends", "status"),
    [(0, None, 200), (1, None, 403), (None, 0, 200), (None, -1, 403), (0, 0, 200), (-2, -1, 403), (1, 2, 403)],
)
def test_the_door_is_open_from_the_first_day_to_the_last(
    client: Client, publisher: Publisher, lilas: Sender, starts: int | None, ends: int | None, status: int
) -> None:
    days = {"starts_on": starts, "ends_on": ends}
    scope = {name: None if shift is None else today() + shift * DAY for name, shift in days.items()}
    assert answered(client, publisher, lilas, **scope)[0] == status


def test_the_refusal_cites_the_list_and_heals(client: Client, publisher: Publisher, lilas: Sender) -> None:
    Software.objects.update(ends_on=today() - DAY)
    told = send(publisher.poster(client), [lilas.envelope(final())]).json()
    assert told["see"] == "http://localhost/software/"
    assert told["detail"] == f"/{today() - DAY}"
    assert ProblemType.OUT_OF_SCOPE in HEALS


def test_a_day_is_that_of_paris() -> None:
    software = Software(state="approved", formats=["sealed"], diseases=[], ends_on=date(2026, 6, 30))
    late = datetime(2026, 6, 30, 23, 59, tzinfo=ZoneInfo("Europe/Paris"))
    check_may_send(software, Format.SEALED, on=timezone.localdate(late))
    with pytest.raises(SoftwareRefused):
        check_may_send(software, Format.SEALED, on=timezone.localdate(late + timedelta(minutes=1)))


@pytest.mark.parametrize("state", ["draft", "submitted", "refused"])
def test_software_that_is_known_and_not_approved_is_told_so(
    client: Client, publisher: Publisher, lilas: Sender, state: str
) -> None:
    Software.objects.update(state=state)
    told = send(publisher.poster(client), [lilas.envelope(final())]).json()
    assert (told["type"], told["see"]) == ("urn:sceau:problem:software-not-approved", "http://localhost/software/")


@pytest.mark.parametrize(
    ("diseases", "outcome"),
    [([], "recorded"), ([Disease.COVID_19], "recorded"), ([Disease.RSV, Disease.STREP_A], "refused")],
    ids=["every one", "this one", "others"],
)
def test_a_disease_that_the_approval_leaves_out_is_refused_report_by_report(
    publisher: Publisher, lilas: Sender, keys: RegistryClient, diseases: list[Disease], outcome: str
) -> None:
    Software.objects.update(diseases=diseases)
    sealed = lilas.sealed(final())
    arrive(sealed.data)
    with acting("registry_worker"):
        take_in(keys, limit=10, at=AT)
    row = InboxEnvelope.objects.get()
    assert row.outcomes == [outcome]
    assert Fact.objects.count() == (outcome == "recorded")
    assert Identity.objects.count() == (outcome == "recorded")
    reasons = open_reasons(sealed.acknowledgement_key, bytes(row.sealed_reasons or b""), row.id)
    assert (b"out-of-scope" in reasons) == (outcome == "refused")


@pytest.mark.parametrize(
    ("diseases", "outcome"),
    [
        ([Disease.COVID_19, Disease.INFLUENZA_A], "refused"),
        ([Disease.COVID_19, Disease.INFLUENZA_A, Disease.INFLUENZA_B], "recorded"),
    ],
)
def test_a_panel_is_in_scope_if_all_of_it_is(
    publisher: Publisher, lilas: Sender, keys: RegistryClient, diseases: list[Disease], outcome: str
) -> None:
    Software.objects.update(diseases=diseases)
    findings = tuple(Finding(Loinc(part), Result.NOT_DETECTED) for part in ASSAYS["97099-6"].parts)
    arrive(lilas.envelope(final(replace(hugo(), loinc=Loinc("97099-6"), findings=findings))))
    take_in(keys, limit=10, at=AT)
    assert InboxEnvelope.objects.get().outcomes == [outcome]


def test_the_scope_of_one_software_keeps_nothing_of_another_out(
    publisher: Publisher, lilas: Sender, keys: RegistryClient
) -> None:
    other = Publisher.approved("Another", Scope(diseases=[Disease.RSV]))
    for software in (publisher.software.id, other.software.id):
        arrive(lilas._replace(software=software).envelope(final()))
    take_in(keys, limit=10, at=AT)
    told = {row.software_id: row.outcomes for row in InboxEnvelope.objects.all()}
    assert told == {publisher.software.id: ["recorded"], other.software.id: ["refused"]}


@pytest.mark.parametrize(
    "change",
    [
        {"formats": ["smoke"]},
        {"diseases": ["plague"]},
        {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        {"state": "x"},
    ],
)
def test_the_database_takes_no_scope_that_means_nothing(publisher: Publisher, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Software.objects.update(**change)
    Software.objects.update(diseases=[Disease.RSV], formats=list(Format), starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 1))
