"""Through a certified OpenID Connect provider and back: linked, named there, unlocked here by a touch or by password and code.

The provider is another site to the browser (127.0.0.1 beside localhost), so that cookies travel as they do between real ones.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect
from tests.journeys.conftest import signed_in
from tests.journeys.look import look
from tests.journeys.test_away import restart
from tests.journeys.test_staff import with_an_authenticator
from tests.plugins import openid

from sceau.core.accounts.seed import SignIn
from sceau.core.totp import code
from sceau.demo.processes import free_port
from sceau.demo.stage import Stage

NAME = "Pro Santé (essai)"
OFFERED, NOBODY = f"Se connecter avec {NAME}", "rpps-10001234567"


class Place(NamedTuple):
    """The counter with a provider, and how to end that."""

    stage: Stage
    url: str

    def stop_the_provider(self) -> None:
        self.stage.supervisor.end("provider")


@pytest.fixture(scope="module")
def place(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    url, issuer = stage.url("counter"), _provider(stage, tmp_path_factory.mktemp("provider"))
    told = {f"OIDC_{name}": value for name, value in openid.settings(issuer, NAME=NAME).items()}
    stage.supervisor.end("counter-web")
    child = stage.child("counter", "web")
    stage.supervisor.start(replace(child, env={**(child.env or {}), **told}))
    stage.supervisor.wait_http(f"{url}/health", deadline=30)
    yield Place(stage, url)
    stage.supervisor.end("counter-web")
    restart(stage)


def _provider(stage: Stage, folder: Path) -> str:
    port = free_port()
    stage.supervisor.start(openid.child(port, folder / "provider.log", back=f"{stage.url('counter')}/accounts/oidc/back"))
    stage.supervisor.wait_http(f"http://127.0.0.1:{port}/.well-known/openid-configuration", deadline=60)
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def zoe(stage: Stage) -> SignIn:
    return SignIn(**stage.tell("counter", "counter", "user", "zoe.oidc@lilas.example", "Zoé", role="owner"))


@pytest.fixture
def page(browser: Browser, place: Place, zoe: SignIn) -> Iterator[Page]:
    """Signed in by password and code, with the computer's own authenticator."""
    page = _window(browser, signed_in(browser, place.url, zoe))
    with_an_authenticator(page)
    yield page
    page.context.close()


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    page = _window(browser)
    yield page
    page.context.close()


def _window(browser: Browser, state: StorageState | None = None) -> Page:
    size: ViewportSize = {"width": 1024, "height": 768}
    return browser.new_context(viewport=size, locale="fr-FR", storage_state=state).new_page()


def through(page: Page, button: str, who: str) -> None:
    """To the provider, where one says who one is, and back."""
    page.get_by_role("button", name=button).click()
    page.get_by_label("Identifiant").fill(who)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name=OFFERED)).to_be_visible()


def with_a_passkey(page: Page, password: str) -> None:
    page.get_by_label("Nom de l’appareil").fill("Poste 1")
    page.get_by_label("Votre mot de passe").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Poste 1", exact=True).first).to_be_visible()


def test_linked_then_named_there_and_unlocked_here(page: Page, place: Place, zoe: SignIn, stranger: Page) -> None:
    used = code(zoe.totp_secret)
    page.goto(place.url + "/accounts/2fa/")
    through(page, "Relier mon compte", NOBODY)
    expect(page.get_by_text("Relié", exact=True)).to_be_visible()
    look(page, "my-sign-in-linked")
    with_a_passkey(page, zoe.password)
    sign_out(page)
    look(page, "sign-in-with-a-provider")
    by_a_touch(page)
    sign_out(page)
    used = by_password_and_code(page, place, zoe, used)
    somebody_not_linked(stranger, place)
    place.stop_the_provider()
    who_comes_signs_in_otherwise(stranger, place, zoe, used)
    who_is_unlocked_works_on(page, place)


def by_a_touch(page: Page) -> None:
    """The provider remembers who was there, and asks nothing."""
    page.get_by_role("button", name=OFFERED).click()
    expect(page.get_by_role("button", name="Déverrouiller avec une clé d’accès")).to_be_focused()
    assert not [one for one in page.context.cookies() if "unlock" in one.get("name", "")]
    look(page, "unlock-after-a-provider")
    page.keyboard.press("Enter")
    expect(page.locator("#box")).to_be_focused()


def another_code(place: Place, zoe: SignIn, used: str) -> str:
    """Since one counts once."""
    place.stage.supervisor.wait_for(lambda: code(zoe.totp_secret) != used, what="another code", deadline=60)
    return code(zoe.totp_secret)


def by_password_and_code(page: Page, place: Place, zoe: SignIn, used: str) -> str:
    """The code that it took; the page is looked at in English too."""
    page.get_by_role("button", name=OFFERED).click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Unlock")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Français").click()
    page.get_by_label("Votre mot de passe").fill(zoe.password)
    page.get_by_label("Code", exact=True).fill(told := another_code(place, zoe, used))
    page.keyboard.press("Enter")
    expect(page.locator("#box")).to_be_focused()
    return told


def somebody_not_linked(page: Page, place: Place) -> None:
    page.goto(place.url + "/accounts/login/")
    through(page, OFFERED, "rpps-unknown")
    expect(page.get_by_text("Aucun compte ici n’est relié")).to_be_visible()
    look(page, "not-linked-at-the-provider")


def who_comes_signs_in_otherwise(page: Page, place: Place, zoe: SignIn, used: str) -> None:
    """The page says that the provider is away, in either language; password and code, on that same page, sign in."""
    page.goto(place.url + "/accounts/login/")
    page.get_by_role("button", name=OFFERED).click()
    expect(page.get_by_text("ne répond pas")).to_be_visible()
    look(page, "provider-away")
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    expect(page.get_by_text("does not answer")).to_be_visible()
    look(page)
    page.locator("[name=login]").fill(zoe.email)
    page.locator("[name=password]").fill(zoe.password)
    page.keyboard.press("Enter")
    page.locator("input[name=code]").fill(another_code(place, zoe, used))
    page.keyboard.press("Enter")
    expect(page.locator("#box")).to_be_focused()


def who_is_unlocked_works_on(page: Page, place: Place) -> None:
    """And comes back by a touch."""
    page.goto(place.url + "/desk/")
    expect(page.locator("#box")).to_be_focused()
    sign_out(page)
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.locator("#box")).to_be_focused()
