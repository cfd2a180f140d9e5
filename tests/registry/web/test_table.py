"""Gaëlle sends a table by page: she gets a token and the door's address for her own product's establishments, and no row comes here."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting
from tests.registry.doors.plain import CSV, TABLE, outcomes, registered
from tests.registry.world import LILAS, OTHER, Publisher, farid, gaelle, key_list, owner, signed_in

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.audit.models import Entry
from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.approvals import tokens
from sceau.registry.approvals.enums import Act, Format
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.scope import Scope
from sceau.registry.submissions.actions import submit
from sceau.registry.submissions.models import Sender, Submission
from sceau.registry.web.publishing.table import ranges

QUERIES = 7


@pytest.fixture
def publisher(db: None) -> Publisher:
    return Publisher.approved("Labo Biolog", Scope([Format.CSV]))


@pytest.fixture
def sender(publisher: Publisher) -> Sender:
    return registered(publisher, LILAS)


def path(publisher: Publisher, more: str = "") -> str:
    return f"/products/{publisher.software.pk}/table/{more}"


def knock(client: Client, publisher: Publisher, finess: str = LILAS) -> Any:
    with acting("registry_web"):
        return client.post(path(publisher, "knock"), {"finess": finess})


def send(client: Client, told: dict[str, str], table: bytes = TABLE) -> Any:
    """As the browser does with what it was told."""
    door = told["address"].removeprefix("http://localhost")
    with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"), acting("registry_doors"):
        return client.post(door, table, content_type=CSV, headers={"Authorization": f"Bearer {told['token']}"})


def test_what_she_is_told_opens_the_door_and_her_table_is_recorded(
    her: Client, publisher: Publisher, sender: Sender, keys: RegistryClient
) -> None:
    told = send(Client(), knock(her, publisher).json()).json()
    assert (told["rows"], told["taken"]) == (20, 18)
    outcomes(keys)
    with acting("registry_web"):
        page = her.get(path(publisher, told["submission"]))
    became = {one["label"]: one["count"] for one in page.context["outcomes"]}
    assert sum(became.values()) == 20
    assert page.context["told"].state == "done"


def test_the_log_says_who_was_lent_a_token(her: Client, publisher: Publisher, sender: Sender) -> None:
    lent = tokens.read(knock(her, publisher).json()["token"], at=timezone.now())
    entry = Entry.objects.get(event="table-allowed")
    assert (entry.by, entry.subject) == (f"user:{her.session['_auth_user_id']}", f"software:{publisher.software.pk}")
    assert (lent.software, lent.table) == (publisher.software.pk, True)


def test_what_was_lent_opens_the_door_for_tables_and_no_other(her: Client, publisher: Publisher, sender: Sender) -> None:
    lent = knock(her, publisher).json()
    headers = {"Authorization": f"Bearer {lent['token']}"}
    answers = [Client().get(f"/v1/submissions/{uuid4()}", headers=headers), Client().post("/v1/envelopes", headers=headers)]
    assert [one.json()["type"] for one in answers] == ["urn:sceau:problem:token-refused"] * 2
    assert send(Client(), lent).status_code == 200


def test_the_keyholder_lends_sixty_an_hour(her: Client, publisher: Publisher, sender: Sender) -> None:
    answers = [knock(her, publisher).status_code for _ in range(61)]
    assert (set(answers[:60]), answers[60]) == ({200}, 403)


def test_for_an_establishment_that_is_not_the_products_no_token_is_lent(
    her: Client, publisher: Publisher, sender: Sender
) -> None:
    other = Publisher.approved("Autre", Scope([Format.CSV]))
    registered(other, OTHER)
    assert [knock(her, publisher, finess).status_code for finess in (OTHER, "", "x")] == [404, 404, 404]
    assert not Entry.objects.filter(event="table-allowed").exists()


def test_an_open_browser_left_alone_lends_none(her: Client, publisher: Publisher, sender: Sender) -> None:
    session = her.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    assert "/accounts/reauthenticate/" in knock(her, publisher).headers["Location"]
    assert not Entry.objects.filter(event="table-allowed").exists()


@pytest.mark.parametrize("act", [Act.SUSPEND, Act.WITHDRAW])
def test_once_it_may_not_send_nothing_is_lent_and_what_was_lent_opens_nothing(
    her: Client, publisher: Publisher, sender: Sender, act: Act
) -> None:
    lent = knock(her, publisher).json()
    publisher.decided(act)
    assert knock(her, publisher).status_code == 404
    assert send(Client(), lent).status_code == 403


def test_a_product_that_may_not_send_tables_says_so(her: Client, publisher: Publisher, sender: Sender) -> None:
    Software.objects.filter(pk=publisher.software.pk).update(formats=["fhir"])
    page = her.get(path(publisher))
    assert (page.context["may"], list(page.context["senders"])) == (False, [])
    assert knock(her, publisher).status_code == 404


def test_without_an_establishment_the_page_says_what_is_missing(her: Client, publisher: Publisher) -> None:
    page = her.get(path(publisher))
    assert (page.context["may"], list(page.context["senders"])) == (True, [])


def test_another_publishers_product_and_its_tables_are_not_there(her: Client, publisher: Publisher, sender: Sender) -> None:
    sent = submit(TABLE, form="csv", sender=sender, registry=key_list(), at=timezone.now()).id
    other = signed_in(gaelle("Autre", "autre@logiciels.example"))
    assert [other.get(path(publisher, more)).status_code for more in ("", str(sent))] == [404, 404]
    assert knock(other, publisher).status_code == 404
    assert her.get(path(publisher, str(sent))).status_code == 200


def test_a_table_of_another_product_of_hers_is_not_this_ones(her: Client, publisher: Publisher, sender: Sender) -> None:
    sent = submit(TABLE, form="csv", sender=sender, registry=key_list(), at=timezone.now()).id
    Submission.objects.filter(pk=sent).update(software_id="0190c0de-0000-7000-8000-00000000000f")
    assert her.get(path(publisher, str(sent))).status_code == 404


WHO: dict[str, Callable[[], User]] = {
    "staff": lambda: accounts.create(email="s@registry.example", name="S").user,
    "authority": farid,
    "owner": lambda: owner(LILAS, "bruno@example.org"),
}


@pytest.mark.parametrize("who", WHO)
def test_nobody_but_a_publisher_is_let_in(publisher: Publisher, sender: Sender, who: str) -> None:
    client = signed_in(WHO[who]())
    assert [client.get(path(publisher)).status_code, knock(client, publisher).status_code] == [403, 403]


def test_the_page_may_call_the_door_and_nobody_else(her: Client, publisher: Publisher, sender: Sender) -> None:
    policy = her.get(path(publisher)).headers["Content-Security-Policy"]
    assert "connect-src 'self' http://localhost;" in policy + ";"
    assert "http://localhost" not in her.get(f"/products/{publisher.software.pk}/").headers["Content-Security-Policy"]


def test_what_is_said_of_a_table_names_nobody(her: Client, publisher: Publisher, sender: Sender, keys: RegistryClient) -> None:
    sent = submit(TABLE, form="csv", sender=sender, registry=key_list(), at=timezone.now()).id
    outcomes(keys)
    page = her.get(path(publisher, str(sent))).content
    assert not any(name in page for name in (b"LUNEVILLE", b"Luneville", b"EXEMPLE"))


def test_the_page_asks_the_database_a_few_times(
    her: Client, publisher: Publisher, sender: Sender, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(QUERIES):
        her.get(path(publisher))


@pytest.mark.parametrize(
    ("numbers", "told"), [([1], "1"), ([1, 2, 3], "1–3"), ([1, 3], "1, 3"), ([1, 2, 4, 7, 8, 9], "1–2, 4, 7–9"), ([], "")]
)
def test_rows_are_said_as_one_reads_them(numbers: list[int], told: str) -> None:
    assert ", ".join(ranges(numbers)) == told
