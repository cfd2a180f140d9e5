"""Whose touch counts at the keyholder: they come with the operator's sheet, bring a passkey, and members vouch for them."""

from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect
from tests.journeys.look import look
from tests.journeys.test_enrolment import signs_in
from tests.journeys.test_staff import PASSWORD, typed, with_an_authenticator

from sceau.demo.stage import Stage

SIZE = {"width": 1024, "height": 768}


class Present(NamedTuple):
    """Somebody at a browser with a passkey of its own, signed in."""

    page: Page
    email: str


def comes(browser: Browser, stage: Stage, name: str, role: str, departments: str) -> Present:
    """With the operator's sheet, a password, a phone and an authenticator."""
    email, url = f"{name}@autorite.example", stage.url("registry")
    told = ("registry", "agents", "appoint", email, name.capitalize(), "--role", role, "--departments", departments)
    sheet = stage.tell("registry", *told, role="owner")["code"]
    page = browser.new_context(viewport=SIZE, locale="fr-FR").new_page()  # type: ignore[arg-type]
    with_an_authenticator(page)
    page.goto(url + "/accounts/recover/")
    page.locator("[autofocus]").focus()
    typed(page, email, sheet, PASSWORD, PASSWORD)
    page.get_by_role("link", name="Je l’ai imprimée : se connecter").click()
    signs_in(page, email)
    return Present(page, email)


def brings(page: Page, stage: Stage, *, password: str = PASSWORD) -> str:
    """A passkey; gives the fingerprint that the page shows."""
    page.goto(stage.url("registry") + "/accounts/agent/")
    look(page)
    page.get_by_label("Votre mot de passe").fill(password)
    page.keyboard.press("Enter")
    expect(page.locator("code.secret")).to_be_visible()
    look(page, "registry-my-passkey")
    return page.locator("code.secret").inner_text().strip()


def vouches(page: Page, stage: Stage, whom: str) -> None:
    page.goto(stage.url("registry") + "/agents/")
    look(page, "registry-agents")
    page.get_by_role("button", name=f"donner mon accord {whom}").click()
    expect(page.locator(".banner-good")).to_be_visible()


def founded(browser: Browser, stage: Stage) -> list[Present]:
    """Farah and Félix, whom the operator founds by the fingerprints they read."""
    members = [comes(browser, stage, name, "authority", "") for name in ("farah", "felix")]
    for one in members:
        digits = brings(one.page, stage)
        stage.run("registry", "registry", "agents", "found", one.email, "--fingerprint", digits, role="owner")
    return members
