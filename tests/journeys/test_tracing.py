"""An agent's morning: two members of the authority enrol Driss, who finds the cases of his departments without a name, claims one,
opens the person with a touch, notes the call, writes a contact down, and the page closes by itself. By keyboard where he types.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.look import look
from tests.journeys.members import Present, brings, comes, vouches
from uuid_utils.compat import uuid7

from sceau.core.codes.identifiers import Finess
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import Department
from sceau.core.report.csv.write import write
from sceau.core.report.model import (
    Address,
    Finding,
    Patient,
    Performer,
    Screening,
    ScreeningReport,
    Sex,
    Specimen,
    Status,
)
from sceau.demo.stage import FINESS, Stage


@pytest.fixture(scope="module")
def driss(browser: Browser, stage: Stage, authority: list[Present]) -> Iterator[Page]:
    """Enrolled for Paris and the Seine-Saint-Denis by the touches of both."""
    one = comes(browser, stage, "driss", "agent", "75 93")
    one.page.goto(stage.url("registry") + "/cases/")
    expect(one.page.get_by_role("heading", name="Vous n’êtes pas encore inscrit")).to_be_visible()
    look(one.page)
    brings(one.page, stage)
    for member in authority:
        vouches(member.page, stage, "Driss")
    yield one.page
    one.page.context.close()


def claims_first(page: Page, stage: Stage) -> str:
    """The oldest free case, by keyboard; gives its address."""
    page.goto(stage.url("registry") + "/cases/?whose=free")
    page.locator("tbody th a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Je le suis")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("à vous", exact=True)).to_be_visible()
    return page.url


def opens(page: Page) -> None:
    """The case's person, for a call, by keyboard and a touch."""
    page.get_by_role("button", name="Ouvrir avec ma clé la personne").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Identité et coordonnées")).to_be_visible()


def test_from_a_list_without_names_to_a_call_and_a_contact(stage: Stage, driss: Page) -> None:
    driss.goto(stage.url("registry") + "/cases/")
    expect(driss.get_by_role("heading", name="Cas à suivre")).to_be_visible()
    look(driss, "registry-cases")
    address = claims_first(driss, stage)
    look(driss, "registry-case")
    assert not names_on(driss)
    opens(driss)
    expect(driss.get_by_role("heading", level=1)).to_be_focused()
    assert names_on(driss)
    assert driss.url == address + "open"
    look(driss, "registry-case-open")
    notes_a_call(driss)
    adds_a_contact(driss)
    driss.get_by_role("link", name="Fermer").click()
    expect(driss).to_have_url(address)
    expect(driss.get_by_text("Demande à être rappelé")).to_be_visible()
    expect(driss.get_by_text("Contact 1", exact=True)).to_be_visible()
    assert not names_on(driss)
    follows_the_contact(driss)


def notes_a_call(page: Page) -> None:
    page.get_by_label("Issue de l’appel").select_option("call-back")
    page.get_by_label("Note, s’il y a lieu").fill("après 18 h")
    page.keyboard.press("Enter")
    expect(page.get_by_text("L’appel est noté.")).to_be_visible()
    expect(page.locator("#calls").get_by_text("après 18 h")).to_be_visible()


