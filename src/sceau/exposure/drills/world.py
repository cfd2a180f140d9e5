"""The world that all drills of one run share: both services as real processes, after a day's work on the canary persons.

They came in by the front door, and each fared differently; somebody looked at them; somebody else asked for what there is not.
Beside it stands a careless server: the same reports in clear, on which every search must find everything.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self
from urllib.parse import quote

import msgspec
import psycopg

from sceau.core.accounts.seed import SignIn
from sceau.core.keyholder.shapes import SealedAt
from sceau.demo.browser import Browser, Page
from sceau.demo.laboratory import Laboratory
from sceau.demo.postgres import Postgres, make_run_folder
from sceau.demo.processes import Supervisor
from sceau.demo.speaking import speaking
from sceau.demo.stage import FINESS, SERVICES, Stage
from sceau.exposure.drills.agents import Agents
from sceau.exposure.drills.canaries import Canaries
from sceau.exposure.drills.drill import Control
from sceau.exposure.drills.loot import Loot, take
from sceau.exposure.drills.search import Hit, Search
from sceau.exposure.drills.temporary import Watch
from sceau.exposure.drills.uncompressed import store_plainly

UNSEALED = "unsealed"
_IDENTITIES = "select report_id, department, day, sealed from persons_identity order by report_id"
_KEEP_JOBS = """
create table every_job as select * from procrastinate_jobs where false;
create function keep_job() returns trigger security definer language plpgsql as
    'begin insert into public.every_job select new.*; return new; end';
