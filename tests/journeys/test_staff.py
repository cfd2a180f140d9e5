"""A colleague is invited on paper, opens the account by keyboard, adds a passkey, and comes back with a touch."""

import time

from playwright.sync_api import Page, StorageState, expect
from tests.journeys.codes import types_code
from tests.journeys.conftest import Opener
from tests.journeys.look import look

from sceau.demo.stage import Stage

PASSWORD = "un long mot de passe"
TOUCHING = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_an_authenticator(page: Page) -> None:
    """The computer's own, which gives the PRF and is touched at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCHING})


def invited(page: Page, stage: Stage, email: str) -> str:
    page.goto(stage.url("counter") + "/staff/")
    page.get_by_label("Nom", exact=True).fill("Zoé")
    page.get_by_label("Courriel professionnel").fill(email)
    page.get_by_label("Votre mot de passe").fill(stage.owner.password)
    page.get_by_role("button", name="Préparer l’invitation").click()
    expect(page.get_by_role("heading", name="Invitation pour Zoé")).to_be_visible()
    return page.locator("code.secret").inner_text()


def typed(page: Page, *fields: str) -> None:
    for field in fields:
        page.keyboard.type(field)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_from_the_sheet_to_a_touch(open_page: Opener, stage: Stage, bruno_in: StorageState) -> None:
    owner, page = open_page(bruno_in), open_page()
    email = f"zoe{time.time_ns()}@lilas.example"
    sheet = invited(owner, stage, email)
    look(owner, "counter-invitation")
    page.goto(stage.url("counter") + "/accounts/recover/")
    look(page, "recover")
    page.locator("[autofocus]").focus()
    typed(page, email, sheet, PASSWORD, PASSWORD)
    expect(page.get_by_role("heading", name="Fiche de secours")).to_be_visible()
    look(page, "recovery-sheet")
    page.get_by_role("link", name="Je l’ai imprimée : se connecter").click()
    expect(page.locator("[name=login]")).to_be_focused()
    typed(page, email, PASSWORD)
    types_code(page, page.locator("code.secret").inner_text())
    expect(page.get_by_text("Codes de secours")).to_be_visible()
    touches(page, stage)


def touches(page: Page, stage: Stage) -> None:
    with_an_authenticator(page)
    page.goto(stage.url("counter") + "/accounts/2fa/")
    look(page, "my-sign-in")
    page.get_by_label("Nom de l’appareil").fill("Poste 1")
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Poste 1", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Se connecter avec une clé d’accès")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#box")).to_be_focused()
    expect(page.get_by_role("button", name="Changer de personne")).to_be_visible()
    with page.expect_response("**/passkeys/enter") as entered:
        page.keyboard.press("F9")
    assert entered.value.ok
    expect(page.locator("#box")).to_be_focused()


def test_the_owner_sees_who_works_here(open_page: Opener, stage: Stage, bruno_in: StorageState) -> None:
    page = open_page(bruno_in)
    page.goto(stage.url("counter") + "/staff/")
    expect(page.get_by_role("heading", name="Équipe")).to_be_visible()
    look(page, "counter-staff")
