"""A test is recorded at the counter, as a person would: by keyboard, every key counted; each page is looked at in light and dark."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, StorageState, expect
from tests.journeys.conftest import Opener, signed_in
from tests.journeys.hands import Counted, Hands
from tests.journeys.look import look

from sceau.core.accounts.seed import SignIn
from sceau.demo.commands import SAMPLE
from sceau.demo.stage import Stage

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "keystrokes.md"
LIGHTEST = 100_000


@pytest.fixture
def desk(browser: Browser, stage: Stage, amina_in: StorageState) -> Page:
    """Amina's counter, with nobody in the queue chosen or typed."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="fr-FR", storage_state=amina_in)
    page = context.new_page()
    page.goto(stage.url("counter") + "/desk/")
    expect(page.locator("#box")).to_be_focused()
    return page


def row(page: Page, stage_of: str, name: str) -> str:
    return f'[data-stage="{stage_of}"][data-name*="{name}"]'


def given(page: Page, name: str) -> None:
    expect(page.locator(row(page, "done", name)).first).to_be_visible()


def in_the_table(who: str, counted: Counted) -> None:
    """The figures in the docs are the ones counted here."""
    cells = [cell.strip() for line in TABLE.read_text().splitlines() if line.startswith(f"| {who}") for cell in line.split("|")]
    assert cells[2:6] == [str(counted.text), str(counted.keys), str(counted.clicks), f"{counted.seconds} s"], counted


def test_somebody_known_takes_three_letters_enter_and_one_key(desk: Page) -> None:
    hands = Hands(desk)
    hands.think()
    hands.type("lun")
    hands.press("Enter")
    expect(desk.locator(row(desk, "running", "LUNEVILLE"))).to_have_attribute("aria-current", "true")
    hands.think()
    hands.press("-")
    given(desk, "LUNEVILLE")
    counted = hands.counted()
    assert (counted.text <= 3, counted.keys, counted.clicks, counted.seconds <= 8) == (True, 2, 0, True)
    in_the_table("Returning patient", counted)


def test_somebody_new_is_typed_in_full_without_the_mouse(desk: Page) -> None:
    hands = Hands(desk)
    hands.think()
    hands.type("Zwyngrand Otto")
    hands.press("Enter")
    expect(desk.locator("[name=born]")).to_be_focused()
    hands.type("12031985")
    hands.press("m")
    expect(desk.locator("[name=phone]")).to_be_focused()
    hands.type("0639980001")
    hands.press("Tab")
    hands.type("otto@patients.example")
    hands.press("Tab")
    hands.type("12 rue des Lilas")
    hands.press("Tab")
    hands.type("75020")
    hands.press("Tab")
    hands.type("Paris")
    hands.think()
    hands.press("Enter")
    expect(desk.locator(row(desk, "running", "ZWYNGRAND"))).to_have_attribute("aria-current", "true")
    hands.think()
    hands.press("+")
    given(desk, "ZWYNGRAND")
    counted = hands.counted()
    assert (counted.keys <= 15, counted.clicks, counted.seconds <= 45) == (True, 0, True)
    in_the_table("New patient, typed in full", counted)


def test_somebody_who_checked_in_by_phone_takes_one_key_and_one_more(desk: Page, browser: Browser, stage: Stage) -> None:
    desk.goto(stage.url("counter") + "/checkin/poster")
    address = desk.locator(".poster .small").inner_text()
    check_in(browser, address, "Brézolles")
    desk.goto(stage.url("counter") + "/desk/")
    expect(desk.locator(row(desk, "here", "BRÉZOLLES"))).to_have_attribute("aria-current", "true")
    hands = Hands(desk)
    hands.think()
    hands.press("Enter")
    expect(desk.locator(row(desk, "running", "BRÉZOLLES"))).to_have_attribute("aria-current", "true")
    hands.think()
    hands.press("-")
    given(desk, "BRÉZOLLES")
    counted = hands.counted()
    assert (counted.text, counted.keys, counted.clicks, counted.seconds <= 6) == (0, 2, 0, True)
    in_the_table("Checked in by phone", counted)


