"""What it costs to tell the log of rows in clear, and how fast `sceau audit verify` compares them with what it was told.

    python benchmarks/told.py [--scale X] [--json]

`told.verified` at scale 1: a registry with a million reports and their facts, told in batches of 4,000, one in fifty of them a
correction; the baseline is reading the same rows in PostgreSQL. `told.memory` is what verifying them adds to the process; the
baseline is what the reports' ids alone would take. `told.share`: of the time in which the intake then takes in batches of 4,000
reports, the part that makes their digests and tells them; the baseline is the five hundredths that it may take. One JSON line a figure,
with the machine's load.
"""

import json
import os
import resource
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.crowd import Crowd
from benchmarks.keyholder import SOFTWARE, seal
from benchmarks.reports import invented_finess, invented_reports
from tests.core.keyholder.world import approving

from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.envelope_verbs import StampKey
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.stamps import Stamp
from sceau.core.report import fhir
from sceau.core.report.model import blind

REPORTS, BATCH, BATCHES, MAY_TAKE = 1_000_000, 4_000, 5, 0.05
_ID = 16
_REPORTS = f"""
insert into results_report (id, lineage, replaces, status, issued, standing, recorded_on, batch, day)
select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    ('00000000-0000-7000-8000-' || lpad(to_hex(n - (n %% 50 = 1)::int), 12, '0'))::uuid,
    case when n %% 50 = 1 then ('00000000-0000-7000-8000-' || lpad(to_hex(n - 1), 12, '0'))::uuid end,
    case when n %% 50 = 1 then 'corrected' else 'final' end, now() - interval '1 day' + n * interval '1 microsecond',
    case when n %% 50 = 0 then 'superseded' else 'current' end, current_date,
    ('00000000-0000-7000-9000-' || lpad(to_hex(n / {BATCH}), 12, '0'))::uuid, current_date - n %% 8
from generate_series(0, %s) n
"""  # noqa: S608 - constants
_FACTS = """
insert into results_fact (report_id, disease, loinc, result, department, age_class, sex, specimen, taken_on, symptomatic, reason)
select id, 'covid-19', '94558-4', '260415000', '75', 30, 'female', '445297001', day, true, 'contact' from results_report
"""
_READ = "select count(r.status || f.result) from results_report r join results_fact f on f.report_id = r.id"


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    count = max(BATCH, round(REPORTS * parser.parse_args().scale))
    with tempfile.TemporaryDirectory(prefix="sceau-told-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with Crowd(folder, 1_000):
            sockets = folder / "sockets"
            operator, worker = RegistryClient(sockets / "operator.sock"), RegistryClient(sockets / "worker.sock")
            verified(worker, count)
            share(operator, worker, RegistryClient(sockets / "web.sock"))


def share(operator: RegistryClient, worker: RegistryClient, door: RegistryClient) -> None:
    """Of the intake's time."""
    from sceau.core.audit import states
    from sceau.registry.intake import actions
    from sceau.registry.results import digest

    public = KeyList.decode(operator.keys()[0]).envelope_for(datetime.now(UTC).date())
    spent = [0.0]
    operator.ask(approving(SOFTWARE))
    _put(door, public, 2 * BATCH)  # the first two batches find everything cold
    actions.take_in(worker, limit=4, at=datetime.now(UTC))
    actions.take_in(worker, limit=4, at=datetime.now(UTC))
    _put(door, public, BATCHES * BATCH)
    with _timed(digest, "states", spent), _timed(states, "tell", spent):
        began = time.perf_counter()
        for _ in range(BATCHES):
            actions.take_in(worker, limit=4, at=datetime.now(UTC))
        took = time.perf_counter() - began
    tell("told.share", spent[0] / took, "of the intake's time", MAY_TAKE)
    tell("told.each", spent[0] / (BATCHES * BATCH) * 1e6, "us", took / (BATCHES * BATCH) * 1e6)


def _put(door: RegistryClient, public: bytes, count: int) -> None:
    """Envelopes of 1,000 reports in the inbox, as the door leaves them."""
    from sceau.registry.intake.models import InboxEnvelope

    reports = list(invented_reports(count, finess=invented_finess(1), at=datetime.now(UTC), seed=count))
    stamp = Stamp(*door.ask(StampKey(plain=False)))
    for start in range(0, count, 1_000):
        batch = reports[start : start + 1_000]
        body = seal([fhir.write(one) for one in batch], [fhir.write(blind(one)) for one in batch], public)
        told = {"software_id": SOFTWARE, "finess": invented_finess(1), "reports": len(batch), "received_at": datetime.now(UTC)}
        InboxEnvelope(id=_id(body), digest=bytes(32), body=body, stamp=stamp.on(body), **told).save(force_insert=True)


def _id(envelope: bytes) -> Any:
    from sceau.core.sealing.header import Header

    return Header.parse(envelope).envelope


@contextmanager
def _timed(module: Any, name: str, spent: list[float]) -> Iterator[None]:
    """Adds the seconds spent in a module's function."""
    function: Callable[..., Any] = getattr(module, name)

    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent[0] += time.perf_counter() - began

    setattr(module, name, timed)
    try:
        yield
    finally:
        setattr(module, name, function)


def verified(worker: RegistryClient, count: int) -> None:
    """Reports a second, log, facts and standings together, and the memory that it takes."""
    from django.db import connection

    from sceau.core.audit import checkpoint, whole

    at = datetime.now(UTC)
    _fill(worker, count, at)
    checkpoint.make(worker, origin="sceau/registry", witness=checkpoint.Witness(""), at=at)
    before, began = _largest(), time.perf_counter()
    found = whole.look(worker, at=at)
    took = time.perf_counter() - began
    more = _largest() - before
    if found.faults:
        raise SystemExit("; ".join(found.faults[:3]))
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_READ)
    tell("told.verified", count / took, "reports/s", count / (time.perf_counter() - began))
    tell("told.memory", more / 2**20, "MiB", count * _ID / 2**20)


def _fill(worker: RegistryClient, count: int, at: datetime) -> None:
    from django.db import connection, transaction

    from sceau.core.audit import states
    from sceau.core.audit.events import Event
    from sceau.registry.results import digest

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_REPORTS, [count - 1])
        cursor.execute(_FACTS)
        states.tell(list(digest.stored()), event=Event.FACTS_RECORDED, by="system:intake", keyholder=worker, at=at)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze results_report, results_fact")


def _largest() -> int:
    """Bytes of this process at its largest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def tell(name: str, value: float, unit: str, baseline: float) -> None:
    figure = {"name": name, "value": round(value, 3), "unit": unit, "baseline": round(baseline, 3)}
    load = round(os.getloadavg()[0], 1)
    sys.stdout.write(json.dumps(figure | {"ratio": round(value / baseline, 3), "load": load}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
