"""The counter goes away, or the network does: work goes on at the counter screen, sealed, and is there once when it is back."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect
from tests.journeys.conftest import signed_in
from tests.journeys.look import look

from sceau.core.accounts.seed import SignIn
from sceau.demo.stage import Stage

COUNT = "select count(*) from visits_visit where state = %s"


@pytest.fixture
def context(browser: Browser, amina_in: StorageState) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="fr-FR", storage_state=amina_in)
    yield context
    context.close()


@pytest.fixture
def counter(stage: Stage) -> Iterator[Stage]:
    """Whose web process may be ended by the test; it runs again afterwards."""
    yield stage
    if "counter-web" not in stage.supervisor._kept:
        restart(stage)


def restart(stage: Stage) -> None:
    stage.supervisor.start(stage.child("counter", "web"))
    stage.supervisor.wait_http(stage.url("counter") + "/health", deadline=30)


def desk(context: BrowserContext, stage: Stage) -> Page:
    """The counter screen, ready for an outage."""
    page = context.new_page()
    page.on("console", lambda message: print(message.text))
    page.on("pageerror", lambda error: print(error))
    page.goto(stage.url("counter") + "/desk/")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    expect(page.locator("#box")).to_be_focused()
    return page


def start(page: Page, family: str) -> None:
    """By keyboard alone."""
    page.keyboard.type(f"{family} Zoé")
    option = page.locator("#found-new")
    expect(option).to_be_visible(timeout=20_000)
    while option.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=born]")).to_be_focused()
    page.keyboard.type("12031985")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-stage="running"][data-name^="{family}"]')).to_have_attribute("aria-current", "true")


def done(page: Page, family: str) -> None:
    expect(page.locator(f'#queue [data-stage="done"][data-name^="{family}"]')).to_have_count(1, timeout=30_000)


def lost(page: Page) -> None:
    expect(page.locator("#away_band")).to_be_visible(timeout=30_000)


def test_with_the_network_lost_work_goes_on_by_keyboard(context: BrowserContext, stage: Stage) -> None:
    page = desk(context, stage)
    context.set_offline(True)
    lost(page)
    start(page, "HORSLIGNE")
    expect(page.locator("#kept_count")).to_contain_text("1")
    page.keyboard.press("+")
    expect(page.locator('#kept_list [data-stage="done"]')).to_contain_text("+")
    page.keyboard.press("Control+z")
    expect(page.locator('#kept_list [data-stage="running"]')).to_be_visible()
    page.keyboard.press("-")
    expect(page.locator('#kept_list [data-stage="done"]')).to_contain_text("−")
    context.set_offline(False)
    done(page, "HORSLIGNE")
    expect(page.locator("#away_band")).to_be_hidden()
    expect(page.locator("#kept_count")).to_be_hidden()
    expect(page.locator('#queue [data-name^="HORSLIGNE"] .result')).to_contain_text("négatif")
