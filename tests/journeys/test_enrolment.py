"""An owner opens an account at the registry with the authority's sheet and a pharmacy at the counter, compares the key's fingerprint,
confirms it at the registry, and what was recorded meanwhile arrives.
"""

from playwright.sync_api import Locator, Page, expect
from tests.journeys.codes import types_code
from tests.journeys.conftest import Opener
from tests.journeys.look import look
from tests.journeys.test_staff import PASSWORD, typed

from sceau.demo.commands import SAMPLE
from sceau.demo.stage import Stage

FREE = ["690000005", "130000003"]
LOOKS = 40


def signs_in(page: Page, email: str) -> None:
    """For the first time, so that the phone is set up."""
    expect(page.locator("[name=login]")).to_be_focused()
    typed(page, email, PASSWORD)
    types_code(page, page.locator("code.secret").inner_text())
    expect(page.get_by_text("Codes de secours")).to_be_visible()


def comes(page: Page, what: Locator) -> None:
    """Loads the page again until it shows what a job of the other service brings."""
    for _ in range(LOOKS):
        if what.is_visible():
            return
        page.reload()
    expect(what).to_be_visible()


def opens_account(page: Page, stage: Stage, email: str, sheet: str) -> None:
    page.goto(stage.url("registry") + "/accounts/recover/")
    page.locator("[autofocus]").focus()
    typed(page, email, sheet, PASSWORD, PASSWORD)
    page.get_by_role("link", name="Je l’ai imprimée : se connecter").click()
    signs_in(page, email)
    page.goto(stage.url("registry"))
    expect(page).to_have_url(stage.url("registry") + "/my-pharmacy/")
    expect(page.get_by_text("Aucune clé n’attend votre accord")).to_be_visible()


def opens_pharmacy(page: Page, stage: Stage, email: str, finess: str) -> None:
    page.goto(stage.url("counter") + "/open/")
    look(page, "open-a-pharmacy")
    page.locator("[autofocus]").focus()
    typed(page, finess, "Pharmacie des Tilleuls", "Tilly", email, PASSWORD, PASSWORD)
    expect(page.get_by_role("heading", name="Fiche de secours")).to_be_visible()
    expect(page.get_by_text("Empreinte de la clé")).to_be_visible()
    look(page, "opened-pharmacy")
    page.get_by_role("link", name="Je l’ai imprimée : se connecter").click()
    signs_in(page, email)


def records(page: Page, stage: Stage) -> None:
    """While the registry does not know the key."""
    page.goto(stage.url("counter") + "/imports/new")
    page.locator("#file").set_input_files(SAMPLE)
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.get_by_role("heading", name="Importé", exact=True)).to_be_visible()
    page.goto(stage.url("counter"))
    expect(page.get_by_text("Le registre ne connaît pas encore la clé de cette pharmacie.")).to_be_visible()
    look(page, "counter-key-waits")


def test_from_the_authoritys_sheet_to_a_result_at_the_registry(open_page: Opener, stage: Stage) -> None:
    finess, registry, counter = FREE.pop(), open_page(), open_page()
    email = f"tilly@{finess}.example"
    invited = ("registry", "invite", finess, "--email", email, "--name", "Tilly")
    opens_account(registry, stage, email, stage.tell("registry", *invited, role="owner")["code"])
    opens_pharmacy(counter, stage, email, finess)
    records(counter, stage)
    counter.goto(stage.url("counter") + "/pharmacy/")
    look(counter, "counter-pharmacy")
    groups = counter.locator("code.secret").inner_text().split()
    comes(registry, registry.get_by_role("heading", name="Une clé attend votre accord"))
    look(registry, "registry-my-pharmacy")
    assert registry.locator("code.secret").first.inner_text().split()[:12] == groups[:12]
    decides(registry, groups)
    counter.get_by_role("button", name="J’ai confirmé : vérifier maintenant").click()
    comes(counter, counter.get_by_text("Confirmée au registre"))
    counter.goto(stage.url("counter"))
    comes(counter, counter.get_by_text("enregistré", exact=True).first)
    expect(counter.get_by_text("Le registre ne connaît pas encore")).to_have_count(0)


def decides(page: Page, groups: list[str]) -> None:
    """Something else typed by mistake, then what the counter shows."""
    expect(page.locator("[name=read]")).to_be_focused()
    page.keyboard.type("0000 0000 0000 0000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ce ne sont pas les quatre derniers groupes")).to_be_visible()
    look(page, "registry-my-pharmacy-differs")
    page.locator("[name=read]").fill(" ".join(groups[-4:]))
    page.keyboard.press("Enter")
    expect(page.get_by_text("La clé est confirmée")).to_be_visible()
    look(page, "registry-my-pharmacy-confirmed")
