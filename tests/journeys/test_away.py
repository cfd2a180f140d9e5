"""The counter goes away, or the network does: work goes on at the counter screen, sealed, and is there once when it is back."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, StorageState, ViewportSize, expect
from tests.journeys.conftest import signed_in
from tests.journeys.look import look

from sceau.core.accounts.seed import SignIn
from sceau.demo.stage import Stage

STANDING = "select count(distinct lineage), count(*) from results_report"
LEFT = "select count(*) from screenings_screening where outcome = ''"
ASIDE = "select reason, count(*) from kept_entry where state = 'aside' group by reason"


@pytest.fixture
def context(browser: Browser, amina_in: StorageState) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="fr-FR", storage_state=amina_in)
    yield context
    context.close()


@contextmanager
def killed(stage: Stage) -> Iterator[None]:
    """The counter's web process is really gone meanwhile, and another one afterwards."""
    stage.supervisor.kill("counter-web")
    stage.supervisor.end("counter-web")
    try:
        yield
    finally:
        restart(stage)


def restart(stage: Stage) -> None:
    stage.supervisor.start(stage.child("counter", "web"))
    stage.supervisor.wait_http(stage.url("counter") + "/health", deadline=30)


def desk(context: BrowserContext, stage: Stage) -> Page:
    """The counter screen, ready for an outage."""
    page = context.new_page()
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


