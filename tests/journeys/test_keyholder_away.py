"""The keyholder does not answer: whoever signs in reads what to do, in either language; whoever is signed in goes on."""

import pytest
from playwright.sync_api import Page, StorageState, expect
from tests.journeys.conftest import Opener
from tests.journeys.look import look

from sceau.core.accounts.seed import SignIn
from sceau.demo.stage import Stage


def tries(page: Page, url: str, who: SignIn, *, english: bool) -> None:
    page.goto(url)
    if english:
        page.get_by_role("button", name="English").click()
    page.locator("input[name=login]").fill(who.email)
    page.locator("input[name=password]").fill(who.password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("service", "opens"), [("counter", "staff/"), ("registry", "agents/")])
def test_it_says_what_to_do_and_who_is_signed_in_goes_on(
    open_page: Opener, stage: Stage, farid: SignIn, bruno_in: StorageState, farid_in: StorageState, service: str, opens: str
) -> None:
    url, who, state = stage.url(service), *{"counter": (stage.owner, bruno_in), "registry": (farid, farid_in)}[service]
    french, english, inside = open_page(), open_page(), open_page(state)
    stage.supervisor.end(f"{service}-keyholder")
    try:
        tries(french, url, who, english=False)
        expect(french.get_by_text("Le service qui garde les clés ne répond pas")).to_be_visible()
        look(french, f"{service}-keyholder-away")
        tries(english, url, who, english=True)
        expect(english.get_by_text("The service that holds the keys does not answer")).to_be_visible()
        look(english, f"{service}-keyholder-away-english")
        inside.goto(url)
        expect(inside.get_by_text("LUNEVILLE Hugo" if service == "counter" else "COVID-19").first).to_be_visible()
        inside.goto(f"{url}/{opens}")
        expect(inside.get_by_role("heading", name="Les clés sont hors d'atteinte")).to_be_visible()
        look(inside, f"{service}-keys-out-of-reach")
    finally:
        stage.supervisor.start(stage.keyholder(service))
        stage.wait_keyholder(service)
    inside.get_by_role("link", name="Réessayer").click()
    expect(inside.get_by_role("heading", name="Les clés sont hors d'atteinte")).to_be_hidden()