create trigger keep_job after insert on procrastinate_jobs for each row execute function keep_job();
"""
_LONG = " " * 9_000
"""Makes a value so long that PostgreSQL would compress it."""
_EXPECTED = {"recorded": 2, "amended": 2, "refused": 1, "cancelled": 2}


class World:
    """Made by `running`. `amina` is signed in; `watch` sees the files that the services' processes hold open."""

    def __init__(self, folder: Path, supervisor: Supervisor) -> None:
        self.folder, self.supervisor = folder, supervisor
        self.stage = Stage(make_run_folder(folder / "stage"), supervisor, durable=False)
        self.canaries = Canaries.invent()
        self.search = Search(self.canaries.values())
        self.watch = Watch(since=folder)
        self._colleagues = 0

    def start(self) -> Self:
        self.stage.start()
        self._serve_careless()
        for service in SERVICES:
            self.sql(service, _KEEP_JOBS)
            store_plainly(self.stage.postgres, service)
        with self.watch:
            self._work()
        return self

    def sql(self, database: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """As the superuser, behind every application's back."""
        return self.rows(self.stage.postgres, database, statement, *values)

    def rows(self, server: Postgres, database: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """The same at any of this world's servers."""
        with psycopg.connect(server.superuser_url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def identities(self, server: Postgres, database: str = "registry") -> list[SealedAt]:
        """Whom the registry knows, sealed, as a database of this server has them."""
        found = self.rows(server, database, _IDENTITIES)
        return [SealedAt(report, department, day, bytes(sealed)) for report, department, day, sealed in found]

    def import_(self, text: str) -> list[str]:
        """The outcome of each row of a file; raises `StageError` when nothing was imported."""
        told = self.folder / "reports.csv"
        told.write_text(text, encoding="utf-8")
        try:
            answer = self.stage.run("counter", "import", str(told), "--wait", "--json", check=False)
        finally:
            told.unlink()
        return [row["outcome"] for row in json.loads(answer)["rows"]] if answer.strip() else []

    def colleague(self) -> tuple[SignIn, Browser]:
        """Somebody new at the pharmacy, signed in: no second-factor code serves twice."""
        self._colleagues += 1
        name, email = self.canaries.colleague
        email = email if self._colleagues == 1 else f"colleague{self._colleagues}@lilas.example"
        told = self.stage.tell("counter", "counter", "user", email, name, role="owner")
        who = SignIn(*(told[field] for field in SignIn._fields))
        browser = Browser(self.stage.url("counter"))
        browser.sign_in(who.email, who.password, who.totp_secret)
        return who, browser

    def leaves(self, who: SignIn) -> None:
        """Somebody of the pharmacy's staff leaves it, and its owner confirms the key of those who stay."""
        renewed = self.stage.tell("counter", "counter", "leave", who.email, role="owner")["fingerprint"]
        self.stage.run("counter", "counter", "key", FINESS, role="owner")
        self.stage.confirm(FINESS, renewed)

    def shown(self, page: Page, *, where: str = "page") -> set[Hit]:
        """The canaries on a page."""
        return self.search.look(page.body, where=where)

    def names_on(self, page: Page) -> set[str]:
        """The canary persons whose names a page shows."""
        return {hit.person for hit in self.shown(page) if hit.field == "family"}

    def logs(self) -> list[Path]:
        return [*sorted(self.stage.folder.glob("*.log")), self.stage.postgres.log]

    def complete(self, name: str, hits: set[Hit], *, staff: bool = False) -> Control:
        """A control: this search must have found every field of every patient's canary, and of the `staff`'s."""
        wanted = self.canaries.values() if staff else self.canaries.patients()
        every = {(canary.person, canary.field) for canary in wanted}
        missed = every - {(hit.person, hit.field) for hit in hits}
        return Control(name, tuple(f"{person}: {field}" for person, field in sorted(missed)))

    @cached_property
    def agents(self) -> Agents:
        """The registry's, asking as its web process does."""
        web, operator = speaking(self.stage, "registry", "web"), speaking(self.stage, "registry", "owner", at="operator")
        return Agents(web, operator, origin=self.stage.url("registry"))

    @cached_property
    def laboratory(self) -> Laboratory:
        """Software that sends plain for the pharmacy, and the MLLP door beside the others."""
        folder = self.folder / "laboratory"
        folder.mkdir(mode=0o711)
        made = Laboratory(self.stage, folder, finess=FINESS)
        made.start_mllp()
        return made

    @cached_property
    def loot(self) -> Loot:
        """What a thief with the superuser's password takes, once."""
        return take(self.stage.postgres, SERVICES, into=self.folder / "loot")

    @cached_property
    def careless_loot(self) -> Loot:
        """The same of the careless server, by the same means."""
        return take(self.careless, [UNSEALED], into=self.folder / "careless-loot")

    @cached_property
    def clear(self) -> list[bytes]:
        """The reports as JSON, unsealed."""
        return [msgspec.json.encode(one, enc_hook=str) for one in self.canaries.reports()]

    def _serve_careless(self) -> None:
        self.careless = Postgres(self.folder / "careless", durable=False)
        self.careless.serve(self.supervisor, name="careless")
        with psycopg.connect(self.careless.superuser_url(), autocommit=True) as connection:
            connection.execute(f"create database {UNSEALED}")
        with psycopg.connect(self.careless.superuser_url(UNSEALED), autocommit=True) as connection:
            connection.execute("create table report (id serial, clear text, bytes bytea)")
        store_plainly(self.careless, UNSEALED)
        with psycopg.connect(self.careless.superuser_url(UNSEALED), autocommit=True) as connection:
            for clear in [*self.clear, msgspec.json.encode(self.canaries.colleague)]:
                connection.execute("insert into report (clear, bytes) values (%s, %s)", (clear.decode() + _LONG, clear))
                connection.execute("insert into report (clear, bytes) values (%s, %s)", ("", clear + _LONG.encode()))

    def _work(self) -> None:
        outcomes = Counter(self.import_(self.canaries.file()))
        if outcomes != _EXPECTED:
            raise RuntimeError(f"the canaries did not come in: {outcomes}")
        _, self.amina = self.colleague()
        self.stumbled = [page for service in SERVICES for page in self._stumble(service)]
        if self.names_on(self.amina.get()) != {person.name for person in self.canaries.persons}:
            raise RuntimeError("the canaries are not on the day's page")

    def _stumble(self, service: str) -> Iterator[Page]:
        """Requests that go wrong with a name in them: pages that are not there, bodies that cannot be read."""
        stranger = Browser(self.stage.url(service))
        for person in self.canaries.persons:
            yield stranger.get(f"/patients/{quote(person.family)}?born={person.birth_date}")
        for path in ("/oauth/token", "/v1/envelopes", "/v1/pharmacies"):
            yield stranger.send(path, self.clear[0], content_type="application/json")


@contextmanager
def running(*, prefix: str = "sceau-") -> Iterator[World]:
    """A world for the length of the block, in a folder of its own. PostgreSQL's user must be able to pass that folder."""
    with TemporaryDirectory(prefix=prefix) as name, Supervisor() as supervisor:
        folder = Path(name)
        folder.chmod(0o711)
        yield World(folder, supervisor).start()


@contextmanager
def away(world: World, service: str, table: str) -> Iterator[None]:
    """A table that nothing finds for the length of the block."""
    world.sql(service, f"alter table {table} rename to away")
    try:
        yield
    finally:
        world.sql(service, f"alter table away rename to {table}")


def hits(search: Search, texts: Sequence[bytes], *, where: str) -> set[Hit]:
    """Every canary in any of these."""
    return {hit for text in texts for hit in search.look(text, where=where)}
