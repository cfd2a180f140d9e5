"""Who tries too often waits, is told until when, and locks nobody out who touches a passkey. What is counted names nobody."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from tests.counter.accounts.authenticator import Authenticator
from tests.counter.accounts.test_passkeys import added, entered
from tests.counter.world import Place, signed_in
from tests.plugins.services import acting

from sceau.core.accounts import shared_cache
from sceau.core.accounts.actions import Account
from sceau.core.accounts.models import Remembered
from sceau.core.totp import code
from sceau.counter.pharmacies.models import Role

AMINA, HERE, ELSEWHERE = "amina@example.org", "203.0.113.7", "203.0.113.8"


@pytest.fixture
def account(lilas: Place) -> Account:
    return lilas.join(AMINA, Role.PHARMACIST)


def sign_in(email: str, password: str, *, address: str = HERE) -> Any:
    return Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": email, "password": password})


def stuff(times: int = 30) -> None:
    """One wrong password for each of many accounts, from one address."""
    for nth in range(times):
        assert sign_in(f"{nth}@example.org", "wrong").status_code == 200


def errors(page: Any) -> str:
    return " ".join(page.context["form"].non_field_errors())


def half_way(account: Account) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": AMINA, "password": account.sign_in.password})
    return browser


def test_stuffing_is_slowed_and_the_page_says_until_when(account: Account) -> None:
    with acting("counter_web"), translation.override("en"):
        stuff()
        page = Client(REMOTE_ADDR=HERE, HTTP_ACCEPT_LANGUAGE="en").post(
            "/accounts/login/", {"login": AMINA, "password": account.sign_in.password}
        )
    assert page.status_code == 200
    assert re.search(r"Try again at \d\d?:\d\d:\d\d", errors(page))


def test_from_another_address_the_same_person_signs_in(account: Account) -> None:
    """The near miss."""
    stuff()
    assert sign_in(AMINA, account.sign_in.password, address=ELSEWHERE).status_code == 302


def test_a_pharmacy_behind_the_guessers_address_signs_in_by_passkey(account: Account) -> None:
    key = Authenticator()
    added(signed_in(account), account, key)
    stuff(60)
    stranger = sign_in(AMINA, account.sign_in.password)
    assert "form" not in stranger.context or errors(stranger)
    assert entered(key, browser=Client(REMOTE_ADDR=HERE)).json() == {"next": "/staff/"}


def test_right_passwords_are_not_counted_as_wrong(account: Account) -> None:
    for _ in range(31):
        assert sign_in(AMINA, account.sign_in.password).status_code == 302


def test_too_many_tries_of_any_kind_are_a_page_with_the_hour(db: None) -> None:
    for _ in range(60):
        sign_in("", "")
    for language, words in (("fr", "Réessayez à"), ("en", "Try again at")):
        page = Client(REMOTE_ADDR=HERE, HTTP_ACCEPT_LANGUAGE=language).post("/accounts/login/", {})
        assert page.status_code == 429
        assert words in page.text
        assert 1 <= int(page.headers["Retry-After"]) <= 60


def test_five_wrong_codes_lock_the_second_factor_from_everywhere(account: Account) -> None:
    for nth in range(5):
        page = half_way(account).post("/accounts/2fa/authenticate/", {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{nth}")
        assert page.status_code == 200
    locked = half_way(account).post("/accounts/2fa/authenticate/", {"code": code(account.sign_in.totp_secret)})
    assert locked.status_code == 200
    assert re.search(r"\d\d:\d\d:\d\d", str(locked.context["form"].errors["code"]))


def test_after_four_wrong_codes_the_right_one_opens_and_the_count_begins_anew(account: Account) -> None:
    """The near miss."""
    browser = half_way(account)
    for _ in range(4):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert browser.post("/accounts/2fa/authenticate/", {"code": code(account.sign_in.totp_secret)}).status_code == 302
    browser = half_way(account)
    for _ in range(4):
        assert browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200


def test_one_persons_wrong_codes_lock_nobody_else(account: Account, lilas: Place) -> None:
    for _ in range(6):
        half_way(account).post("/accounts/2fa/authenticate/", {"code": "000000"})
    zoe = lilas.join("zoe@example.org", Role.PHARMACIST)
    browser = Client()
    browser.post("/accounts/login/", {"login": "zoe@example.org", "password": zoe.sign_in.password})
    assert browser.post("/accounts/2fa/authenticate/", {"code": code(zoe.sign_in.totp_secret)}).status_code == 302


def test_what_is_counted_outlives_the_process_and_names_nobody(account: Account) -> None:
    stuff()
    shared_cache._key.cache_clear()  # another process asks for the key anew
    assert errors(sign_in(AMINA, account.sign_in.password))
    rows = [(bytes(row.digest), bytes(row.value)) for row in Remembered.objects.all()]
    assert rows
    assert {len(digest) for digest, _ in rows} == {32}
    assert not [row for row in rows if HERE.encode() in row[1] or b"example" in row[1]]


def test_a_value_ends_and_its_row_goes(db: None) -> None:
    assert cache.add("lock", True, timeout=60)
    assert not cache.add("lock", True, timeout=60)
    cache.set("over", [1.5, 2.5], timeout=-1)
    assert cache.get("over") is None
    assert Remembered.objects.count() == 2
    assert cache.add("over", "again", timeout=60)
    assert cache.get("over") == "again"
    cache.set("over", "x", timeout=-1)
    cache.add("other", 1)
    assert Remembered.objects.count() == 2
    assert cache.delete("lock")
    assert not cache.delete("lock")


def test_nothing_is_remembered_for_ever(db: None) -> None:
    cache.set("for ever", 1, timeout=None)
    row = Remembered.objects.get()
    assert (row.until - row.until.now(row.until.tzinfo)).total_seconds() <= 24 * 60 * 60
