"""The owner asks for controls, the counter reminds of the one that is missing, and it is run by keyboard: F4 and two keys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, StorageState, expect
from tests.journeys.conftest import Opener
from tests.journeys.look import look

from sceau.demo.stage import Stage


def asks(page: Page, stage: Stage, when: str) -> None:
    page.goto(stage.url("counter") + "/pharmacy/")
    page.get_by_label("Rappeler les contrôles d’un kit").select_option(label=when)
    page.get_by_role("button", name="Changer").press("Enter")
    expect(page.get_by_text("C’est noté")).to_be_visible()


@pytest.fixture
def owner(open_page: Opener, stage: Stage, bruno_in: StorageState) -> Iterator[Page]:
    """Bruno, who asks for nothing any more when the journey is over."""
    page = open_page(bruno_in)
    yield page
    asks(page, stage, "jamais")


def box(page: Page, lot: str) -> None:
    """A scanner types fast, and ends with Enter."""
    page.keyboard.type(f"]d201037601234567841729013110{lot}")
    page.keyboard.press("Enter")
    expect(page.locator(".kit-line")).to_contain_text(lot)


def control(page: Page, found: str) -> None:
    page.keyboard.press("F4")
    expect(page.locator("#control_found")).to_be_focused()
    page.keyboard.type(found)


def test_the_control_that_is_missing_is_run_by_keyboard(
    owner: Page, open_page: Opener, stage: Stage, amina_in: StorageState
) -> None:
    asks(owner, stage, "chaque jour")
    desk = open_page(amina_in)
    desk.goto(stage.url("counter") + "/desk/")
    expect(desk.locator("#box")).to_be_focused()
    box(desk, f"Q{desk.evaluate('Date.now()')}")
    expect(desk.get_by_text("pas de contrôle aujourd’hui")).to_be_visible()
    look(desk, "counter-desk-control-missing")
    control(desk, "--")
    expect(desk.get_by_text("contrôle échoué")).to_be_visible()
    look(desk, "counter-desk-control-failed")
    control(desk, "+-")
    expect(desk.get_by_text("contrôle échoué")).to_be_hidden()
    expect(desk.get_by_text("pas de contrôle aujourd’hui")).to_be_hidden()
    expect(desk.locator("#box")).to_be_focused()
    desk.keyboard.press("F4")
    desk.get_by_role("link", name="Historique de ce kit").press("Enter")
    expect(desk.get_by_role("row").nth(1)).to_contain_text("réussi")
    expect(desk.get_by_role("row").nth(2)).to_contain_text("échoué")
    look(desk, "counter-kit-controls")
