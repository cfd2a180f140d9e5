"""Amina and Farid read their first page, each in light and dark. `make screenshots` keeps the pictures."""

import pytest
from playwright.sync_api import StorageState, expect
from tests.journeys.conftest import Opener
from tests.journeys.look import look

from sceau.core.accounts.seed import SignIn
from sceau.demo.stage import Stage


def test_amina_reads_the_day(open_page: Opener, stage: Stage, amina_in: StorageState) -> None:
    page, errors = open_page(amina_in), list[str]()
    page.on("console", lambda message: errors.append(message.text))
    page.goto(stage.url("counter"))
    expect(page.get_by_text("LUNEVILLE Hugo").first).to_be_visible()
    expect(page.locator(".state", has_text="enregistré").first).to_be_visible()
    look(page, "counter-today")
    assert errors == []


def test_amina_reads_english(open_page: Opener, stage: Stage, amina_in: StorageState) -> None:
    page = open_page(amina_in)
    page.goto(stage.url("counter"))
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Results", exact=True)).to_be_visible()
    expect(page.locator(".state", has_text="recorded").first).to_be_visible()
    look(page, "counter-today-english")


def test_farid_reads_the_counts_and_no_name(open_page: Opener, stage: Stage, farid_in: StorageState) -> None:
    page = open_page(farid_in)
    page.goto(stage.url("registry"))
    expect(page.get_by_text("COVID-19")).to_be_visible()
    assert "LUNEVILLE" not in page.content()
    look(page, "registry-counts")


def test_anybody_reads_the_approved_software(open_page: Opener, stage: Stage) -> None:
    page = open_page()
    page.goto(stage.url("registry") + "/software/")
    expect(page.get_by_text("Sceau Comptoir")).to_be_visible()
    look(page, "registry-software")


@pytest.mark.parametrize("service", ["counter", "registry"])
def test_a_stranger_sees_the_sign_in_only(open_page: Opener, stage: Stage, service: str) -> None:
    page = open_page()
    page.goto(stage.url(service) + "/")
    expect(page).to_have_url(stage.url(service) + "/accounts/login/?next=/")
    look(page, f"{service}-sign-in")


def test_a_password_alone_opens_nothing(open_page: Opener, stage: Stage, amina: SignIn) -> None:
    page = open_page()
    page.goto(stage.url("counter"))
    page.get_by_label("Courriel").fill(amina.email)
    page.get_by_label("Mot de passe").fill(amina.password)
    page.keyboard.press("Enter")
    expect(page.locator("input[name=code]")).to_be_focused()
    page.goto(stage.url("counter") + "/")
    expect(page).to_have_url(stage.url("counter") + "/accounts/2fa/authenticate/")
    assert "LUNEVILLE" not in page.content()


def test_the_parts_of_pages_are_shown_in_both_themes(open_page: Opener, stage: Stage, bruno_in: StorageState) -> None:
    page = open_page(bruno_in)
    page.goto(stage.url("counter") + "/design/")
    expect(page.get_by_role("heading", name="Charte")).to_be_visible()
    look(page, "design")
