"""Nadia, who keeps the registry running: what waits and is set aside, and a replay; Gaëlle, who reconciles what her product sent."""

import psycopg
import pytest
from playwright.sync_api import Browser, StorageState, expect
from tests.journeys.conftest import Opener, signed_in
from tests.journeys.look import look

from sceau.core.accounts.seed import SignIn
from sceau.demo.stage import Stage

SENT = """
insert into intake_sent (software_id, day, plain, lane, envelopes, reports, bytes, minute, minute_reports, minute_bytes)
select id, current_date - nth, nth % 2 = 0, 0, 40 + nth, 400 + nth, 90000, now(), 0, 0
from approvals_software, generate_series(1, 5) as nth on conflict do nothing
"""
ANSWERED = """
insert into intake_answered (software_id, day, outcome, reason, lane, reports)
select id, current_date - nth, outcome, reason, 0, times from approvals_software, generate_series(1, 5) as nth,
    (values ('recorded', '', 380), ('duplicate', '', 9), ('refused', '', 7), ('refused', 'bad-check-digit', 5),
        ('refused', 'missing', 2), ('turned-away', '', 3), ('turned-away', 'unknown-code', 3)) as told (outcome, reason, times)
on conflict do nothing
"""
ASIDE = """
insert into intake_inboxenvelope
    (id, software_id, finess, reports, digest, received_at, state, body, stamp, flaw, signature_key, failures)
select gen_random_uuid(), id, '750123457', 3, '', now() - interval '2 days', 'set-aside', 'broken', '', '', '', 2
from approvals_software
"""
REFUSED = """
insert into intake_inboxenvelope
    (id, software_id, finess, reports, digest, received_at, state, stamp, flaw, outcomes, acknowledged_at, signature_key)
select gen_random_uuid(), id, '750123457', 3, '', now() - interval '1 day', 'done', '', '', '{recorded,refused,refused}', now(), ''
from approvals_software
"""
ADOPTED = "update approvals_software set publisher_id = (select publisher_id from approvals_member limit 1) where id = %s"


@pytest.fixture
def busy(stage: Stage) -> None:
    """A registry with a week behind it."""
    with psycopg.connect(stage.postgres.superuser_url("registry"), autocommit=True) as connection:
        for statement in (SENT, ANSWERED, ASIDE, REFUSED):
            connection.execute(statement.encode())


@pytest.fixture
def nadia_in(browser: Browser, stage: Stage) -> StorageState:
    told = stage.tell("registry", "registry", "user", "nadia@registry.example", "Nadia", "--operator", role="owner")
    return signed_in(browser, stage.url("registry"), SignIn(**told))


def test_what_was_set_aside_is_taken_in_again(open_page: Opener, stage: Stage, busy: None, nadia_in: StorageState) -> None:
    page = open_page(nadia_in)
    page.goto(stage.url("registry"))
    page.get_by_role("link", name="Exploitation").click()
    page.get_by_role("link", name="7 jours").click()
    look(page, "registry-operations")
    page.get_by_text("Les reprendre", exact=True).click()
    look(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("pli est repris").or_(page.get_by_text("plis sont repris"))).to_be_visible()


def test_a_publisher_reconciles_what_was_sent(open_page: Opener, stage: Stage, busy: None, gaelle_in: StorageState) -> None:
    software = (stage.folder / "config" / "software-id").read_text()
    with psycopg.connect(stage.postgres.superuser_url("registry"), autocommit=True) as connection:
        connection.execute(ADOPTED, (software,))
    page = open_page(gaelle_in)
    page.goto(stage.url("registry") + f"/products/{software}/")
    page.get_by_role("link", name="Jour par jour, et ce qui a été refusé").click()
    look(page, "registry-sent")
    with page.expect_download() as download:
        page.get_by_role("link", name="Chaque ligne, en tableau (CSV)").click()
    assert download.value.path().read_text().startswith("id,form,received_at,row")
