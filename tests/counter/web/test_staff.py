"""Who works here is the owner's to say: inviting, roles, lost phones, and letting go."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.counter.world import Place, signed_in
from tests.plugins.services import acting

from sceau.core.accounts import recovery, slots
from sceau.core.accounts.actions import Account
from sceau.core.accounts.models import User
from sceau.core.audit.models import Entry
from sceau.core.sealing.slots import read_code
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.models import Member, Role

NEW = "un long mot de passe"
QUERIES = 5


@pytest.fixture
def odile(lilas: Place) -> Account:
    return lilas.join("odile@example.org", Role.OWNER)


@pytest.fixture
def owner(odile: Account) -> Client:
    return signed_in(odile)


@pytest.fixture
def amina(lilas: Place) -> Member:
    return Member.objects.get(user=lilas.join("amina@example.org", Role.PHARMACIST).user)


def invitation(odile: Account, **told: str) -> dict[str, str]:
    password = odile.sign_in.password
    return {"name": "Zoé", "email": "zoe@example.org", "role": "assistant", "password": password} | told


def test_somebody_invited_chooses_a_password_and_opens_the_pharmacys_copies(owner: Client, odile: Account, lilas: Place) -> None:
    with acting("counter_web"):
        sheet = owner.post("/staff/invite", invitation(odile))
        opened = {"email": "zoe@example.org", "recovery": sheet.context["code"], "password": NEW, "again": NEW}
        assert "code" in Client().post("/accounts/recover/", opened).context
    zoe = Member.objects.select_related("user", "pharmacy").get(user__in=User.objects.at("zoe@example.org"))
    unlocked = slots.open_with_password(zoe.user, NEW)
    assert unlocked is not None
    assert keyring.open_keys(zoe, unlocked).import_key() == lilas.keys.import_key()
    assert (zoe.role, zoe.pharmacy) == (Role.ASSISTANT, lilas.pharmacy)
    assert Entry.objects.filter(event="member-invited").count() == 1


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"email": "odile@example.org"}, {"role": "queen"}, {"name": ""}])
def test_what_is_wrong_invites_nobody_and_keeps_what_was_typed(owner: Client, odile: Account, wrong: dict[str, str]) -> None:
    page = owner.post("/staff/invite", invitation(odile, **wrong))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(wrong)
    assert len(page.context["staff"]) == 2


def test_an_invitation_withdrawn_opens_nothing_and_the_address_is_free_again(owner: Client, odile: Account) -> None:
    code = owner.post("/staff/invite", invitation(odile)).context["code"]
    zoe = Member.objects.get(user__in=User.objects.at("zoe@example.org"))
    with acting("counter_web"):
        owner.post(f"/staff/{zoe.pk}/withdraw")
    assert recovery.recover(email="zoe@example.org", code=read_code(code), password=NEW, at=timezone.now()) is None
    assert owner.post("/staff/invite", invitation(odile)).status_code == 200


def test_an_invitation_that_was_opened_is_not_withdrawn(owner: Client, amina: Member) -> None:
    owner.post(f"/staff/{amina.pk}/withdraw")
    assert Member.objects.filter(pk=amina.pk).exists()


def test_a_role_changes_at_once(owner: Client, amina: Member) -> None:
    with acting("counter_web"):
        owner.post(f"/staff/{amina.pk}/role", {"role": "assistant"})
    amina.refresh_from_db()
    assert amina.role == Role.ASSISTANT
    assert Entry.objects.filter(event="role-changed", subject=f"user:{amina.user_id}").count() == 1


def test_somebody_has_to_own_the_pharmacy(owner: Client, odile: Account, lilas: Place) -> None:
    me = Member.objects.get(user=odile.user)
    owner.post(f"/staff/{lilas.bruno.pk}/role", {"role": "assistant"})
    owner.post(f"/staff/{me.pk}/role", {"role": "assistant"})
    assert Member.objects.get(pk=me.pk).role == Role.OWNER


def test_a_lost_phone_is_replaced_at_the_next_sign_in(owner: Client, lilas: Place) -> None:
    account = lilas.join("amina@example.org", Role.PHARMACIST)
    browser, amina = signed_in(account), Member.objects.get(user=account.user)
    with acting("counter_web"):
        owner.post(f"/staff/{amina.pk}/second-factor")
    assert browser.get("/").headers["Location"].startswith("/accounts/login/")
    account.user.refresh_from_db()
    assert signed_in(account).get("/").headers["Location"] == "/accounts/2fa/totp/activate/"


def test_whoever_leaves_opens_nothing_and_the_new_fingerprint_is_shown(owner: Client, amina: Member) -> None:
    """The registry need not answer for it: the request waits."""
    with acting("counter_web"):
        page = owner.post(f"/staff/{amina.pk}/leave")
    assert page.context["key"]["fingerprint"] in page.content.decode()
    assert not Member.objects.filter(pk=amina.pk).exists()
    assert owner.get("/staff/").status_code == 200


ROUTES = ["role", "second-factor", "withdraw", "leave"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.ASSISTANT])
def test_the_owner_alone_does_it(lilas: Place, amina: Member, route: str, role: Role) -> None:
    browser = lilas.sign_in("sam@example.org", role)
    assert browser.post(f"/staff/{amina.pk}/{route}", {"role": "owner"}).status_code == 403
    assert browser.get("/staff/").status_code == 403
    assert browser.post("/staff/invite").status_code == 403


@pytest.mark.parametrize("route", ROUTES)
def test_another_pharmacys_owner_does_not(other: Place, amina: Member, route: str) -> None:
    browser = other.sign_in("sam@example.org", Role.OWNER)
    assert browser.post(f"/staff/{amina.pk}/{route}", {"role": "owner"}).status_code == 404


@pytest.mark.parametrize("route", ["second-factor", "withdraw", "leave"])
def test_nobody_does_it_to_themselves(owner: Client, odile: Account, route: str) -> None:
    me = Member.objects.get(user=odile.user)
    assert owner.post(f"/staff/{me.pk}/{route}").status_code == 404


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/staff/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("count", [1, 8])
def test_it_takes_as_many_queries_however_many_work_here(
    owner: Client, lilas: Place, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for nth in range(count):
        lilas.join(f"staff{nth}@example.org", Role.ASSISTANT)
    owner.get("/staff/")
    with django_assert_num_queries(QUERIES):
        owner.get("/staff/")
