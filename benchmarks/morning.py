"""A morning at two workstations, in browsers, by keyboard: 200 patients, ten corrections, the registry away in the middle third.

    python benchmarks/morning.py [--scale X] [--json]

The same hands as `tests/journeys/test_morning.py`, ten times as many people. In the end every result is at the registry once, every
correction replaces what it names, and both workstations show the same queue; exit 1 when not. JSON lines: seconds a patient (the
baseline is the first third, with the registry there), and what was counted.
"""

import json
import shutil
import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import ascii_uppercase

from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.journeys.conftest import FLAGS, signed_in
from tests.journeys.test_morning import STANDING, correct, registry, take, unanswered

from sceau.core.accounts.seed import SignIn
from sceau.demo.processes import Supervisor
from sceau.demo.stage import Stage

PATIENTS, CORRECTED, BACK, SHOWN = 200, 10, 8, 30
DEADLINE = 300.0


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    count = max(30, round(PATIENTS * parser.parse_args().scale))
    with tempfile.TemporaryDirectory(prefix="sceau-") as name, Supervisor() as supervisor:
        folder = Path(name)
        folder.chmod(0o711)
        stage = Stage(folder, supervisor)
        stage.start()
        with workstations(stage) as pages:
            times = Morning(stage, pages, count).play()
            told = outcome(stage, pages)
    first, away = times[: count // 3], times[count // 3 : 2 * count // 3]
    tell("morning.patient", statistics.median(times), "s", statistics.median(first))
    tell("morning.patient.registry-away", statistics.median(away), "s", statistics.median(first))
    tell("morning.recorded", told["recorded"], "results", count)
    tell("morning.corrected", told["corrected"], "results", CORRECTED)
    tell("morning.same-queue", told["same"], "", 1)
    sys.exit(0 if told == {"recorded": count, "corrected": CORRECTED, "same": 1} else 1)


@contextmanager
def workstations(stage: Stage) -> Iterator[list[Page]]:
    """Amina's and a colleague's, each at the desk."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, "--no-first-run"])
        yield [_workstation(browser, stage, name) for name in ("Amina", "Colette")]
        browser.close()


def _workstation(browser: Browser, stage: Stage, name: str) -> Page:
    who = SignIn(**stage.tell("counter", "counter", "user", f"{name.lower()}@lilas.example", name, role="owner"))
    state = signed_in(browser, stage.url("counter"), who)
    page = browser.new_context(viewport={"width": 1024, "height": 768}, locale="fr-FR", storage_state=state).new_page()
    page.goto(stage.url("counter") + "/desk/")
    return page


class Morning:
    """One run; the registry's door is shut for the middle third."""

    def __init__(self, stage: Stage, pages: list[Page], count: int) -> None:
        self._stage, self._pages = stage, pages
        self._families = [f"MATIN{ascii_uppercase[nth // 26]}{ascii_uppercase[nth % 26]}" for nth in range(count)]

    def play(self) -> list[float]:
        """Seconds of each patient, from the first letter to the result in the queue."""
        count, times = len(self._families), list[float]()
        for nth, family in enumerate(self._families):
            if nth == count // 3:
                self._stage.supervisor.end("registry-web")
            if nth == 2 * count // 3:
                self._stage.supervisor.start(self._stage.child("registry", "web"))
            page = self._pages[nth % 2]
            begun = time.perf_counter()
            take(page, family, "-")
            times.append(time.perf_counter() - begun)
            if (nth + 1) % (count // CORRECTED) == 0 and (nth + 1) // (count // CORRECTED) <= CORRECTED:
                self._correct(page, self._families[max(0, nth - BACK)])
        return times

    def _correct(self, page: Page, family: str) -> None:
        correct(page, self._stage, family)
        page.goto(self._stage.url("counter") + "/desk/")
        expect(page.locator("#box")).to_be_focused()


def outcome(stage: Stage, pages: list[Page]) -> dict[str, int]:
    """What the registry counts when everything was answered, and whether both workstations show the same."""
    stage.supervisor.wait_for(lambda: not unanswered(stage), what="every answer of the registry", deadline=DEADLINE)
    for page in pages:
        page.goto(stage.url("counter") + "/desk/")
        expect(page.locator('[data-stage="done"]')).to_have_count(SHOWN)
    shown = [page.locator('[data-stage="done"]').all_inner_texts() for page in pages]
    [(recorded, corrected)] = registry(stage, STANDING)
    return {"recorded": int(str(recorded)), "corrected": int(str(corrected)), "same": int(shown[0] == shown[1])}


def tell(name: str, value: float, unit: str, baseline: float) -> None:
    figure = {"name": name, "value": round(value, 2), "unit": unit, "baseline": round(baseline, 2)}
    print(json.dumps(figure | {"ratio": round(value / baseline, 3)}), flush=True)


if __name__ == "__main__":
    main()
