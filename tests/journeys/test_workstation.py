"""The owner makes a workstation's credential by keyboard, that computer imports with its file, and the owner ends it."""

import subprocess
from pathlib import Path

from playwright.sync_api import Page, StorageState, expect
from tests.journeys.conftest import Opener
from tests.journeys.look import look

from sceau.demo import given
from sceau.demo.commands import SAMPLE
from sceau.demo.stage import Stage


def imports(stage: Stage, credential: Path) -> subprocess.CompletedProcess[str]:
    """The bundled sample, by a process that has this credential and nothing else of the pharmacy's."""
    with given.readable([credential, SAMPLE], by=stage.accounts.of("counter", "workstation")) as (names, descriptors):
        argv = stage.command("counter", "import", names[1], "--workstation", names[0], "--json")
        return subprocess.run(
            argv, env=stage.env("counter", "web"), pass_fds=descriptors, capture_output=True, text=True, check=False
        )


def made(page: Page, stage: Stage, name: str) -> None:
    page.goto(stage.url("counter") + "/pharmacy/")
    page.get_by_label("Nom du poste").focus()
    for typed in (name, stage.owner.password):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Accès du poste {name}")).to_be_visible()


def test_from_the_owners_page_to_an_import_and_to_its_end(
    open_page: Opener, stage: Stage, bruno_in: StorageState, tmp_path: Path
) -> None:
    page, name, credential = open_page(bruno_in), "Labo", tmp_path / "credential.json"
    made(page, stage, name)
    look(page, "counter-workstation")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Enregistrer le fichier").press("Enter")
    assert waiting.value.suggested_filename == "sceau-labo.json"
    waiting.value.save_as(credential)
    assert imports(stage, credential).returncode == 1  # all rows known already, but for the two that are wrong on purpose
    page.get_by_role("link", name="Terminé").press("Enter")
    page.get_by_text(f"Mettre fin {name}").press("Enter")
    page.get_by_role("button", name="Mettre fin à cet accès").locator("visible=true").press("Enter")
    expect(page.get_by_text("Le poste n’ouvre plus rien")).to_be_visible()
    expect(page.get_by_text(name)).to_be_hidden()
    after = imports(stage, credential)
    assert (after.returncode, "was ended" in after.stderr) == (2, True)
