"""Both services as real processes, and what one may do to them from outside: give files, look into databases, take things away."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
from tests.wire.rows import Row, text

from sceau.demo.child import Child
from sceau.demo.stage import Stage
from sceau.exposure.drills.importing import Importing, Told

DEADLINE = 30.0
COMMAND = [sys.executable, "-m", "sceau"]


class Wire:
    """A running stage and a folder for files."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self._folder = folder

    def url(self, service: str) -> str:
        """A service's database, as superuser."""
        return self.stage.postgres.superuser_url(service)

    def ask(self, service: str, question: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(service)) as connection:
            cursor = connection.execute(question.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def count(self, service: str, table: str, where: str = "true") -> int:
        return int(self.ask(service, f"select count(*) from {table} where {where}")[0][0])  # noqa: S608 - the tests' own words

    def until(self, holds: Callable[[], bool], *, what: str) -> None:
        self.stage.supervisor.wait_for(holds, what=what, deadline=DEADLINE)

    def file(self, name: str, rows: Iterable[Row]) -> Path:
        path = self._folder / f"{name}.csv"
        path.write_text(text(rows), encoding="utf-8")
        return path

    def importing(self, *files: Path, wait: bool = True) -> Importing:
        """Starts an import; it answers as JSON."""
        return Importing.started(self.stage, *files, wait=wait)

    def give(self, *files: Path, wait: bool = True) -> Told:
        return self.importing(*files, wait=wait).told()

    def hurry(self) -> None:
        """What was to be tried again later is tried now."""
        self.ask("counter", "update relay_envelope set next_attempt_at = now() where state in ('waiting', 'received')")
        self.ask("counter", "update procrastinate_jobs set scheduled_at = now() where status = 'todo'")

    def back(self, name: str, *, since: int) -> None:
        """Until what ran as `since` runs again and answers."""
        self.stage.supervisor.restarted(name, since=since, deadline=DEADLINE)
        self.stage.postgres.wait_ready(self.stage.supervisor, deadline=DEADLINE)
        if name.endswith("-web"):
            self.stage.supervisor.wait_http(f"{self.stage.url(name.removesuffix('-web'))}/health", deadline=DEADLINE)

    def away(self, name: str) -> Child:
        """Ends one of the supervisor's processes; gives what `start` takes to bring it back."""
        service, _, role = name.partition("-")
        self.stage.supervisor.end(name)
        return self.stage.child(service, role)

    def pending(self) -> int:
        """How many screenings at the counter have no outcome yet."""
        return self.count("counter", "screenings_screening", "outcome = ''")

    def recorded(self) -> int:
        """How many reports the registry has."""
        return self.count("registry", "results_report")

    def settle(self) -> None:
        """Until every screening at the counter has its outcome."""

        def done() -> bool:
            self.hurry()
            return self.pending() == 0

        self.until(done, what="an outcome for every row")
