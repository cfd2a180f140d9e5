"""An owner opens a pharmacy with the authority's code; without it nothing is left behind."""

from typing import Any

import pytest
from django.test import Client
from tests.counter.world import Place, problem
from tests.plugins.services import acting

from sceau.core.accounts import slots
from sceau.core.accounts.models import User
from sceau.core.wire import Enrolment
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.models import Member, Pharmacy, Role
from sceau.counter.relay.errors import RegistryRefused
from sceau.counter.web.opening import views

PASSWORD = "un long mot de passe"


class Registry:
    """Takes the code `right`, and no other."""

    def __init__(self, status: int = 403) -> None:
        self._status = status

    def enrol(self, enrolment: Enrolment, *, at: Any) -> None:
        if enrolment.code != "right":
            raise RegistryRefused(problem("enrolment-refused", self._status))


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "client", Registry)


def typed(**told: str) -> dict[str, str]:
    owner = {"owner": "Bruno", "email": "bruno@example.org", "password": PASSWORD, "again": PASSWORD}
    return {"finess": "750123457", "name": "Pharmacie des Lilas", "code": "right"} | owner | told


@pytest.mark.django_db
def test_the_owner_has_the_keys_and_a_sheet_with_code_and_fingerprint(client: Client) -> None:
    with acting("counter_web"):
        page = client.post("/open/", typed())
    assert page.context["fingerprint"] in page.content.decode()
    bruno = Member.objects.select_related("user", "pharmacy").get()
    opened = slots.open_with_password(bruno.user, PASSWORD)
    assert opened is not None
    assert keyring.open_keys(bruno, opened).pharmacy == bruno.pharmacy_id
    assert (bruno.role, bruno.pharmacy.enrolled_at is not None) == (Role.OWNER, True)


@pytest.mark.django_db
def test_the_second_factor_is_set_up_at_the_first_sign_in(client: Client) -> None:
    client.post("/open/", typed())
    page = client.post("/accounts/login/", {"login": "bruno@example.org", "password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/totp/activate/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "wrong"}, "code"),
        ({"finess": "750123456"}, "finess"),
        ({"finess": "75"}, "finess"),
        ({"password": "court", "again": "court"}, "password"),
        ({"again": "un autre mot de passe"}, "again"),
        ({"email": "bruno"}, "email"),
    ],
)
def test_what_is_wrong_leaves_nothing_behind(client: Client, wrong: dict[str, str], field: str) -> None:
    page = client.post("/open/", typed(**wrong))
    assert list(page.context["form"].errors) == [field]
    assert (Pharmacy.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_while_the_registry_is_away_nothing_changes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "client", lambda: Registry(503))
    assert client.post("/open/", typed(code="wrong")).context["form"].non_field_errors()
    assert Pharmacy.objects.count() == 0


@pytest.mark.parametrize("taken", [{"finess": "690000005"}, {"email": "BRUNO@690000005.example"}])
def test_what_is_here_already_is_not_opened_again(client: Client, other: Place, taken: dict[str, str]) -> None:
    page = client.post("/open/", typed(**taken))
    assert page.context["form"].non_field_errors()
    assert Pharmacy.objects.count() == 1