def check_in(browser: Browser, address: str, family: str) -> Page:
    """On the patient's own phone, which seals."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR", has_touch=True)
    phone, sent = context.new_page(), list[str]()
    phone.on("request", lambda request: sent.append(request.post_data or ""))
    phone.goto(address)
    expect(phone.locator('#checkin[data-ready="sealing"]')).to_be_visible()
    for name, told in {"family": family, "given": "Perle", "born": "12031985", "phone": "0639980002"}.items():
        phone.locator(f"[name={name}]").fill(told)
    phone.get_by_label("F", exact=True).check()
    phone.get_by_role("button", name="Envoyer à la pharmacie").tap()
    expect(phone.get_by_text("La pharmacie sait que vous êtes là.")).to_be_visible()
    assert not any(family in body or "12031985" in body for body in sent)
    return phone


def test_a_phone_says_what_is_wrong_before_it_seals(desk: Page, browser: Browser, stage: Stage) -> None:
    desk.goto(stage.url("counter") + "/checkin/poster")
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR", has_touch=True)
    phone, sent = context.new_page(), list[Request]()
    phone.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    phone.goto(desk.locator(".poster .small").inner_text())
    expect(phone.locator('#checkin[data-ready="sealing"]')).to_be_visible()
    for name, told in {"given": "Anne", "born": "31021985", "phone": "12"}.items():
        phone.locator(f"[name={name}]").fill(told)
    phone.get_by_role("button", name="Envoyer à la pharmacie").tap()
    expect(phone.locator("[name=family]")).to_be_focused()
    for name, said in {"family": "À remplir", "born": "12031985", "phone": "numéro de téléphone", "sex": "À remplir"}.items():
        expect(phone.locator(f".field:has([name={name}]) .field-error")).to_contain_text(said)
    look(phone)
    assert sent == []
    context.close()


def test_an_assistant_hears_who_gives_the_result(browser: Browser, stage: Stage) -> None:
    told = SignIn(**stage.tell("counter", "counter", "user", "sam@lilas.example", "Sam", "--role", "assistant", role="owner"))
    context = browser.new_context(locale="fr-FR", storage_state=signed_in(browser, stage.url("counter"), told))
    page = context.new_page()
    page.goto(stage.url("counter") + "/desk/")
    page.keyboard.type("lun")
    page.keyboard.press("Enter")
    running = page.locator(row(page, "running", "LUNEVILLE"))
    expect(running).to_have_attribute("aria-current", "true")
    page.keyboard.press("+")
    expect(page.locator("#say")).to_have_text("Seul un pharmacien donne le résultat")
    running.get_by_role("button", name="Retirer").click()
    expect(running).to_have_count(0)
    context.close()


def test_a_phone_changes_its_answers_until_it_is_called(desk: Page, browser: Browser, stage: Stage) -> None:
    desk.goto(stage.url("counter") + "/checkin/poster")
    phone = check_in(browser, desk.locator(".poster .small").inner_text(), "Quérvauc")
    phone.get_by_role("button", name="Changer mes réponses").tap()
    phone.locator("[name=given]").fill("Paule")
    phone.get_by_role("button", name="Envoyer à la pharmacie").tap()
    desk.goto(stage.url("counter") + "/desk/")
    visit = desk.locator(row(desk, "here", "QUÉRVAUC Paule"))
    expect(visit).to_be_visible()
    visit.get_by_role("button", name="Identité de QUÉRVAUC Paule vérifiée").click()
    expect(desk.locator(row(desk, "running", "QUÉRVAUC"))).to_be_visible()
    phone.get_by_role("button", name="Changer mes réponses").tap()
    phone.get_by_role("button", name="Envoyer à la pharmacie").tap()
    expect(phone.get_by_role("alert")).to_contain_text("appelé entre-temps")
    desk.keyboard.press("?")
    given(desk, "QUÉRVAUC")


def test_without_scripts_a_phone_is_sealed_on_arrival(desk: Page, browser: Browser, stage: Stage) -> None:
    desk.goto(stage.url("counter") + "/checkin/poster")
    address = desk.locator(".poster .small").inner_text()
    phone = browser.new_context(java_script_enabled=False, locale="fr-FR").new_page()
    phone.goto(address)
    expect(phone.get_by_text("scellées à l’arrivée")).to_be_visible()
    for name, told in {"family": "Néolthév", "given": "Raoul", "born": "12031985"}.items():
        phone.locator(f"[name={name}]").fill(told)
    phone.get_by_label("M", exact=True).check()
    phone.get_by_role("button", name="Envoyer à la pharmacie").click()
    expect(phone.get_by_text("La pharmacie sait que vous êtes là.")).to_be_visible()
    desk.goto(stage.url("counter") + "/desk/")
    visit = desk.locator(row(desk, "here", "NÉOLTHÉV"))
    expect(visit).to_contain_text("scellé à l’arrivée")
    visit.get_by_role("button", name=re.compile("Retirer")).click()
    expect(visit).to_have_count(0)


def test_a_result_typed_wrong_is_taken_back_with_one_chord(desk: Page) -> None:
    desk.keyboard.type("lun")
    desk.keyboard.press("Enter")
    expect(desk.locator(row(desk, "running", "LUNEVILLE"))).to_have_attribute("aria-current", "true")
    desk.keyboard.press("+")
    expect(desk.locator(row(desk, "done", "LUNEVILLE")).first).to_contain_text("positif")
    desk.keyboard.press("Control+z")
    expect(desk.locator(row(desk, "running", "LUNEVILLE"))).to_be_visible()
    desk.keyboard.press("-")
    expect(desk.locator(row(desk, "done", "LUNEVILLE")).first).to_contain_text("négatif")


def test_a_box_is_scanned_wherever_one_is(desk: Page) -> None:
    desk.keyboard.type("010376012345678417491231" + "10LOT77")
    desk.keyboard.press("Enter")
    expect(desk.locator("#kit")).to_contain_text("LOT77")
    expect(desk.locator("#box")).to_have_value("")


def test_each_page_of_the_counter_in_light_and_dark(open_page: Opener, stage: Stage, amina_in: StorageState) -> None:
    page, errors, sent = open_page(amina_in), list[str](), list[Request]()
    page.on("console", lambda message: errors.append(message.text))
    page.on("requestfinished", lambda request: sent.append(request))
    page.goto(stage.url("counter") + "/desk/")
    page.keyboard.type("lun")
    expect(page.locator("#found [role=option]").first).to_be_visible()
    look(page, "counter-desk-search")
    page.keyboard.press("Enter")
    expect(page.locator(row(page, "running", "LUNEVILLE"))).to_be_visible()
    assert 0 < sum(request.sizes()["responseBodySize"] for request in list(sent)) <= LIGHTEST
    look(page, "counter-desk")
    page.keyboard.type("Zygran Paule")
    expect(page.locator("#found-new")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[name=born]")).to_be_focused()
    look(page, "counter-desk-new-patient")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Un autre kit").click()
    look(page, "counter-desk-kit")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    done = page.locator(row(page, "done", "LUNEVILLE")).first
    expect(done.get_by_role("link")).to_be_visible(timeout=20_000)
    done.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Est-il arrivé ?")).to_be_visible()
    look(page, "counter-result")
    page.get_by_role("link", name="Résultat sur papier").click()
    look(page, "counter-proof")
    page.goto(stage.url("counter") + "/checkin/poster")
    look(page, "counter-poster")
    page.goto(page.locator(".poster .small").inner_text())
    look(page, "phone-checkin")
    assert errors == []


def test_a_file_is_looked_at_corrected_and_imported(open_page: Opener, stage: Stage, amina_in: StorageState) -> None:
    page, errors = open_page(amina_in), list[str]()
    page.on("console", lambda message: errors.append(message.text))
    page.goto(stage.url("counter") + "/imports/new")
    page.locator("#file").set_input_files(SAMPLE)
    expect(page.locator("#preview")).to_contain_text("À corriger")
    look(page, "counter-import")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger les lignes à corriger").click()
    assert len(download.value.path().read_text().splitlines()) == 3
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.get_by_role("heading", name="Importé", exact=True)).to_be_visible()
    look(page, "counter-imported")
    page.goto(stage.url("counter") + "/export")
    look(page, "counter-export")
    assert errors == []


def test_the_owner_reads_what_was_done(open_page: Opener, stage: Stage, bruno_in: StorageState) -> None:
    page = open_page(bruno_in)
    page.goto(stage.url("counter") + "/activity/")
    expect(page.get_by_role("heading", name="Activité")).to_be_visible()
    look(page, "counter-activity")
