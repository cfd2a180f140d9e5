"""The owner says to whom invoices go, by keyboard, and finds last month's: in the list, on its page, as a file."""

import json
from pathlib import Path

import psycopg
from playwright.sync_api import Page, StorageState, expect
from tests.journeys.conftest import Opener
from tests.journeys.look import look
from tests.journeys.test_staff import typed

from sceau.demo.stage import Stage

LAST_MONTH = """
update relay_envelope set acknowledged_at = date_trunc('month', now()) - interval '10 days' where acknowledged_at is not null
"""
IDENTITY = ("SELARL Pharmacie des Lilas", "500 000 005 00016", "", "12 rue des Lilas", "75020", "PARIS", "")


def billing(page: Page, stage: Stage) -> None:
    page.goto(stage.url("counter") + "/billing/")
    expect(page.get_by_role("heading", name="Facturation")).to_be_visible()


def last_month_is_over(stage: Stage) -> None:
    """What was recorded was acknowledged last month, and the month's invoices are made, once."""
    with psycopg.connect(stage.postgres.superuser_url("counter"), autocommit=True) as connection:
        connection.execute(LAST_MONTH)
        (month,) = connection.execute("select to_char(now() - interval '1 month', 'YYYY-MM')").fetchone() or ("",)
    ran = json.loads(stage.run("counter", "counter", "invoices", "run", "--month", month, "--json", role="owner"))
    assert ran["failed"] == []


def test_before_the_first_invoice(open_page: Opener, stage: Stage, bruno_in: StorageState) -> None:
    page = open_page(bruno_in)
    billing(page, stage)
    expect(page.get_by_role("heading", name="Pas encore de facture")).to_be_visible()
    look(page, "counter-billing-empty")


def test_from_the_identity_to_the_file(open_page: Opener, stage: Stage, bruno_in: StorageState, tmp_path: Path) -> None:
    page = open_page(bruno_in)
    page.goto(stage.url("counter") + "/billing/customer")
    expect(page.locator("[name=name]")).to_be_focused()
    look(page, "counter-billing-identity")
    page.locator("[name=name]").focus()
    page.keyboard.press("Control+A")
    typed(page, *IDENTITY)
    expect(page.get_by_text("Les factures y seront adressées désormais")).to_be_visible()
    last_month_is_over(stage)
    billing(page, stage)
    look(page, "counter-billing")
    page.get_by_role("link", name="00001", exact=False).first.press("Enter")
    expect(page.get_by_role("heading", name="Facture")).to_be_visible()
    look(page, "counter-invoice")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger le PDF").press("Enter")
    waiting.value.save_as(tmp_path / "invoice.pdf")
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF-1.7")
