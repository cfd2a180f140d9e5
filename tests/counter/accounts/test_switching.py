"""Two colleagues switching at one workstation: the first one's requests may arrive when the second is there already."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from tests.counter.world import Place, signed_in

from sceau.core.accounts import unlocking
from sceau.core.accounts.sessions import SessionMiddleware
from sceau.counter.pharmacies.models import Role

SESSION, HALF = settings.SESSION_COOKIE_NAME, settings.UNLOCK_COOKIE_NAME


def cookies(browser: Client) -> dict[str, str]:
    return {name: browser.cookies[name].value for name in (SESSION, HALF)}


def late(halves: dict[str, str], path: str = "/") -> Any:
    """The answer to a request that left the browser with these cookies."""
    request = Client()
    for name, value in halves.items():
        request.cookies[name] = value
    return request.get(path)


def sent_to_sign_in(page: Any) -> bool:
    return bool(page.status_code == 302 and page.headers["Location"].startswith("/accounts/login/"))


@pytest.fixture
def browser(lilas: Place) -> Client:
    """The workstation at the Pharmacie des Lilas, with Amina at work."""
    return lilas.sign_in("amina@example.org", Role.PHARMACIST)


@pytest.fixture
def first(browser: Client) -> dict[str, str]:
    """Amina's cookies, as her last request carries them."""
    assert browser.get("/").status_code == 200
    return cookies(browser)


def test_who_comes_next_has_both_halves_of_their_own(browser: Client, first: dict[str, str], lilas: Place) -> None:
    signed_in(lilas.owner, at=browser)
    assert not set(cookies(browser).values()) & set(first.values())
    assert browser.get("/").context["user"] == lilas.owner.user


def test_the_first_ones_halves_are_dead_at_once(browser: Client, first: dict[str, str], lilas: Place) -> None:
    signed_in(lilas.owner, at=browser)
    assert sent_to_sign_in(late(first))
    assert sent_to_sign_in(late(first, "/desk/"))
    assert not Session.objects.filter(pk=first[SESSION]).exists()


@pytest.mark.parametrize("name", [SESSION, HALF])
def test_a_half_of_each_opens_nothing(browser: Client, first: dict[str, str], lilas: Place, name: str) -> None:
    signed_in(lilas.owner, at=browser)
    assert sent_to_sign_in(late(cookies(browser) | {name: first[name]}))


def test_a_late_answer_does_not_sign_out_who_came_next(browser: Client, first: dict[str, str], lilas: Place) -> None:
    signed_in(lilas.owner, at=browser)
    assert not {SESSION, HALF} & set(late(first).cookies)
    assert not {SESSION, HALF} & set(late(first, "/?auto=1").cookies)
    assert browser.get("/").status_code == 200


def test_signing_out_still_clears_both_cookies(browser: Client, first: dict[str, str]) -> None:
    page = browser.post("/accounts/logout/")
    assert {name: page.cookies[name].value for name in (SESSION, HALF)} == {SESSION: "", HALF: ""}


def test_somebody_from_another_pharmacy_sees_their_own_alone(browser: Client, first: dict[str, str], other: Place) -> None:
    signed_in(other.owner, at=browser)
    page = browser.get("/").content.decode()
    assert ("Pharmacie du Pont" in page, "Pharmacie des Lilas" in page) == (True, False)
    assert sent_to_sign_in(late(first))


def test_a_request_that_is_under_way_does_not_bring_its_session_back(
    browser: Client, first: dict[str, str], lilas: Place
) -> None:
    """It read its session before the switch, and would write it after."""

    def slow(request: HttpRequest) -> HttpResponse:
        request.session["seen"] = 0.0
        signed_in(lilas.owner, at=browser)
        return HttpResponse()

    request = RequestFactory().get("/")
    request.COOKIES.update(first)
    with pytest.raises(SessionInterrupted):
        SessionMiddleware(unlocking.middleware(slow))(request)
    assert not Session.objects.filter(pk=first[SESSION]).exists()
    assert browser.get("/").context["user"] == lilas.owner.user
