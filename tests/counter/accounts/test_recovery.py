"""The recovery code opens once, gives another one, and leaves the second factor as it is."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from tests.counter.world import Place, signed_in
from tests.plugins.services import acting

from sceau.core.accounts import recovery, slots
from sceau.core.accounts.actions import Account
from sceau.core.audit.models import Entry
from sceau.core.sealing.slots import new_code, read_code
from sceau.counter.pharmacies.models import Role

NEW = "un long mot de passe"


@pytest.fixture
def amina_account(lilas: Place) -> Account:
    return lilas.join("amina@example.org", Role.PHARMACIST)


def typed(account: Account, **told: str) -> dict[str, str]:
    return {"email": account.user.email, "recovery": account.sign_in.recovery_code, "password": NEW, "again": NEW} | told


def test_a_lost_password_is_replaced_and_another_code_is_shown(amina_account: Account) -> None:
    browser, before = signed_in(amina_account), amina_account.user.slots.get(kind="password")
    with acting("counter_web"):
        page = Client().post("/accounts/recover/", typed(amina_account))
    user, fresh = amina_account.user, page.context["code"]
    assert slots.open_with_password(user, NEW) is not None
    assert slots.open_with_password(user, amina_account.sign_in.password) is None
    assert browser.get("/").status_code == 302
    assert not user.slots.filter(pk=before.pk).exists()
    assert recovery.recover(email=user.email, code=read_code(fresh), password=NEW, at=timezone.now())
    assert Entry.objects.filter(event="account-recovered").count() == 2


def test_the_second_factor_stays(amina_account: Account) -> None:
    before = list(Authenticator.objects.filter(user=amina_account.user).values())
    Client().post("/accounts/recover/", typed(amina_account))
    assert list(Authenticator.objects.filter(user=amina_account.user).values()) == before


def test_a_code_opens_once(amina_account: Account) -> None:
    assert "code" in Client().post("/accounts/recover/", typed(amina_account)).context
    assert "code" not in Client().post("/accounts/recover/", typed(amina_account)).context


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "chloe@example.org"},
        {"email": "nobody@example.org"},
        {"recovery": new_code()},
        {"recovery": "ABCDE"},
        {"password": "court", "again": "court"},
        {"again": "un autre mot de passe"},
    ],
)
def test_what_is_wrong_changes_nothing(amina_account: Account, lilas: Place, wrong: dict[str, str]) -> None:
    lilas.join("chloe@example.org", Role.PHARMACIST)
    page = Client().post("/accounts/recover/", typed(amina_account, **wrong))
    assert page.context["form"].errors
    assert slots.open_with_password(amina_account.user, amina_account.sign_in.password) is not None


def test_the_group_that_was_mistyped_is_named(amina_account: Account) -> None:
    code = amina_account.sign_in.recovery_code
    wrong = code[:12] + ("A" if code[12] != "A" else "B") + code[13:]
    page = Client().post("/accounts/recover/", typed(amina_account, recovery=wrong), headers={"Accept-Language": "en"})
    assert "Group 3 of the code was mistyped" in page.content.decode()


def test_another_sheet_takes_the_password_and_ends_the_one_before(amina_account: Account) -> None:
    browser = signed_in(amina_account)
    assert "code" not in browser.post("/accounts/recovery-code/", {"password": "wrong"}).context
    fresh = browser.post("/accounts/recovery-code/", {"password": amina_account.sign_in.password}).context["code"]
    assert browser.get("/").status_code == 200
    assert "code" not in Client().post("/accounts/recover/", typed(amina_account)).context
    assert "code" in Client().post("/accounts/recover/", typed(amina_account, recovery=fresh)).context


@pytest.mark.parametrize(("age", "opens"), [(timedelta(days=7, minutes=-1), True), (timedelta(days=7), False)])
def test_an_invitation_opens_for_seven_days(lilas: Place, age: timedelta, opens: bool) -> None:
    user, code = lilas.invite("zoe@example.org", Role.ASSISTANT)
    at = user.slots.get().created_at + age
    assert (recovery.recover(email=user.email, code=read_code(code), password=NEW, at=at) is not None) is opens
