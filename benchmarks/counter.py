"""How fast the counter answers at a pharmacy that knows many people: search, record, queue, through HTTP on loopback.

    python benchmarks/counter.py [--scale X] [--json]

50,000 people are imported first, by the front door, and are at the registry before anything is measured. `prepare` is what the page
asks when it is opened, so that the first search finds the directory open; `first-search` is the one after it. The baseline, in the
same run, is the answer of `/health`, which does nothing. One JSON line a figure: p50 and p95 in milliseconds, and the ratio of the
p95 to the baseline's.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.reports import invented_reports

from sceau.core.accounts.seed import SignIn
from sceau.core.codes.identifiers import Finess
from sceau.core.report.csv import write
from sceau.demo.browser import Browser, Page
from sceau.demo.processes import Supervisor
from sceau.demo.stage import FINESS, Stage

PEOPLE, A_FILE, ASKED, DELIVERED_S = 50_000, 10_000, 200, 1_200
LIMITS = {"search": 50.0, "record": 80.0, "queue": 40.0, "queue-unchanged": 40.0}


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    scale = parser.parse_args().scale
    with tempfile.TemporaryDirectory(prefix="sceau-") as name, Supervisor() as supervisor:
        folder = Path(name)
        folder.chmod(0o711)
        stage = Stage(folder, supervisor)
        stage.start()
        names = people(stage, folder, round(PEOPLE * scale))
        deliver(stage, supervisor)
        desk = Desk(stage)
        tell("prepare", [timed(lambda: desk.post("prepare"))], baseline=0.0)
        tell("first-search", [timed(lambda: desk.post("search", q=names[0]))], baseline=0.0)
        asked = max(20, round(ASKED * scale))
        base = [timed(lambda: desk.browser.get("/health")) for _ in range(asked)]
        tell("health", base, baseline=p95(base))
        tell("search", [timed(lambda: desk.post("search", q=typed(names))) for _ in range(asked)], baseline=p95(base))
        tell("record", [desk.record(nth) for nth in range(asked)], baseline=p95(base))
        tell("queue", [timed(lambda: desk.browser.get("/desk/queue")) for _ in range(asked)], baseline=p95(base))
        tell("queue-unchanged", desk.polls(asked), baseline=p95(base))


def deliver(stage: Stage, supervisor: Supervisor) -> None:
    """Waits until the registry has answered for every import: what is measured is a counter at work, not one that catches up."""
    with psycopg.connect(stage.postgres.superuser_url("counter"), autocommit=True) as counter:

        def answered() -> bool:
            row = counter.execute("select count(*) from screenings_screening where outcome = ''").fetchone()
            return row == (0,)

        supervisor.wait_for(answered, what="every answer of the registry", deadline=DELIVERED_S)


def people(stage: Stage, folder: Path, count: int) -> list[str]:
    """Imports so many; gives their family names."""
    reports, names = list(invented_reports(count, finess=Finess(FINESS), at=datetime.now(UTC))), list[str]()
    for start in range(0, count, A_FILE):
        part = reports[start : start + A_FILE]
        file = folder / f"people-{start}.csv"
        file.write_text("".join(write(part)), encoding="utf-8")
        stage.run("counter", "import", str(file), "--json", check=False)
        names += [one.screening.patient.family for one in part if one.screening]
    return names


def typed(names: list[str]) -> str:
    """What somebody types: three to six letters of a name, with a slip now and then."""
    name = random.choice(names)
    part = name[: random.randint(3, 6)]
    return part if random.random() < 0.8 else part[:1] + part[2:3] + part[1:2] + part[3:]


class Desk:
    """Amina's browser at the counter screen."""

    def __init__(self, stage: Stage) -> None:
        told = stage.tell("counter", "counter", "user", "amina@lilas.example", "Amina", role="owner")
        who = SignIn(*(told[field] for field in SignIn._fields))
        self.browser, self._port = Browser(stage.url("counter")), stage.ports["counter"]
        self.browser.sign_in(who.email, who.password, who.totp_secret)
        body = self.browser.get("/desk/").body
        self._token = body.partition(b'name="csrfmiddlewaretoken" value="')[2].partition(b'"')[0].decode()

    def post(self, path: str, **fields: str) -> Page:
        page = self.browser.send(f"/desk/{path}", urlencode(fields | {"csrfmiddlewaretoken": self._token}).encode())
        if page.status not in (200, 204):
            raise RuntimeError(f"{path}: {page.status}")
        return page

    def polls(self, count: int) -> list[float]:
        """As the page follows the queue by itself: so many answers that nothing changed. The registry's answers come in meanwhile, and
        the queue is sent again then.
        """
        tag, times = "", list[float]()
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies().items())
        while len(times) < count:
            begun, line = time.perf_counter(), HTTPConnection("localhost", self._port)
            line.request("GET", "/desk/queue?auto=1", headers={"Cookie": cookies, "If-None-Match": tag})
            answer = line.getresponse()
            answer.read()
            line.close()
            if answer.status == HTTPStatus.NOT_MODIFIED:
                times.append((time.perf_counter() - begun) * 1e3)
            tag = answer.headers["ETag"] or tag
        return times

    def record(self, nth: int) -> float:
        """Somebody new is taken in; the time is that of the result."""
        page = self.post("new", family=f"NOUVEAU{nth}", given="Zoé", born="12031985", sex="female")
        visit = page.body.partition(b'data-current="')[2].partition(b'"')[0].decode()
        return timed(lambda: self.post(f"visits/{visit}/result", found="-"))


def timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1_000


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def tell(name: str, values: list[float], *, baseline: float) -> None:
    told = {"figure": name, "p50_ms": round(statistics.median(values), 1), "p95_ms": round(p95(values), 1), "n": len(values)}
    if baseline:
        told["ratio_to_health"] = round(p95(values) / baseline, 2)
    if name in LIMITS:
        told["limit_ms"] = LIMITS[name]
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
