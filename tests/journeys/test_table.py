"""Gaëlle sends a table from her browser to the door: by keyboard, row by row what was refused, then what became of the others."""

import re
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, StorageState, expect
from tests.journeys.conftest import Opener
from tests.journeys.look import look

from sceau.demo.commands import SAMPLE
from sceau.demo.laboratory import Laboratory
from sceau.demo.stage import FINESS, Stage

ADOPTED = "update approvals_software set publisher_id = (select publisher_id from approvals_member limit 1) where id = %s"


@pytest.fixture(scope="session")
def laboratory(stage: Stage) -> Laboratory:
    """Software which the authority lets send plain for the pharmacy."""
    files = stage.folder / "laboratory"
    files.mkdir(mode=0o711)
    return Laboratory(stage, files, finess=FINESS)


@pytest.fixture
def page(open_page: Opener, stage: Stage, laboratory: Laboratory, gaelle_in: StorageState) -> Page:
    """Hers, where a table is sent."""
    with psycopg.connect(stage.postgres.superuser_url("registry"), autocommit=True) as connection:
        connection.execute(ADOPTED, (laboratory.software,))
    page = open_page(gaelle_in)
    page.goto(stage.url("registry") + f"/products/{laboratory.software}/")
    page.get_by_role("link", name="Envoyer un tableau (CSV)").click()
    return page


def send(page: Page, file: Path) -> None:
    """By keyboard, but for the dialog of the system in which a file is chosen."""
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Envoyer le tableau").focus()
    page.keyboard.press("Enter")


def test_a_table_is_answered_row_by_row_and_then_told_what_became_of_it(page: Page) -> None:
    look(page, "registry-table")
    send(page, SAMPLE)
    expect(page.locator("#answer")).to_be_focused()
    assert [page.locator(f"#{name}").inner_text() for name in ("rows", "taken", "refused")] == ["20", "18", "2"]
    expect(page.locator("#problems tr")).to_have_count(2)
    expect(page.get_by_text("Tout est traité")).to_be_visible()
    look(page, "registry-table-answered")
    with page.expect_download() as download:
        page.get_by_role("link", name="Les lignes refusées en tableau (CSV)").click()
    told = download.value.path().read_bytes()
    assert told.startswith(b'"row","where","problem","text"\r\n')
    assert not re.search(b"LUNEVILLE|EXEMPLE", told)
    page.get_by_role("link", name="Cette réponse a une adresse à elle").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qu’est devenu le tableau")
    look(page)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "Ce fichier est vide"), (b"nom;resultat\nx;y\n", "colonne"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, " : ")],
)
def test_a_broken_file_says_what_is_wrong(page: Page, tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    send(page, file)
    expect(page.locator("#wrong")).to_be_focused()
    expect(page.locator("#why")).to_contain_text(why)
    expect(page.locator("#answer")).to_be_hidden()
    look(page)


def test_in_english_too(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    page.locator("#file").set_input_files(SAMPLE)
    page.get_by_role("button", name="Send the table").click()
    expect(page.get_by_text("What became of its rows")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Français").click()
