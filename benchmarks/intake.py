"""How fast the registry takes results in: through its door, with everything that a real sender does, until each is acknowledged.

    python benchmarks/intake.py [--scale X] [--json]

Real processes on this machine (`Stage`); a pharmacy of its own whose key is confirmed at the registry; software that signs
in with private_key_jwt. What is sent is sealed beforehand: the sender's own work is not measured. The baseline is pgbench on the
same server in the same run: one row inserted and committed, as many at once as there are clients.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg
from rich.progress import Progress
from uuid_utils.compat import uuid7

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import spent
from benchmarks.day import Pen
from benchmarks.figures import Figure, show
from benchmarks.posting import Door, post_all
from benchmarks.reports import invented_finess, invented_reports
from benchmarks.running import progress_bar, running_stage

from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.report import fhir
from sceau.core.report.model import ScreeningReport, blind
from sceau.core.sealing import signing, statements, suite
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_envelope
from sceau.core.wire import KeyRequest
from sceau.counter.relay.client import Client
from sceau.demo.processes import Supervisor
from sceau.demo.stage import Stage

SINGLES, THOUSANDS = 10_000, 100
CLIENTS = 32
_FEW = 2  # large envelopes in one call: 16 MiB at most
_DEADLINE = 1_800.0
_SQL = "insert into bench_row (body) values (decode(repeat('5c', 1024), 'hex'));\n"


class Sealed(NamedTuple):
    """An envelope ready to be sent."""

    id: UUID
    data: bytes


class Baseline(NamedTuple):
    """pgbench: transactions a second, and the mean of one in milliseconds."""

    rate: float
    latency: float


class Sender:
    """A pharmacy and the software that speaks for it, at a registry that is up."""

    def __init__(self, stage: Stage, *, number: int = 1) -> None:
        config = stage.folder / "config"
        root = bytes.fromhex((config / "registry-root").read_text())
        self._registry = KeyList.decode((config / "registry-keys.json").read_bytes()).check(root)
        self._software = UUID((config / "software-id").read_text())
        self._key = (config / "software.pem").read_text()
        self._url = stage.url("registry")
        self._port = stage.ports["registry"]
        self._seed = os.urandom(32)
        self.finess = invented_finess(number)
        self._enrol(stage)

    def client(self) -> Client:
        """A client with a connection and a token of its own."""
        return Client(url=self._url, software=self._software, key=self._key)

    def door(self) -> Door:
        """Where to post, with a token that is renewed before it expires."""
        client = self.client()
        return Door(self._port, lambda: client.bearer(datetime.now(UTC))["Authorization"], self._registry.receipt)

    def pen(self) -> Pen:
        """What another process seals with."""
        public = self._registry.envelope_for(datetime.now(UTC).date())
        return Pen(public, self._software, self.finess, self._seed)

    def seal(self, reports: Sequence[ScreeningReport]) -> Sealed:
        at = datetime.now(UTC)
        public = self._registry.envelope_for(at.date())
        header = Header(suite.key_id(public), uuid7(), self._software, self.finess, at, len(reports))
        lines, blinded = [fhir.write(one) for one in reports], [fhir.write(blind(one)) for one in reports]
        key, signer = suite.public_key(public), signing.signer(self._seed)
        return Sealed(header.envelope, seal_envelope(header, lines, blinded, registry=key, signer=signer).data)

    def _enrol(self, stage: Stage) -> None:
        owner = ("--email", f"owner-{self.finess}@invented.example", "--name", "Owner")
        stage.tell("registry", "registry", "invite", str(self.finess), *owner, role="owner")
        public, at = signing.public_bytes(self._seed), datetime.now(UTC)
        proof = signing.signer(self._seed).sign(statements.enrolment(self.finess, public, at))
        asked = KeyRequest(finess=str(self.finess), name="Pharmacie inventée", public_key=public, proof=proof, asked_at=at)
        told = self.client().ask_key(asked, at=at)
        stage.run("registry", "registry", "confirm", str(self.finess), "--fingerprint", told.fingerprint, role="owner")


class Bench:
    """One run: the stage, the sender, and a progress bar on stderr."""

    def __init__(self, stage: Stage, supervisor: Supervisor, progress: Progress) -> None:
        self._stage, self._supervisor, self._progress = stage, supervisor, progress
        self._sender = Sender(stage)

    def singles(self, count: int, baseline: Baseline) -> list[Figure]:
        """Single-report envelopes, one a call, by several clients at once."""
        envelopes = self._sealed("seal single reports", count, each=1)
        before, began = self._spent(), time.perf_counter()
        took = self._post("post single reports", [[one] for one in envelopes])
        posted = time.perf_counter() - began
        cost = {name: (used - before[name]) / count * 1e3 for name, used in self._spent().items()}
        self._acknowledged("acknowledge single reports", envelopes)
        done, took = time.perf_counter() - began, sorted(took)
        return [
            Figure("intake.single.accepted", count / posted, "envelopes/s", baseline.rate),
            Figure("intake.single.p50", took[len(took) // 2] * 1e3, "ms", baseline.latency),
            Figure("intake.single.p99", took[len(took) * 99 // 100] * 1e3, "ms", baseline.latency),
            Figure("intake.single.acknowledged", count / done, "reports/s", baseline.rate),
            *(Figure(f"intake.single.cpu.{name}", used, "ms", baseline.latency) for name, used in cost.items()),
        ]

    def thousands(self, count: int, baseline: Baseline) -> list[Figure]:
        """Envelopes of 1,000 reports, a few a call."""
        envelopes = self._sealed("seal thousands", count, each=1_000)
        calls = [envelopes[start : start + _FEW] for start in range(0, count, _FEW)]
        began = time.perf_counter()
        self._post("post thousands", calls)
        self._acknowledged("acknowledge thousands", envelopes)
        done = time.perf_counter() - began
        return [Figure("intake.thousand.acknowledged", count * 1_000 / done, "reports/s", baseline.rate)]

    def _spent(self) -> dict[str, float]:
        """CPU seconds so far, of each process that a request passes through and of this one, which makes the load."""
        names = {"door": "registry-web", "keyholder": "registry-keyholder", "intake": "registry-worker", "postgres": "postgres"}
        told = spent.seconds({name: self._supervisor.pid(child) for name, child in names.items()})
        return told | {"clients": time.process_time()}

    def _sealed(self, what: str, count: int, *, each: int) -> list[Sealed]:
        reports = invented_reports(count * each, finess=self._sender.finess, at=datetime.now(UTC), seed=each)
        batches = ([next(reports) for _ in range(each)] for _ in range(count))
        return [self._sender.seal(batch) for batch in self._progress.track(batches, total=count, description=what)]

    def _post(self, what: str, calls: Sequence[Sequence[Sealed]]) -> list[float]:
        """Seconds of each call, by all clients at once; the token is fetched before anything is timed."""
        task, door = self._progress.add_task(what, total=len(calls)), self._sender.door()
        return post_all(
            door, ([one.data for one in call] for call in calls), clients=CLIENTS, each=lambda: self._progress.advance(task)
        )

    def _acknowledged(self, what: str, envelopes: Sequence[Sealed]) -> None:
        """Asks as a sender does until every envelope is answered; each report must have been recorded."""
        client, missing = self._sender.client(), {one.id for one in envelopes}
        task = self._progress.add_task(what, total=len(missing))

        def answered() -> bool:
            asked = sorted(missing)[:1_000]
            for told in client.acknowledgements(asked, at=datetime.now(UTC)).acknowledgements:
                if set(told.outcomes) != {"recorded"}:
                    raise RuntimeError(f"not recorded: {told.flaw or set(told.outcomes)}")
                missing.discard(told.envelope)
            self._progress.update(task, completed=len(envelopes) - len(missing))
            return not missing

        self._supervisor.wait_for(answered, what="acknowledgements", deadline=_DEADLINE)


def pgbench(stage: Stage, *, seconds: int) -> Baseline:
    """One row of 1 kB inserted and committed by each of `CLIENTS` connections, again and again."""
    with psycopg.connect(stage.postgres.superuser_url(), autocommit=True) as connection:
        connection.execute("create table bench_row (id bigserial primary key, body bytea not null)")
        password = connection.info.password
    script = stage.folder / "insert.sql"
    script.write_text(_SQL)
    who = ("--host=127.0.0.1", f"--port={stage.postgres.port}", "--username=superuser")
    how = ("--no-vacuum", f"--client={CLIENTS}", "--jobs=2", f"--time={seconds}", f"--file={script}")
    argv = [str(stage.postgres.binary("pgbench")), *who, *how, "postgres"]
    env = {"PATH": os.environ["PATH"], "PGPASSWORD": password}
    said = subprocess.run(argv, env=env, capture_output=True, text=True, check=True).stdout
    return Baseline(_number(r"tps = ([\d.]+)", said), _number(r"latency average = ([\d.]+) ms", said))


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError("pgbench said nothing to be measured by")
    return float(found[1])


def measure(scale: float) -> Iterator[Figure]:
    """Every figure of a run; `scale` 1 is 10,000 single reports and 100 envelopes of 1,000."""
    with running_stage() as (stage, supervisor), progress_bar() as progress:
        baseline = pgbench(stage, seconds=10 if scale >= 0.1 else 3)
        bench = Bench(stage, supervisor, progress)
        yield from bench.singles(max(100, round(SINGLES * scale)), baseline)
        yield from bench.thousands(max(2, round(THOUSANDS * scale)), baseline)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="1: 10,000 single reports and 100,000 in thousands")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    show(list(measure(asked.scale)), as_json=asked.json)


if __name__ == "__main__":
    main()
