"""An owner opens a pharmacy: keys are made, and the registry is asked for the signing key when it answers."""

import pytest
from django.test import Client
from tests.counter.world import Place
from tests.plugins.services import acting

from sceau.core.accounts import slots
from sceau.core.accounts.models import User
from sceau.core.sealing.signing import fingerprint
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.models import Enrolment, Member, Pharmacy, Role

PASSWORD = "un long mot de passe"


def typed(**told: str) -> dict[str, str]:
    owner = {"owner": "Bruno", "email": "bruno@example.org", "password": PASSWORD, "again": PASSWORD}
    return {"finess": "750123457", "name": "Pharmacie des Lilas"} | owner | told


@pytest.mark.django_db
def test_the_owner_has_the_keys_and_a_sheet_with_code_and_fingerprint(client: Client) -> None:
    with acting("counter_web"):
        page = client.post("/open/", typed())
    assert page.context["fingerprint"] in page.content.decode()
    bruno = Member.objects.select_related("user", "pharmacy").get()
    opened = slots.open_with_password(bruno.user, PASSWORD)
    assert opened is not None
    assert keyring.open_keys(bruno, opened).pharmacy == bruno.pharmacy_id
    asked = Enrolment.objects.get()
    assert (bruno.role, asked.state, asked.answered_at) == (Role.OWNER, "requested", None)
    assert page.context["fingerprint"] == fingerprint(bytes(asked.public_key))


@pytest.mark.django_db
def test_the_second_factor_is_set_up_at_the_first_sign_in(client: Client) -> None:
    client.post("/open/", typed())
    page = client.post("/accounts/login/", {"login": "bruno@example.org", "password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/totp/activate/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
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


@pytest.mark.parametrize("taken", [{"finess": "690000005"}, {"email": "BRUNO@690000005.example"}])
def test_what_is_here_already_is_not_opened_again(client: Client, other: Place, taken: dict[str, str]) -> None:
    page = client.post("/open/", typed(**taken))
    assert page.context["form"].non_field_errors()
    assert Pharmacy.objects.count() == 1
