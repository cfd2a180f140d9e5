"""A touch signs in and unlocks; a passkey that was ended, copied, or touched elsewhere does neither."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.counter.accounts.authenticator import PRESENT, Authenticator
from tests.counter.world import Place, signed_in
from tests.plugins.services import acting

from sceau.core.accounts import slots
from sceau.core.accounts.actions import Account
from sceau.core.accounts.models import Passkey
from sceau.core.audit.models import Entry
from sceau.counter.pharmacies.models import Role


@pytest.fixture
def amina_account(lilas: Place) -> Account:
    return lilas.join("amina@example.org", Role.PHARMACIST)


@pytest.fixture
def amina(amina_account: Account) -> Client:
    return signed_in(amina_account)


def added(browser: Client, account: Account, key: Authenticator, **told: Any) -> Any:
    typed = {"password": account.sign_in.password, "name": "Poste 1"} | told
    options = browser.post("/accounts/passkeys/options", typed)
    return browser.post("/accounts/passkeys/add", typed | {"answer": key.made(options.json())})


def entered(key: Authenticator, answer: Callable[[dict[str, Any]], str] | None = None, browser: Client | None = None) -> Any:
    browser = browser or Client()
    options = browser.post("/accounts/passkeys/touch").json()
    return browser.post("/accounts/passkeys/enter", {"answer": (answer or key.touched)(options), "next": "/staff/"})


def test_a_touch_signs_in_and_unlocks(amina: Client, amina_account: Account) -> None:
    key, browser = Authenticator(), Client()
    with acting("counter_web"):
        assert added(amina, amina_account, key).json() == {"next": "/accounts/2fa/"}
        assert entered(key, browser=browser).json() == {"next": "/staff/"}
        assert browser.get("/").status_code == 200
    assert Entry.objects.filter(event="passkey-added").count() == 1
    assert Entry.objects.filter(event="signed-in", by=f"user:{amina_account.user.pk}").exists()


def test_a_colleague_takes_over_at_one_workstation_and_nothing_of_the_first_is_left(
    amina: Client, amina_account: Account, lilas: Place
) -> None:
    sam, key = lilas.join("sam@example.org", Role.ASSISTANT), Authenticator()
    added(signed_in(sam), sam, key)
    before = {name: cookie.value for name, cookie in amina.cookies.items()}
    assert entered(key, browser=amina).status_code == 200
    assert amina.get("/").context["user"] == sam.user
    left = Client()
    for name, value in before.items():
        left.cookies[name] = value
    assert left.get("/").status_code == 302


def test_a_page_elsewhere_is_no_place_to_go_on(amina: Client, amina_account: Account) -> None:
    key, browser = Authenticator(), Client()
    added(amina, amina_account, key)
    options = browser.post("/accounts/passkeys/touch").json()
    told = browser.post("/accounts/passkeys/enter", {"answer": key.touched(options), "next": "https://elsewhere.example/"})
    assert told.json() == {"next": "/desk/"}


def test_without_the_password_no_passkey_is_added(amina: Client, amina_account: Account) -> None:
    assert amina.post("/accounts/passkeys/options", {"password": "wrong"}).status_code == 400
    options = amina.post("/accounts/passkeys/options", {"password": amina_account.sign_in.password}).json()
    told = amina.post("/accounts/passkeys/add", {"password": "wrong", "answer": Authenticator().made(options)})
    assert (told.status_code, Passkey.objects.count()) == (400, 0)


def from_elsewhere(key: Authenticator) -> Callable[[dict[str, Any]], str]:
    return lambda options: key.touched(options, origin="https://elsewhere.example")


def unverified(key: Authenticator) -> Callable[[dict[str, Any]], str]:
    return lambda options: key.touched(options, flags=PRESENT)


def another_challenge(key: Authenticator) -> Callable[[dict[str, Any]], str]:
    return lambda options: key.touched(options | {"challenge": "AAAA"})


def other_prf(key: Authenticator) -> Callable[[dict[str, Any]], str]:
    def answer(options: dict[str, Any]) -> str:
        key.prf = bytes(32)
        return key.touched(options)

    return answer


def without_prf(key: Authenticator) -> Callable[[dict[str, Any]], str]:
    return lambda options: json.dumps(json.loads(key.touched(options)) | {"prf": ""})


def copied(key: Authenticator) -> Callable[[dict[str, Any]], str]:
    """Its counter counts back."""

    def answer(options: dict[str, Any]) -> str:
        key.count = 0
        return key.touched(options)

    return answer


def nonsense(key: Authenticator) -> Callable[[dict[str, Any]], str]:
    return lambda options: "{"


def unknown(key: Authenticator) -> Callable[[dict[str, Any]], str]:
    return Authenticator().touched


WRONG = [from_elsewhere, unverified, another_challenge, other_prf, without_prf, copied, nonsense, unknown]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_her_touch_opens_nothing(
    amina: Client, amina_account: Account, wrong: Callable[[Authenticator], Callable[[dict[str, Any]], str]]
) -> None:
    key, browser = Authenticator(), Client()
    added(amina, amina_account, key)
    assert entered(key).status_code == 200
    assert entered(key, wrong(key), browser).status_code == 403
    assert browser.get("/").status_code == 302


def test_an_answer_counts_once(amina: Client, amina_account: Account) -> None:
    key, browser = Authenticator(), Client()
    added(amina, amina_account, key)
    answer = key.touched(browser.post("/accounts/passkeys/touch").json())
    assert browser.post("/accounts/passkeys/enter", {"answer": answer}).status_code == 200
    assert browser.post("/accounts/passkeys/enter", {"answer": answer}).status_code == 403


def test_a_lost_device_opens_nothing_any_more_from_a_backup_neither(amina: Client, amina_account: Account) -> None:
    key = Authenticator()
    added(amina, amina_account, key)
    known = Passkey.objects.select_related("slot").get()
    slot = known.slot
    assert amina.post(f"/accounts/passkeys/{slot.pk}/remove").status_code == 302
    assert entered(key).status_code == 403
    slot.save(force_insert=True)
    known.save(force_insert=True)
    assert slots.open_with_prf(slot, key.prf) is None
    assert entered(key).status_code == 403


def test_nobody_ends_anothers_passkey(amina: Client, amina_account: Account, lilas: Place) -> None:
    key = Authenticator()
    added(amina, amina_account, key)
    slot = Passkey.objects.get().pk
    assert lilas.sign_in("sam@example.org", Role.OWNER).post(f"/accounts/passkeys/{slot}/remove").status_code == 404
    assert entered(key).status_code == 200


def test_somebody_who_left_does_not_enter(amina: Client, amina_account: Account) -> None:
    key = Authenticator()
    added(amina, amina_account, key)
    amina_account.user.is_active = False
    amina_account.user.save()
    assert entered(key).status_code == 403


@pytest.mark.parametrize("page", ["options", "add", "touch", "enter"])
def test_a_get_is_no_answer(amina: Client, page: str) -> None:
    assert amina.get(f"/accounts/passkeys/{page}").status_code == 405
