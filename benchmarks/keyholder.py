"""How fast the keyholder takes envelopes in, through its socket, and what a sign-in with unlocking costs the server.

    python benchmarks/keyholder.py [--scale X] [--json]

Envelopes of 1,000 reports, four a call as the intake gives them, and one a
call; of 100 and of 1, one a call. The baseline is reading the same reports
alone, in this process. One JSON line a figure.
"""

import json
import os
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.reports import invented_finess, invented_reports
from tests.core.keyholder.world import approving

from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.credential_verbs import CredentialKind, Enrol, Evaluate
from sceau.core.keyholder.envelope_verbs import Ingested, StampKey
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.run import Setting, answering
from sceau.core.keyholder.server import serving
from sceau.core.keyholder.stamps import Stamp
from sceau.core.keyholder.store import Store
from sceau.core.keyholder.unlock import Unlock
from sceau.core.report import fhir
from sceau.core.report.model import blind
from sceau.core.sealing import signing, suite
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_envelope
from sceau.core.sealing.slots import SlotContent, password_input, slot_key, wrap
from sceau.core.sealing.unlock import unwrap

SOFTWARE = UUID(int=7)


class Size(NamedTuple):
    """`each`: reports an envelope; `envelopes`: how many; `together`: envelopes a call."""

    each: int
    envelopes: int
    together: int = 1


SIZES = {
    "keyholder.ingest": Size(1_000, 20, together=4),
    "keyholder.ingest.one": Size(1_000, 20),
    "keyholder.ingest.hundreds": Size(100, 20),
    "keyholder.ingest.singles": Size(1, 200),
}


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    with running("registry") as sockets:
        operator, worker = RegistryClient(sockets / "operator.sock"), RegistryClient(sockets / "worker.sock")
        door = RegistryClient(sockets / "web.sock")
        for name, size in SIZES.items():
            ingest(operator, worker, door, size._replace(envelopes=max(2, round(size.envelopes * told.scale))), name=name)
    with running("counter") as sockets:
        unlock(RegistryClient(sockets / "operator.sock"), max(5, round(100 * told.scale)))


@contextmanager
def running(service: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        key, state, sockets = Unlock(os.urandom(32)), Path(folder) / "state", Path(folder) / "run"
        Store.create(state, key.key)
        with (
            answering(state, key, Setting(service, "demo"), lambda: datetime.now(UTC)) as handlers,
            serving(service, sockets, handlers),
        ):
            yield sockets


def ingest(operator: RegistryClient, worker: RegistryClient, door: RegistryClient, size: Size, *, name: str) -> None:
    """Reports a second through the socket, and of reading alone."""
    each, count, together = size
    public = KeyList.decode(operator.keys()[0]).envelope_for(datetime.now(UTC).date())
    reports = list(invented_reports(count * each, finess=invented_finess(1), at=datetime.now(UTC)))
    batches = [reports[start : start + each] for start in range(0, len(reports), each)]
    lines = [[fhir.write(one) for one in batch] for batch in batches]
    operator.ask(approving(SOFTWARE))
    stamp = Stamp(*door.ask(StampKey(plain=False)))
    made = [seal(batch, [fhir.write(blind(one)) for one in told], public) for batch, told in zip(lines, batches, strict=True)]
    sealed = [one + stamp.on(one) for one in made]
    worker.ingest(sealed[:1], at=datetime.now(UTC))
    began = time.perf_counter()
    calls = [sealed[start : start + together] for start in range(0, count, together)]
    answers = [answer for call in calls for answer in worker.ingest(call, at=datetime.now(UTC))]
    took = time.perf_counter() - began
    if not all(isinstance(one, Ingested) for one in answers):
        raise SystemExit("an envelope was not opened")
    began = time.perf_counter()
    for batch in lines:
        for line in batch:
            fhir.read_report(line)
    tell(name, len(reports) / took, "reports/s", len(reports) / (time.perf_counter() - began))


def seal(lines: list[bytes], blinded: list[bytes], public: bytes) -> bytes:
    header = Header(suite.key_id(public), uuid7(), SOFTWARE, invented_finess(1), datetime.now(UTC), len(lines))
    return seal_envelope(header, lines, blinded, registry=suite.public_key(public), signer=signing.signer(bytes(32))).data


def unlock(operator: RegistryClient, count: int) -> None:
    """Seconds of a password's way: Argon2id, the keyholder, unwrapping; the baseline is Argon2id alone."""
    credential = uuid4()
    given = password_input("a password", credential)
    hardening = operator.ask(Enrol(credential, str(uuid4()), CredentialKind.PASSWORD, given))
    wrapped = wrap(slot_key(given, hardening.secret), SlotContent(bytes(32), {}).encode(), credential)
    began = time.perf_counter()
    for _ in range(count):
        again = password_input("a password", credential)
        unwrap(slot_key(again, operator.ask(Evaluate(credential, again)).secret), wrapped, credential)
    took = (time.perf_counter() - began) / count
    began = time.perf_counter()
    for _ in range(count):
        password_input("a password", credential)
    tell("keyholder.unlock", took * 1e3, "ms", (time.perf_counter() - began) / count * 1e3)


def tell(name: str, value: float, unit: str, baseline: float) -> None:
    figure = {"name": name, "value": round(value, 2), "unit": unit, "baseline": round(baseline, 2)}
    sys.stdout.write(json.dumps(figure | {"ratio": round(value / baseline, 3)}) + "\n")


if __name__ == "__main__":
    main()
