"""What an outage leaves on the workstation's disk: everything that Chromium wrote is searched for persons, in every form."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect
from tests.journeys.conftest import FLAGS

from sceau.demo.stage import Stage
from sceau.exposure.drills.canaries import Canaries
from sceau.exposure.drills.canary import Person
from sceau.exposure.drills.search import Search

KEEPS = ("IndexedDB", "Service Worker", "Local Storage", "Session Storage", "Cache")
IN_CLEAR = """async (told) => {
  localStorage.setItem("told", told);
  await (await caches.open("control")).put("/control", new Response(told));
  const asked = indexedDB.open("control", 1);
  await new Promise((done) => {
    asked.onupgradeneeded = () => asked.result.createObjectStore("told");
    asked.onsuccess = () => {
      const transaction = asked.result.transaction("told", "readwrite", { durability: "strict" });
      transaction.objectStore("told").put(told, 1);
      transaction.oncomplete = done;
    };
  });
}"""


def used(browser: Browser, stage: Stage, state: StorageState, profile: Path, act: Callable[[BrowserContext, Page], None]) -> None:
    """A workstation's browser with a profile of its own, before and after which the counter is there."""
    context = browser.browser_type.launch_persistent_context(
        profile, executable_path=shutil.which("chromium"), args=[*FLAGS, "--no-first-run"], locale="fr-FR"
    )
    context.add_cookies(state["cookies"])  # type: ignore[arg-type]
    page = context.pages[0]
    page.goto(stage.url("counter") + "/desk/")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    act(context, page)
    context.close()


def outage(context: BrowserContext, page: Page, person: Person) -> None:
    """The person is tested while the network is away, and the page reloaded: only the disk has it now."""
    context.set_offline(True)
    expect(page.locator("#away_band")).to_be_visible(timeout=30_000)
    page.keyboard.type(f"{person.family} {person.name}")
    page.keyboard.press("Enter")
    told = {"born": f"{person.birth_date:%d%m%Y}", "phone": person.phone, "email": person.email, "street": person.street}
    for name, value in told.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_label("F", exact=True).check()
    page.keyboard.press("Enter")
    expect(page.locator('#kept_list [data-stage="running"]')).to_be_visible()
    page.keyboard.press("+")
    expect(page.locator('#kept_list [data-stage="done"]')).to_be_visible()
    page.reload()
    expect(page.locator("#kept_count")).to_contain_text("1")


def left(profile: Path) -> list[Path]:
    return [folder for name in KEEPS for folder in profile.rglob(name) if folder.is_dir()]


@pytest.fixture
def person() -> Person:
    """One whose name takes a byte a letter: with others IndexedDB writes UTF-16, which the search does not know of them."""
    invented = (one for _ in range(100) for one in Canaries.invent().persons)
    return next(one for one in invented if max(f"{one.family}{one.street}") < "\u0100")


def test_an_outage_leaves_ciphertext_alone(
    browser: Browser, stage: Stage, amina_in: StorageState, tmp_path: Path, person: Person
) -> None:
    used(browser, stage, amina_in, tmp_path, lambda context, page: outage(context, page, person))
    folders = left(tmp_path)
    assert {"IndexedDB", "Service Worker"} <= {folder.name for folder in folders}
    assert Search(person.canaries()).files(folders) == set()
    assert Search(person.canaries()).files([tmp_path]) == set()


def test_the_control_finds_what_is_written_in_clear(
    browser: Browser, stage: Stage, amina_in: StorageState, tmp_path: Path, person: Person
) -> None:
    told = f"{person.family} {person.email} {person.street}"
    used(browser, stage, amina_in, tmp_path, lambda _context, page: page.evaluate(IN_CLEAR, told))
    for name in ("IndexedDB", "Service Worker", "Local Storage"):
        found = Search(person.canaries()).files(folder for folder in left(tmp_path) if folder.name == name)
        assert {hit.field for hit in found} >= {"family", "e-mail", "street"}, name
