"""The demo's own services, and a browser before them."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, expect, sync_playwright
from tests.journeys.codes import types_code

from sceau.core.accounts.seed import SignIn
from sceau.demo.authenticator import Passkey
from sceau.demo.authority import appointed, bring
from sceau.demo.browser import Browser as HttpBrowser
from sceau.demo.commands import SAMPLE
from sceau.demo.processes import Supervisor
from sceau.demo.stage import Stage

if TYPE_CHECKING:
    from tests.journeys.members import Present

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Both sites with the bundled sample imported."""
    with tempfile.TemporaryDirectory() as name, Supervisor() as supervisor:
        folder = Path(name)
        folder.chmod(0o711)
        stage = Stage(folder, supervisor, durable=False)
        stage.start()
        assert stage.import_files([SAMPLE], show=False) == 1  # two rows of the sample are wrong on purpose
        yield stage


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, "--no-first-run"])
        yield browser
        browser.close()


expect.set_options(timeout=15_000)  # a loaded machine is slow, and no verdict
TITLE = ("--authority", "Farid, the authority")
Opener = Callable[..., Page]
DESK: ViewportSize = {"width": 1024, "height": 768}
PORTRAIT: ViewportSize = {"width": 768, "height": 1024}


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """A new window, of a stranger or of somebody signed in (`state`)."""
    contexts: list[BrowserContext] = []

    def opened(state: StorageState | None = None, *, locale: str = "fr-FR", size: ViewportSize = DESK) -> Page:
        context = browser.new_context(viewport=size, locale=locale, storage_state=state)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def amina(stage: Stage) -> SignIn:
    return SignIn(**stage.tell("counter", "counter", "user", "amina@lilas.example", "Amina", role="owner"))


@pytest.fixture(scope="session")
def farid(stage: Stage) -> SignIn:
    return SignIn(**stage.tell("registry", "registry", "user", "farid@authority.example", "Farid", *TITLE, role="owner"))


@pytest.fixture(scope="session")
def amina_in(browser: Browser, stage: Stage, amina: SignIn) -> StorageState:
    return signed_in(browser, stage.url("counter"), amina)


@pytest.fixture(scope="session")
def bruno_in(browser: Browser, stage: Stage) -> StorageState:
    """The owner."""
    return signed_in(browser, stage.url("counter"), stage.owner)


@pytest.fixture(scope="session")
def farid_in(browser: Browser, stage: Stage, farid: SignIn) -> StorageState:
    return signed_in(browser, stage.url("registry"), farid)


@pytest.fixture(scope="session")
def gaelle_in(browser: Browser, stage: Stage) -> StorageState:
    """Who speaks for a publisher."""
    who = ("gaelle@g.example", "Gaëlle", "--firm", "Gaëlle Logiciels")
    told = stage.tell("registry", "registry", "publisher", *who, role="owner")
    return signed_in(browser, stage.url("registry"), SignIn(**told), lands="/products/")


@pytest.fixture(scope="session")
def authority(browser: Browser, stage: Stage) -> "Iterator[list[Present]]":
    """Two members of the authority, each at a browser with a passkey of their own."""
    from tests.journeys.members import founded

    members = founded(browser, stage)
    yield members
    for one in members:
        one.page.context.close()


@pytest.fixture(scope="session")
def fanta(browser: Browser, stage: Stage, authority: "list[Present]") -> Iterator[Page]:
    """She decides on software like Farid, with a passkey that both members have enrolled."""
    from tests.journeys.members import brings, vouches
    from tests.journeys.test_staff import with_an_authenticator

    told = stage.tell("registry", "registry", "user", "fanta@authority.example", "Fanta", *TITLE, role="owner")
    who = SignIn(**told)
    stage.tell("registry", "registry", "agents", "appoint", who.email, "Fanta", role="owner")
    state = signed_in(browser, stage.url("registry"), who)
    page = browser.new_context(viewport=DESK, locale="fr-FR", storage_state=state).new_page()
    with_an_authenticator(page)
    brings(page, stage, password=who.password)
    for member in authority:
        vouches(member.page, stage, "Fanta")
    yield page
    page.context.close()


@pytest.fixture(scope="session")
def working(stage: Stage, authority: "list[Present]") -> dict[str, StorageState]:
    """A tracing agent and a member of the authority, both enrolled."""
    from tests.journeys.members import vouches

    who = appointed(stage, "agent@work.example", "Dalila", role="agent", departments="75 93")
    browser = HttpBrowser(stage.url("registry"))
    browser.sign_in(who.email, who.password, who.totp_secret)
    bring(browser, Passkey("agent", origin=stage.url("registry")), password=who.password)
    for member in authority:
        vouches(member.page, stage, "Dalila")
    return {"agent": _state(browser), "member": authority[0].page.context.storage_state()}


def _state(browser: HttpBrowser) -> StorageState:
    told = {"domain": "localhost", "path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [told | {"name": name, "value": value} for name, value in browser.cookies().items()], "origins": []}  # type: ignore[misc]


def signed_in(browser: Browser, url: str, who: SignIn, *, lands: str = "/") -> StorageState:
    """By keyboard alone, as the focus is where one types; once a person, since a one-time code counts once."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    expect(page.locator("input[name=login]")).to_be_focused()
    page.keyboard.type(who.email)
    page.keyboard.press("Tab")
    page.keyboard.type(who.password)
    page.keyboard.press("Enter")
    expect(page.locator("input[name=code]")).to_be_focused()
    types_code(page, who.totp_secret)
    expect(page).to_have_url(url + lands)
    state = context.storage_state()
    context.close()
    return state


def with_codes(browser: Browser, url: str, state: StorageState) -> StorageState:
    """The same person, who has made recovery codes just after signing in."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(url + "/accounts/2fa/recovery-codes/generate/")
    page.locator("form[action$='/recovery-codes/generate/'] button").click()
    expect(page).to_have_url(url + "/accounts/2fa/recovery-codes/")
    made = context.storage_state()
    context.close()
    return made
