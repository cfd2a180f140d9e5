"""How fast pages are beside what they were before the keyholder came: both versions run at once and are asked in turns.

    python benchmarks/pages.py [--scale X] [--json]

The version before (`BEFORE`) is taken from this repository's history into a temporary folder, with a virtual environment of its own
that sees the same dependencies. Each has its own database and processes (`Stage`), the same 200 results imported today, and
somebody signed in. Asked are the pages that both have. One JSON line a page: the median in milliseconds, the baseline's, and the
ratio; exit 1 when a page is more than a tenth slower.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "34fc131"
"""The last commit at which web processes held the keys themselves."""
ROWS, ASKED, MOST = 200, 100, 1.10
FINESS = "750123457"
_QUICK = 30.0
"""Milliseconds: a page that is quicker is asked five times as often, for its difference is small."""
_FIND = ("/usr/bin/env",)


class Asked(NamedTuple):
    """A page of a site, of a stranger or of somebody signed in."""

    site: str
    path: str
    signed_in: bool = True


PAGES = (
    Asked("counter", "/health", signed_in=False),
    Asked("counter", "/accounts/login/", signed_in=False),
    Asked("counter", "/"),
    Asked("counter", "/accounts/2fa/"),
    Asked("counter", "/accounts/password/change/"),
    Asked("registry", "/software/", signed_in=False),
    Asked("registry", "/"),
)


def main() -> None:
    asked = _arguments()
    if asked.serve:
        serve(Path(asked.serve), before=asked.before)
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sceau-pages-")))
        file = results(folder, max(1, round(ROWS * asked.scale)))
        before = stack.enter_context(version(python_before(folder), file, before=True))
        now = stack.enter_context(version(sys.executable, file, before=False))
        slower = [page for page in PAGES if compare(page, now, before, max(10, round(ASKED * asked.scale))) > MOST]
    sys.exit(1 if slower else 0)


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", help="the file to import: one version's part, run by this program itself")
    parser.add_argument("--before", action="store_true")
    return parser.parse_args()


def results(folder: Path, count: int) -> Path:
    sys.path.insert(0, str(ROOT))
    from benchmarks.reports import invented_reports

    from sceau.core.codes.identifiers import Finess
    from sceau.core.report.csv import write

    file = folder / "results.csv"
    reports = invented_reports(count, finess=Finess(FINESS), at=datetime.now(UTC))
    file.write_text("".join(write(list(reports))), encoding="utf-8")
    return file


def python_before(folder: Path) -> str:
    """The version before, checked out and made ready; gives its interpreter."""
    tree, env = folder / "before", folder / "env"
    tree.mkdir()
    archive = subprocess.run([*_FIND, "git", "-C", str(ROOT), "archive", BEFORE], capture_output=True, check=True).stdout
    subprocess.run([*_FIND, "tar", "-x", "-C", str(tree)], input=archive, check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(env)], check=True)
    python = str(env / "bin" / "python")
    site = next((env / "lib").glob("python*/site-packages"))
    (site / "before.pth").write_text(f"{tree / 'src'}\n{_packages()}\n")
    subprocess.run([python, "scripts/translations.py", "compile"], cwd=tree, check=True)
    return python


def _packages() -> Path:
    import django

    return Path(django.__file__).parents[1]


class Version:
    """One running version, and who asks it: a stranger, and somebody signed in at each site."""

    def __init__(self, told: dict[str, dict[str, str]]) -> None:
        from sceau.demo.browser import Browser

        self._strangers = {site: Browser(one["url"]) for site, one in told.items()}
        self._members = {site: Browser(one["url"]) for site, one in told.items()}
        for site, one in told.items():
            self._members[site].sign_in(one["email"], one["password"], one["totp_secret"])

    def ask(self, page: Asked) -> float:
        """Milliseconds."""
        browser = (self._members if page.signed_in else self._strangers)[page.site]
        begun = time.perf_counter()
        got = browser.get(page.path)
        took = (time.perf_counter() - begun) * 1e3
        if (got.status, got.path) != (200, page.path):
            raise SystemExit(f"{page.site} {page.path}: {got.status} {got.path}")
        return took


@contextmanager
def version(python: str, file: Path, *, before: bool) -> Iterator[Version]:
    argv = [python, __file__, "--serve", str(file), *(["--before"] if before else [])]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield Version(json.loads(process.stdout.readline() or "{}"))
        finally:
            process.communicate("")


def serve(file: Path, *, before: bool) -> None:
    """Runs both sites of whichever version this interpreter has, until standard input ends."""
    from sceau.demo.processes import Supervisor
    from sceau.demo.stage import Stage

    with tempfile.TemporaryDirectory(prefix="sceau-") as name, Supervisor() as supervisor:
        folder = Path(name)
        folder.chmod(0o711)
        stage = Stage(folder, supervisor)
        stage.start()
        stage.run("counter", "import", str(file), "--wait", "--json", *(["--finess", FINESS] if before else []), check=False)
        told = {site: {"url": stage.url(site), **signing_in(stage, site, before=before)} for site in ("counter", "registry")}
        _say(sys.stdout, told)
        sys.stdin.read()


def signing_in(stage: "Stage", site: str, *, before: bool) -> dict[str, str]:  # type: ignore[name-defined]  # noqa: F821
    more = ["--finess", FINESS] if before and site == "counter" else []
    told: dict[str, str] = stage.tell(site, site, "user", f"amina@{site}.example", "Amina", *more, role="owner")
    return told


def compare(page: Asked, now: Version, before: Version, count: int) -> float:
    """Asks both in turns; tells the medians and gives their ratio."""
    first = now.ask(page), before.ask(page)
    count = count * 5 if max(first) < _QUICK else count
    times = [(now.ask(page), before.ask(page)) for _ in range(count)]
    value, baseline = statistics.median(one for one, _ in times), statistics.median(one for _, one in times)
    figure = {"name": f"page.{page.site}{page.path}", "value": round(value, 2), "unit": "ms", "baseline": round(baseline, 2)}
    _say(sys.stdout, figure | {"ratio": round(value / baseline, 3)})
    return value / baseline


def _say(to: IO[str], told: object) -> None:
    to.write(json.dumps(told) + "\n")
    to.flush()


if __name__ == "__main__":
    main()
