"""The registry's pages: closed by default, and nobody to be seen on any of them."""

import pytest
from django.test import Client
from tests.plugins.services import acting
from tests.registry.world import AT, Publisher, Sender, final, hugo

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.accounts.people import Person
from sceau.core.codes.snomed import Result
from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.approvals.enums import Act
from sceau.registry.intake.actions import take_in


@pytest.fixture
def farid(client: Client, db: None) -> Client:
    """The authority's browser, signed in with a second factor."""
    client.force_login(accounts.create(email="farid@example.org", name="Farid").user)
    return client


def test_anonymous_is_sent_to_sign_in(client: Client, db: None) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/")


def test_a_password_alone_is_sent_to_set_up_a_second_factor(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user(Person("Farid", "farid@example.org"), public_key=b""))
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/2fa/totp/activate/")


def test_farid_sees_the_counts(farid: Client, lilas: Sender, keys: RegistryClient) -> None:
    lilas.arrive(final(hugo(result=Result.DETECTED)), final())
    take_in(keys, limit=10, at=AT)
    with acting("registry_web"):
        page = farid.get("/")
    assert [count["value"] for count in page.context["counts"]] == [2, 1, 0, 1]
    assert [(row["tests"], row["positive"]) for row in page.context["diseases"]] == [(2, 1)]


@pytest.mark.parametrize("path", ["/", "/software/", "/v1/software", "/v1/keys"])
@pytest.mark.parametrize("secret", ["LUNEVILLE", "Luneville", "Hugo", "1987", "Lilas", "750123457"])
def test_no_person_and_no_pharmacy_is_on_any_page(
    farid: Client, lilas: Sender, keys: RegistryClient, path: str, secret: str
) -> None:
    lilas.arrive(final(hugo(result=Result.DETECTED)))
    take_in(keys, limit=10, at=AT)
    page = farid.get(path)
    assert page.status_code == 200
    assert secret not in page.content.decode()


def test_anybody_reads_the_list_of_approved_software_with_states_and_reasons(client: Client, publisher: Publisher) -> None:
    suspended = Publisher.approved("Autre Logiciel")
    suspended.decided(Act.SUSPEND, reason="perd des résultats")
    page = client.get("/software/", headers={"Accept-Language": "fr"})
    rows = {row["name"]: (row["state_key"], row["reason"]) for row in page.context["rows"]}
    assert rows == {"Sceau Comptoir": ("approved", ""), "Autre Logiciel": ("suspended", "perd des résultats")}
    assert "perd des résultats" in page.content.decode()


def test_the_list_as_data_says_the_same(client: Client, publisher: Publisher) -> None:
    publisher.decided(Act.WITHDRAW, reason="ended")
    (row,) = client.get("/v1/software").json()["software"]
    assert (row["name"], row["state"]) == ("Sceau Comptoir", "withdrawn")


@pytest.mark.parametrize("path", ["/", "/software/"])
def test_pages_are_only_read(farid: Client, path: str) -> None:
    assert farid.post(path).status_code == 405
