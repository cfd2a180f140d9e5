"""What a session holds: half a key here, half there; gone when it ends (drill 8). And no password in the database."""

import base64
import re
import time
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, RequestFactory
from tests.counter.world import Place, signed_in

from sceau.core.accounts import people, slots, unlocking
from sceau.core.accounts.actions import Account
from sceau.core.accounts.backends import SlotBackend
from sceau.core.accounts.models import User
from sceau.core.sealing.slots import password_input
from sceau.counter.pharmacies.models import Role

COOKIE = settings.UNLOCK_COOKIE_NAME


@pytest.fixture
def amina_account(lilas: Place) -> Account:
    return lilas.join("amina@example.org", Role.PHARMACIST)


@pytest.fixture
def browser(amina_account: Account) -> Client:
    return signed_in(amina_account)


def sent_to_sign_in(browser: Client) -> bool:
    page = browser.get("/")
    return page.status_code == 302 and page.headers["Location"].startswith("/accounts/login/")


def test_with_both_halves_the_page_opens(browser: Client) -> None:
    assert browser.get("/").status_code == 200


def test_the_session_cookie_alone_opens_nothing_elsewhere(browser: Client) -> None:
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert sent_to_sign_in(thief)


@pytest.mark.parametrize("half", ["", "AAAA", "not base64 !", "A" * 44])
def test_another_half_opens_nothing(browser: Client, half: str) -> None:
    browser.cookies[COOKIE] = half
    assert sent_to_sign_in(browser)


def test_half_of_one_session_does_not_open_anothers(browser: Client, lilas: Place) -> None:
    other = signed_in(lilas.join("chloe@example.org", Role.PHARMACIST))
    browser.cookies[COOKIE] = other.cookies[COOKIE].value
    assert sent_to_sign_in(browser)
    assert other.get("/").status_code == 200


def test_the_row_holds_no_key_and_the_cookie_no_data(browser: Client, amina_account: Account) -> None:
    row = Session.objects.get(pk=browser.session.session_key).get_decoded()["unlocked"]
    seed = amina_account.opened.content.user_seed
    assert seed not in base64.b64decode(row)
    assert len(browser.cookies[COOKIE].value) == 44


def test_after_signing_out_both_halves_are_dead(browser: Client) -> None:
    kept = {name: browser.cookies[name].value for name in (settings.SESSION_COOKIE_NAME, COOKIE)}
    browser.post("/accounts/logout/")
    thief = Client()
    for name, value in kept.items():
        thief.cookies[name] = value
    assert sent_to_sign_in(thief)


@pytest.mark.parametrize(("idle", "shut"), [(14 * 60, False), (15 * 60, True)])
def test_a_quarter_of_an_hour_without_an_act_ends_it(browser: Client, idle: int, shut: bool) -> None:
    session = browser.session
    session["seen"] = time.time() - idle
    session.save()
    assert sent_to_sign_in(browser) is shut


def test_a_page_that_follows_by_itself_is_no_act(browser: Client) -> None:
    session = browser.session
    session["seen"] = seen = time.time() - 600
    session.save()
    browser.get("/?auto=1")
    assert browser.session["seen"] == seen
    browser.get("/")
    assert browser.session["seen"] > seen


@pytest.mark.parametrize(("hours", "shut"), [(11.9, False), (12.1, True)])
def test_after_twelve_hours_one_signs_in_again(amina_account: Account, hours: float, shut: bool) -> None:
    browser = signed_in(amina_account)
    halves = unlocking.divide(amina_account.user, amina_account.opened, at=time.time() - hours * 3600)
    session = browser.session
    session["unlocked"] = halves.row
    session.save()
    browser.cookies[COOKIE] = halves.cookie
    assert sent_to_sign_in(browser) is shut


def test_a_changed_password_opens_and_the_old_one_does_not_and_other_sessions_end(
    browser: Client, amina_account: Account
) -> None:
    user, old = amina_account.user, amina_account.sign_in.password
    before = user.slots.get(kind="password")
    slots.change_password(user, old, "another long password")
    assert slots.open_with_password(user, "another long password") is not None
    assert slots.open_with_password(user, old) is None
    assert sent_to_sign_in(browser)
    before.save(force_insert=True)
    assert slots.open_slot(before, password_input(old, before.id)) is None


def signing_in(email: str, password: str) -> User | None:
    return SlotBackend().authenticate(None, email=people.token(email).hex(), password=password)


def test_signing_in_is_unwrapping(amina_account: Account) -> None:
    assert signing_in("amina@example.org", amina_account.sign_in.password) == amina_account.user
    assert signing_in("AMINA@example.org", amina_account.sign_in.password) == amina_account.user
    assert signing_in("amina@example.org", "wrong") is None
    assert signing_in("nobody@example.org", amina_account.sign_in.password) is None


def test_after_ten_wrong_passwords_the_person_is_told_why(amina_account: Account) -> None:
    for _ in range(10):
        signing_in("amina@example.org", "wrong")
    with pytest.raises(ValidationError, match=r"attendez|wait"):
        signing_in("amina@example.org", amina_account.sign_in.password)


def test_no_table_holds_a_password_or_a_hash_of_one(amina_account: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select column_name from information_schema.columns where table_schema = 'public'")
        columns = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "select to_jsonb(u)::text || to_jsonb(s)::text from accounts_user u join accounts_slot s on s.user_id = u.id"
        )
        rows = "".join(text for (text,) in cursor.fetchall())
    assert "password" not in columns
    assert not re.search(r"argon2|pbkdf2|bcrypt|scrypt", rows)
    assert amina_account.sign_in.password not in rows


def test_a_request_without_a_session_row_is_locked(amina_account: Account) -> None:
    request: Any = RequestFactory().get("/")
    request.session, request.user = {}, amina_account.user
    with pytest.raises(unlocking.Locked):
        unlocking.opened(request)