def adds_a_contact(page: Page) -> None:
    """A slip first: the meeting lies in the future."""
    page.get_by_label("Nom de famille").focus()
    typed_fields(page, "EXEMPLE", "Maud", "")
    page.get_by_label("Dernière rencontre le").fill("01/01/2099")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La dernière rencontre date de 31 jours au plus")).to_be_visible()
    expect(page.get_by_label("Dernière rencontre le")).to_be_focused()
    look(page, "registry-contact-slip")
    page.get_by_label("Dernière rencontre le").fill(page.evaluate("new Date().toLocaleDateString('fr-FR')"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le contact est enregistré, scellé.")).to_be_visible()
    assert "Maud" not in page.locator("#contacts").inner_text()


def typed_fields(page: Page, *fields: str) -> None:
    for field in fields:
        page.keyboard.type(field)
        page.keyboard.press("Tab")


def follows_the_contact(page: Page) -> None:
    """Once the worker has matched it."""
    button = page.get_by_role("button", name="Ouvrir avec ma clé contact 1")
    for _ in range(40):
        if button.is_visible():
            break
        page.reload()
    look(page)
    button.click()
    expect(page.get_by_role("heading", name="EXEMPLE Maud")).to_be_visible()
    look(page, "registry-contact-open")


def names_on(page: Page) -> list[str]:
    """Of the sample's people, and of the contact."""
    text = page.content()
    return [name for name in ("LUNEVILLE", "TRÉVARIN", "Maud") if name in text]


def test_the_page_of_somebody_open_closes_by_itself_and_going_back_shows_nobody(stage: Stage, driss: Page) -> None:
    address = claims_first(driss, stage) if not mine(driss, stage) else driss.url
    driss.clock.install()
    opens(driss)
    driss.clock.fast_forward("29:00")
    expect(driss.get_by_role("heading", name="Identité et coordonnées")).to_be_visible()
    driss.clock.fast_forward("02:00")
    expect(driss).to_have_url(address)
    assert not names_on(driss)
    driss.go_back()
    assert not names_on(driss)


def mine(page: Page, stage: Stage) -> bool:
    """Whether a case is Driss's already, which is then shown."""
    page.goto(stage.url("registry") + "/cases/?whose=mine")
    found = page.locator("tbody th a")
    if not found.count():
        return False
    found.first.click()
    return True


def test_who_did_what_is_in_the_log(stage: Stage, driss: Page) -> None:
    page_case = stage.url("registry") + "/cases/"
    claims_first(driss, stage)
    number = driss.url.removeprefix(page_case).strip("/")
    opens(driss)
    entries = stage.tell("registry", "audit", "who", f"case:{number}", role="owner")["entries"]
    assert [one["event"] for one in entries] == ["case-claimed", "identity-revealed"]
    by = entries[0]["by"]
    did = stage.tell("registry", "audit", "did", by, role="owner")["entries"]
    assert {"case-claimed", "identity-revealed", "agent-passkey-brought"} <= {one["event"] for one in did}
    assert not [name for name in ("LUNEVILLE", "TRÉVARIN", "Maud") if name in json.dumps(did)]


def test_doubts_wait_on_a_page_that_says_what_fills_it(stage: Stage, driss: Page) -> None:
    driss.goto(stage.url("registry") + "/doubts/")
    expect(driss.get_by_text("Aucun doute n’attend")).to_be_visible()
    look(driss, "registry-doubts-empty")


@pytest.mark.parametrize("path", ["/cases/", "/doubts/", "/accounts/agent/"])
def test_in_english(stage: Stage, driss: Page, path: str) -> None:
    driss.goto(stage.url("registry") + path)
    driss.get_by_role("button", name="English").click()
    expect(driss.locator("html")).to_have_attribute("lang", "en")
    look(driss)
    driss.get_by_role("button", name="Français").click()
    expect(driss.locator("html")).to_have_attribute("lang", "fr")


def test_the_authority_sees_no_case_and_an_agent_no_count(stage: Stage, driss: Page, authority: list[Present]) -> None:
    answer = authority[0].page.goto(stage.url("registry") + "/cases/")
    assert answer
    assert answer.status == 403
    driss.goto(stage.url("registry") + "/")
    expect(driss).to_have_url(stage.url("registry") + "/cases/")


def test_a_doubt_is_settled_side_by_side_and_taken_back(stage: Stage, driss: Page, tmp_path: Path) -> None:
    """Two of one name and birth date, with other homes and telephones."""
    told = tmp_path / "doute.csv"
    homes = [("12 rue de l'Exemple", "75003", "+33639980141"), ("4 quai Inventé", "75019", "+33639987702")]
    told.write_text("".join(write([screened(*home) for home in homes])), encoding="utf-8")
    assert stage.import_files([told], show=False) == 0
    driss.goto(stage.url("registry") + "/doubts/")
    look(driss, "registry-doubts")
    assert "ORTOLANE" not in driss.content()
    driss.get_by_role("button", name="Ouvrir les deux avec ma clé").first.click()
    expect(driss.get_by_role("heading", name="Ce que chacune a déclaré")).to_be_visible()
    look(driss, "registry-doubt-open")
    driss.get_by_role("button", name="Une seule personne").click()
    expect(driss.get_by_text("C’est désormais une seule personne.")).to_be_visible()
    expect(driss.get_by_text("Aucun doute n’attend")).to_be_visible()
    driss.get_by_role("button", name="Annuler").click()
    expect(driss.get_by_text("Le doute est de nouveau ouvert")).to_be_visible()
    look(driss)


def screened(street: str, postal_code: str, phone: str) -> ScreeningReport:
    own, code, at = uuid7(), Loinc("94558-4"), datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    patient = Patient(
        family="ORTOLANE",
        given=("Basile",),
        birth_date=date(1971, 5, 9),
        sex=Sex.MALE,
        phone=phone,
        address=Address(lines=(street,), postal_code=postal_code, city="Paris", country="FR"),
        department=Department("75"),
    )
    screening = Screening(
        patient=patient,
        performer=Performer(name="Pharmacie des Lilas", finess=Finess(FINESS)),
        specimen=Specimen(type=SpecimenType.NASAL, taken_at=at),
        loinc=code,
        findings=(Finding(code, Result.NOT_DETECTED),),
    )
    return ScreeningReport(id=own, lineage=own, status=Status.FINAL, issued=at, screening=screening)