def asked(stage: Stage, service: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(stage.postgres.superuser_url(service)) as connection:
        return connection.execute(question.encode()).fetchall()


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
    for gone in ("#away_band", "#kept_count", "#kept_lane"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator('#queue [data-name^="HORSLIGNE"] .result')).to_contain_text("négatif")


def test_what_is_wrong_in_the_form_is_said_without_the_counter(context: BrowserContext, stage: Stage) -> None:
    page = desk(context, stage)
    context.set_offline(True)
    lost(page)
    page.keyboard.type("FAUXVAL Zoé")
    page.keyboard.press("Enter")
    expect(page.locator("[name=born]")).to_be_focused()
    page.keyboard.type("31021985")
    page.locator("[name=phone]").fill("12")
    page.get_by_role("button", name="Commencer le test").click()
    expect(page.locator("[name=born]")).to_be_focused()
    for name, said in {"born": "12031985", "phone": "numéro de téléphone", "sex": "À remplir"}.items():
        expect(page.locator(f".field:has([name={name}]) .field-error")).to_contain_text(said)
    page.locator("[name=born]").fill("12031985")
    page.locator("[name=phone]").fill("06 39 98 00 01")
    page.keyboard.press("Shift+Tab")
    page.get_by_label("F", exact=True).check()
    page.keyboard.press("Enter")
    expect(page.locator('#kept_list [data-name^="FAUXVAL"]')).to_be_visible()
    page.get_by_role("button", name="Retirer FAUXVAL Zoé de la file").click()
    expect(page.locator("#kept_count")).to_be_hidden()
    context.set_offline(False)
    expect(page.locator("#away_band")).to_be_hidden(timeout=20_000)


def test_the_server_dies_the_page_is_reloaded_and_nothing_is_lost(context: BrowserContext, stage: Stage) -> None:
    page = desk(context, stage)
    start(page, "AVANTPANNE")
    with killed(stage):
        page.keyboard.press("+")  # nobody has noticed yet
        expect(page.locator('[data-stage="kept"][data-name^="AVANTPANNE"]')).to_contain_text("+", timeout=20_000)
        start(page, "PENDANTPANNE")
        expect(page.locator("#kept_count")).to_contain_text("2")
        page.reload()
        expect(page.locator("#away_place")).to_have_text("Pharmacie des Lilas")
        expect(page.locator("#kept_count")).to_contain_text("2")
        assert "PENDANTPANNE" not in page.content()
        start(page, "APRESRECHARGE")
        page.keyboard.press("-")
        expect(page.locator('#kept_list [data-stage="done"]')).to_contain_text("−")
        look(page, "counter-away-reloaded")
    done(page, "AVANTPANNE")
    running = page.locator('#queue [data-stage="running"][data-name^="PENDANTPANNE"]')
    expect(running).to_be_visible(timeout=20_000)
    running.get_by_role("button", name="négatif").click()
    done(page, "PENDANTPANNE")
    expect(page.locator("#news")).to_contain_text("2 saisies gardées attendent")
    assert asked(stage, "counter", ASIDE) == [("unvouched", 2)]
    page.get_by_role("link", name="Voir ce qui a été gardé").click()
    expect(page.locator(".visit")).to_have_count(2)
    look(page, "counter-kept")
    page.get_by_role("link", name="APRESRECHARGE Zoé : voir et corriger").first.press("Enter")
    expect(page.get_by_label("Nom de naissance")).to_have_value("APRESRECHARGE")
    look(page, "counter-kept-mend")
    page.get_by_label("Nom de naissance").fill("APRESCORRIGE")
    page.get_by_label("Nom de naissance").press("Enter")
    expect(page.locator(".visit")).to_have_count(1)
    page.get_by_role("button", name="Tout cela est à nous").click()
    expect(page.get_by_text("Rien n’attend ici.")).to_be_visible()
    page.goto(stage.url("counter") + "/desk/")
    done(page, "APRESCORRIGE")


def test_a_session_that_ended_meanwhile_keeps_nothing_back(context: BrowserContext, stage: Stage, amina_in: StorageState) -> None:
    page = desk(context, stage)
    context.set_offline(True)
    lost(page)
    start(page, "SESSIONFINIE")
    page.keyboard.press("-")
    expect(page.locator('#kept_list [data-stage="done"]')).to_be_visible()
    start(page, "ENCOURS")
    context.clear_cookies()
    context.set_offline(False)
    page.wait_for_url("**/accounts/login/**", timeout=30_000)
    assert asked(stage, "counter", "select count(*) from kept_entry where state = 'waiting'") == [(3,)]
    context.add_cookies(amina_in["cookies"])  # type: ignore[arg-type]
    page.goto(stage.url("counter") + "/desk/")
    done(page, "SESSIONFINIE")
    page.locator('#queue [data-stage="running"][data-name^="ENCOURS"]').get_by_role("button", name="positif").click()
    done(page, "ENCOURS")


def test_two_workstations_come_back_and_each_result_counts_once(context: BrowserContext, browser: Browser, stage: Stage) -> None:
    told = SignIn(**stage.tell("counter", "counter", "user", "denise@lilas.example", "Denise", role="owner"))
    another = browser.new_context(locale="fr-FR", storage_state=signed_in(browser, stage.url("counter"), told))
    pages = [desk(context, stage), desk(another, stage)]
    families = [f"DEUXPOSTES{chr(65 + nth)}" for nth in range(6)]
    stage.supervisor.wait_for(lambda: asked(stage, "counter", LEFT) == [(0,)], what="what was sent before", deadline=60)
    before = asked(stage, "registry", STANDING)
    with killed(stage):
        for nth, family in enumerate(families):
            start(pages[nth % 2], family)
            pages[nth % 2].keyboard.press("-")
            expect(pages[nth % 2].locator(f'#kept_list [data-stage="done"][data-name^="{family}"]')).to_be_visible()
    for page in pages:
        for family in families:
            done(page, family)
            expect(page.locator(f'#queue [data-name^="{family}"] .state')).to_contain_text("enregistré", timeout=60_000)
        expect(page.locator("#kept_count")).to_be_hidden()
    [(lineages, reports)] = asked(stage, "registry", STANDING)
    assert [(lineages - 6, reports - 6)] == before  # type: ignore[operator]
    another.close()


@pytest.mark.parametrize(("locale", "said"), [("fr-FR", "Le comptoir ne répond pas"), ("en-GB", "The counter does not answer")])
def test_the_outage_is_said_plainly_in_both_languages(
    browser: Browser, stage: Stage, amina_in: StorageState, locale: str, said: str
) -> None:
    size: ViewportSize = {"width": 1024, "height": 768}
    context = browser.new_context(viewport=size, locale=locale, storage_state=amina_in)
    page, errors = desk(context, stage), list[str]()
    context.set_offline(True)
    page.on("pageerror", lambda error: errors.append(str(error)))
    lost(page)
    expect(page.locator("#away_band")).to_contain_text(said)
    start(page, "LISIBLE")
    look(page, "counter-away" if locale == "fr-FR" else "counter-away-english")
    page.reload()
    expect(page.locator("#away_band")).to_contain_text(said)
    expect(page.locator("#kept_count")).to_contain_text("1")
    assert errors == []
    context.set_offline(False)
    running = page.locator('#queue [data-stage="running"][data-name^="LISIBLE"]')
    expect(running).to_be_visible(timeout=30_000)
    running.locator('form[data-act="leave"] button').click()
    expect(running).to_have_count(0)
    context.close()


def test_late_answers_change_nothing_that_is_typed_or_was_done_since(
    browser: Browser, stage: Stage, amina_in: StorageState
) -> None:
    context = browser.new_context(locale="fr-FR", storage_state=amina_in, service_workers="block")
    page, late = context.new_page(), list[tuple[Route, APIResponse]]()
    page.goto(stage.url("counter") + "/desk/")
    start(page, "TARDIVE")
    page.route("**/desk/queue?*", lambda route: late.append((route, route.fetch())), times=1)
    with page.expect_request("**/desk/queue?*"):
        page.keyboard.type("zzz")
    stage.supervisor.wait_for(lambda: page.evaluate("1") == len(late), what="the queue as it was before the result")
    for _ in range(3):
        page.keyboard.press("Backspace")
    page.keyboard.press("-")
    done(page, "TARDIVE")
    page.keyboard.type("PAS PERDU")
    [(route, before)] = late
    assert 'data-stage="running"' in before.text()
    with page.expect_response("**/desk/queue?*"):
        route.fulfill(response=before)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert page.locator('#queue [data-stage="running"][data-name^="TARDIVE"]').count() == 0
    expect(page.locator("#box")).to_have_value("PAS PERDU")
    page.keyboard.press("Enter")
    expect(page.locator("[name=born]")).to_be_focused()
    page.keyboard.type("120")
    page.route("**/desk/**", lambda route: route.abort())
    lost(page)
    expect(page.locator("[name=born]")).to_have_value("120")
    expect(page.locator("[name=family]")).to_have_value("PAS")
    context.close()
