"""Every page of both sites is looked at in light and dark; no address that shows a page is left out of the list."""

import pytest
from playwright.sync_api import Browser, StorageState
from tests.journeys.conftest import PORTRAIT, Opener, with_codes
from tests.journeys.look import fits, look
from tests.journeys.pages import ELSEWHERE, PAGES, WORKING, Shown, filled, routes

from sceau.core.accounts.seed import SignIn
from sceau.demo.stage import Stage


@pytest.fixture(scope="session")
def members(
    browser: Browser, stage: Stage, bruno_in: StorageState, farid_in: StorageState, amina: SignIn
) -> dict[str, StorageState]:
    """The owner at the counter, who has a colleague; the authority at the registry. Both have recovery codes."""
    there = {"counter": bruno_in, "registry": farid_in}
    return {site: with_codes(browser, stage.url(site), state) for site, state in there.items()}


@pytest.mark.parametrize("shown", PAGES, ids=lambda page: f"{page.site}-{page.route}")
def test_a_page_in_light_and_dark(open_page: Opener, stage: Stage, members: dict[str, StorageState], shown: Shown) -> None:
    page, errors = open_page(members[shown.site] if shown.signed_in else None), list[str]()
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    answer = page.goto(filled(shown, stage))
    assert answer
    assert answer.status == 200
    if page.url.rpartition("/accounts/")[2].startswith("reauthenticate"):
        page.locator("input[type=password]").fill(stage.owner.password)
    look(page)
    assert errors == []


@pytest.mark.parametrize(
    ("role", "shown"),
    [(role, page) for role, pages in WORKING.items() for page in pages],
    ids=lambda one: one.route if isinstance(one, Shown) else one,
)
def test_a_page_of_whoever_works_with_a_passkey(
    open_page: Opener, stage: Stage, working: dict[str, StorageState], role: str, shown: Shown
) -> None:
    for locale in ("fr-FR", "en-GB"):
        page = open_page(working[role], locale=locale)
        answer = page.goto(filled(shown, stage))
        assert answer
        assert answer.status == 200
        assert page.locator("html").get_attribute("lang") == locale[:2]
        look(page, f"registry-{role}-{shown.route}" + ("" if locale == "fr-FR" else "-english"))


@pytest.mark.parametrize("shown", PAGES, ids=lambda page: f"{page.site}-{page.route}")
def test_a_page_in_english_on_a_tablet_held_upright(
    open_page: Opener, stage: Stage, members: dict[str, StorageState], shown: Shown
) -> None:
    """As at the counter, where the keyboard may be on the screen."""
    page = open_page(members[shown.site] if shown.signed_in else None, locale="en-GB", size=PORTRAIT)
    page.goto(filled(shown, stage))
    assert page.locator("html").get_attribute("lang") == "en"
    assert fits(page)


@pytest.mark.parametrize("site", ["counter", "registry", "agent", "member"])
def test_no_page_is_left_out(
    browser: Browser, stage: Stage, members: dict[str, StorageState], working: dict[str, StorageState], site: str
) -> None:
    """What is not in the list refuses a GET, leads elsewhere, is no page, or is closed to everybody."""
    context = browser.new_context(storage_state=(members | working)[site])
    also, site = WORKING.get(site, ()), "counter" if site == "counter" else "registry"
    listed = {page.route for page in (*PAGES, *also) if page.site == site}
    left_out = set[str]()
    for name, path in routes(site):
        answer = context.request.get(stage.url(site) + path, max_redirects=0)
        is_page = answer.status == 200 and answer.text().lstrip().lower().startswith("<!doctype")
        if (is_page or (answer.status == 404 and "999" in path)) and name not in listed | ELSEWHERE:
            left_out.add(name)
    context.close()
    assert left_out == set()
