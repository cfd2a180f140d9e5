"""How heavy each page of both sites is, how soon an old computer paints it, and what Lighthouse says of it.

    python benchmarks/browser.py [--scale X] [--json]

Chromium asks every page of `tests/journeys/pages.py` with an empty cache and four times slower processing: bytes as transferred,
time to the first contentful paint. The day has 200 results. Lighthouse (`npm ci` in benchmarks/lighthouse) audits the same pages,
signed in where they need it. The baseline of each figure is what was promised; exit 1 when a page misses it.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, CDPSession, StorageState, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.reports import invented_reports
from tests.journeys.conftest import FLAGS, signed_in, with_codes
from tests.journeys.pages import PAGES, Shown, filled

from sceau.core.accounts.seed import SignIn
from sceau.core.codes.identifiers import Finess
from sceau.core.report.csv import write
from sceau.demo.processes import Supervisor, free_port
from sceau.demo.stage import FINESS, Stage

AUDIT = Path(__file__).parent / "lighthouse" / "audit.mjs"
ROWS, SLOWER = 200, 4
HEAVIEST_KB, LATEST_MS, ACCESSIBLE, PRACTISED = 100.0, 1_000.0, 100, 95
_PAINT = """() => new Promise((told) => new PerformanceObserver((seen) => {
  const first = seen.getEntriesByName("first-contentful-paint")[0];
  if (first) told(first.startTime);
}).observe({ type: "paint", buffered: true }))"""

Members = dict[str, StorageState]


class Figure(NamedTuple):
    """`promised` is the most that it may be, or with `least` the least."""

    name: str
    value: float
    unit: str
    promised: float
    least: bool = False

    def missed(self) -> bool:
        return self.value < self.promised if self.least else self.value > self.promised

    def line(self, **more: object) -> str:
        told = {"name": self.name, "value": round(self.value, 1), "unit": self.unit, "baseline": self.promised}
        return json.dumps(told | {"ratio": round(self.value / self.promised, 3)} | more)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    rows, missed = max(1, round(ROWS * parser.parse_args().scale)), 0
    with tempfile.TemporaryDirectory(prefix="sceau-") as name, Supervisor() as supervisor, sync_playwright() as playwright:
        stage, port = staged(Path(name), supervisor, rows), free_port()
        flags = [*FLAGS, "--no-first-run", f"--remote-debugging-port={port}"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for figure in [*weighed(browser, stage, sign_in(browser, stage)), *audited(browser, stage, port)]:
            missed += figure.missed()
        browser.close()
    sys.exit(1 if missed else 0)


def staged(folder: Path, supervisor: Supervisor, rows: int) -> Stage:
    folder.chmod(0o711)
    stage = Stage(folder, supervisor)
    stage.start()
    file = folder / "results.csv"
    file.write_text("".join(write(list(invented_reports(rows, finess=Finess(FINESS), at=datetime.now(UTC))))), encoding="utf-8")
    stage.import_files([file], show=False)
    stage.tell("counter", "counter", "user", "amina@lilas.example", "Amina", role="owner")
    return stage


def sign_in(browser: Browser, stage: Stage) -> Members:
    """The owner at the counter; the authority at the registry, somebody new each time, since a one-time code counts once."""
    count = len(_used)
    _used.append(count)
    told = stage.tell("registry", "registry", "user", f"farid{count}@authority.example", "Farid", role="owner")
    colleague = stage.tell("counter", "counter", "user", f"bruno{count}@lilas.example", "Bruno", "--role=owner", role="owner")
    fields = SignIn._fields
    people = {"counter": colleague, "registry": told}
    states = {
        site: signed_in(browser, stage.url(site), SignIn(*(one[field] for field in fields))) for site, one in people.items()
    }
    return {site: with_codes(browser, stage.url(site), state) for site, state in states.items()}


_used: list[int] = []


def weighed(browser: Browser, stage: Stage, members: Members) -> Iterator[Figure]:
    for page in PAGES:
        context = browser.new_context(locale="fr-FR", storage_state=members[page.site] if page.signed_in else None)
        size, paint = opened(context, filled(page, stage))
        context.close()
        for figure in (
            Figure(f"page.{page.site}.{page.route}.weight", size / 1_000, "kB", HEAVIEST_KB),
            Figure(f"page.{page.site}.{page.route}.paint", paint, "ms", LATEST_MS),
        ):
            print(figure.line(), flush=True)
            yield figure


def opened(context: BrowserContext, url: str) -> tuple[float, float]:
    """Bytes transferred until the network is quiet, and milliseconds to the first contentful paint."""
    page, sizes = context.new_page(), list[float]()
    session: CDPSession = context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return sum(sizes), float(page.evaluate(_PAINT))


def audited(browser: Browser, stage: Stage, port: int) -> Iterator[Figure]:
    """Each site by a stranger and by somebody who has just signed in: their cookies are those of the browser's own windows, of
    which one stays open, for with the last of them Chromium ends the session.
    """
    jar = browser.new_browser_cdp_session()
    jar.send("Target.createTarget", {"url": "about:blank"})
    for site in ("counter", "registry"):
        for known in (False, True):
            jar.send("Storage.clearCookies")
            if known:
                jar.send("Storage.setCookies", {"cookies": sign_in(browser, stage)[site]["cookies"]})
            yield from _audited([page for page in PAGES if (page.site, page.signed_in) == (site, known)], stage, port)


def _audited(pages: list[Shown], stage: Stage, port: int) -> Iterator[Figure]:
    asked = [{"name": f"page.{page.site}.{page.route}", "url": filled(page, stage)} for page in pages]
    argv = ["/usr/bin/env", "node", str(AUDIT)]
    given = json.dumps({"port": port, "pages": asked})
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(given)
        process.stdin.close()
        for line in process.stdout:
            told = json.loads(line)
            figures = (
                Figure(f"{told['name']}.accessibility", told["accessibility"], "points", ACCESSIBLE, least=True),
                Figure(f"{told['name']}.best-practices", told["practices"], "points", PRACTISED, least=True),
            )
            for figure in figures:
                print(figure.line(wrong=told["wrong"], elsewhere=told["elsewhere"]), flush=True)
                yield figure
    if process.returncode:
        raise SystemExit("Lighthouse failed: `npm ci` in benchmarks/lighthouse first")


if __name__ == "__main__":
    main()
