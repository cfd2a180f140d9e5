"""A morning at two workstations: patients, corrections, and the registry away in the middle. Each result is recorded once."""

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect
from tests.journeys.conftest import signed_in

from sceau.core.accounts.seed import SignIn
from sceau.demo.stage import Stage

PATIENTS, CORRECTED = 20, 10
STANDING = "select count(distinct lineage), count(*) - count(distinct lineage) from results_report"
FAMILIES = [f"MATIN{chr(65 + nth)}{chr(90 - nth)}" for nth in range(PATIENTS)]


@pytest.fixture
def workstations(browser: Browser, stage: Stage, amina_in: StorageState) -> Iterator[list[Page]]:
    """Amina's and a colleague's."""
    told = SignIn(**stage.tell("counter", "counter", "user", "colette@lilas.example", "Colette", role="owner"))
    states = [amina_in, signed_in(browser, stage.url("counter"), told)]
    contexts = [browser.new_context(viewport={"width": 1024, "height": 768}, locale="fr-FR", storage_state=one) for one in states]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.goto(stage.url("counter") + "/desk/")
    yield pages
    for context in contexts:
        context.close()


def take(page: Page, family: str, result: str) -> None:
    """Somebody new is tested, by keyboard."""
    page.keyboard.type(f"{family} Zoé")
    expect(page.locator("#found-new")).to_be_visible()
    while page.locator("#found-new").get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=born]")).to_be_focused()
    page.keyboard.type("12031985")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-stage="running"][data-name^="{family}"]')).to_have_attribute("aria-current", "true")
    page.keyboard.press(result)
    expect(page.locator(f'[data-stage="done"][data-name^="{family}"]')).to_be_visible()


def correct(page: Page, stage: Stage, family: str) -> None:
    """The result was another."""
    page.goto(stage.url("counter") + "/desk/")
    link = page.locator(f'[data-stage="done"][data-name^="{family}"]').get_by_role("link")
    expect(link).to_be_visible(timeout=20_000)
    link.click()
    page.get_by_text("Corriger ce résultat").click()
    page.get_by_role("radio", name="positif").check()
    page.get_by_role("button", name="Envoyer la correction").click()
    expect(page.get_by_text("Corrigé : le registre est averti")).to_be_visible()


def registry(stage: Stage, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(stage.postgres.superuser_url("registry")) as connection:
        return connection.execute(question.encode()).fetchall()


def unanswered(stage: Stage) -> int:
    """Reports whose answer the counter has not had."""
    with psycopg.connect(stage.postgres.superuser_url("counter")) as connection:
        [count] = connection.execute("select count(*) from screenings_screening where outcome = ''").fetchone() or [0]
        return int(count)


def test_each_result_is_recorded_once_and_both_see_the_same(workstations: list[Page], stage: Stage) -> None:
    before = registry(stage, STANDING)
    for nth, family in enumerate(FAMILIES[: PATIENTS // 2]):
        take(workstations[nth % 2], family, "-")
    stage.supervisor.end("registry-web")
    for nth, family in enumerate(FAMILIES[PATIENTS // 2 :]):
        take(workstations[nth % 2], family, "-")
    expect(workstations[0].get_by_text("Le registre n’a pas encore pris")).to_be_visible(timeout=30_000)
    for nth, family in enumerate(FAMILIES[:CORRECTED]):
        correct(workstations[nth % 2], stage, family)
    stage.supervisor.start(stage.child("registry", "web"))
    for page in workstations:
        page.goto(stage.url("counter") + "/desk/")
        for family in FAMILIES:
            row = page.locator(f'[data-stage="done"][data-name^="{family}"]')
            state, result = ("corrigé", "positif") if family in FAMILIES[:CORRECTED] else ("enregistré", "négatif")
            expect(row.locator(".state")).to_contain_text(state, timeout=60_000)
            expect(row.locator(".result")).to_contain_text(result)
    stage.supervisor.wait_for(lambda: not unanswered(stage), what="what was sent before its correction", deadline=60)
    after = registry(stage, STANDING)
    assert (after[0][0] - before[0][0], after[0][1] - before[0][1]) == (PATIENTS, CORRECTED)  # type: ignore[operator]
