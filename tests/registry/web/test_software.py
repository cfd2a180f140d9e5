"""The public list: who may send what, since when, and what was decided; whether a name is on it; and reporting what only says so."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting
from tests.registry.world import FARID, Publisher

from sceau.core.codes.loinc import Disease
from sceau.registry.approvals.enums import Act, Format
from sceau.registry.approvals.models import Software, Suspicion
from sceau.registry.approvals.scope import Scope

TOLD = {"product": "Francetest", "seen": "se dit agréé", "contact": "amina@lilas.example"}


@pytest.fixture(autouse=True)
def unhurried(db: None) -> None:
    cache.clear()


def names(client: Client, asked: str) -> list[str]:
    return [row["name"] for row in client.get("/software/", {"q": asked}).context["rows"]]


@pytest.mark.parametrize("asked", ["Sceau Comptoir", "sceau comptoir", "Seau Comptoir", "sceau-contoir", "SCEAU", "Comptoir 0.1"])
def test_a_name_is_found_with_its_typos(client: Client, publisher: Publisher, asked: str) -> None:
    Publisher.approved("Tout Autre Chose")
    assert names(client, asked)[:1] == ["Sceau Comptoir"]


@pytest.mark.parametrize("asked", ["Francetest", "Doctolib", "x", "zz"])
def test_what_is_not_on_the_list_is_not_found(client: Client, publisher: Publisher, asked: str) -> None:
    assert names(client, asked) == []


def test_what_was_never_approved_is_not_on_it(client: Client, publisher: Publisher) -> None:
    for state in ("draft", "submitted", "refused"):
        Software.objects.update(state=state)
        assert names(client, "") == []
        assert client.get("/v1/software").json()["software"] == []
        assert client.get(f"/software/{publisher.software.pk}/").status_code == 404


def test_the_history_is_public_with_reasons_and_the_last_first(client: Client, publisher: Publisher) -> None:
    publisher.decided(Act.SUSPEND, reason="perd des résultats")
    publisher.decided(Act.APPROVE, reason="corrigé", at=timezone.now() + timedelta(seconds=1))
    with acting("registry_web"):
        page = client.get(f"/software/{publisher.software.pk}/")
    assert [one["reason"] for one in page.context["history"]] == ["corrigé", "perd des résultats", ""]
    (row,) = client.get("/v1/software").json()["software"]
    assert [(one["state"], one["authority"], one["bench"]) for one in row["decisions"]] == [
        ("approved", FARID, False),
        ("suspended", FARID, False),
        ("approved", FARID, False),
    ]


def test_the_list_says_what_each_may_send_and_until_when(client: Client, db: None) -> None:
    ends = timezone.localdate() + timedelta(days=30)
    Publisher.approved("Labo", Scope([Format.HL7V2], [Disease.RSV], None, ends))
    (row,) = client.get("/v1/software").json()["software"]
    assert (row["formats"], row["diseases"], row["ends_on"]) == (["hl7v2"], ["rsv"], ends.isoformat())
    page = client.get("/software/", headers={"Accept-Language": "en"}).content.decode()
    assert f"HL7 v2.5.1 · RSV · until {ends.strftime('%d/%m/%Y')}" in page


def test_one_product_with_its_keys_is_told_whatever_its_state(client: Client, publisher: Publisher) -> None:
    Software.objects.update(state="draft")
    (row,) = client.get("/v1/software", {"id": str(publisher.software.pk)}).json()["software"]
    assert row["keys"] == [publisher.software.keys.get().jwk]
    assert client.get("/v1/software", {"id": "0190c0de-0000-7000-8000-000000000001"}).json() == {"software": []}
    assert client.get("/v1/software", {"id": "x"}).status_code == 400


def test_the_list_asks_the_database_as_often_however_long_it_is(
    client: Client, publisher: Publisher, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        with django_assert_num_queries(2):
            client.get("/software/")
        Publisher.approved(f"Another {number}")


def test_anybody_reports_what_only_says_that_it_is_approved_five_times_an_hour(client: Client, db: None) -> None:
    with acting("registry_web"):
        assert [client.post("/software/report", TOLD).status_code for _ in range(6)] == [200] * 5 + [429]
    assert Suspicion.objects.count() == 5
    for row in Suspicion.objects.all():
        assert not any(text.encode() in bytes(row.sealed) for text in TOLD.values())


def test_a_report_needs_what_and_where_and_no_name(client: Client, db: None) -> None:
    assert client.post("/software/report", TOLD | {"seen": ""}).status_code == 422
    assert client.post("/software/report", TOLD | {"contact": ""}).status_code == 200
