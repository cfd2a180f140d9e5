"""Where envelopes are opened and reports parsed: a child for each batch, under limits, holding that batch's keys and no other.

`Opener` keeps a process that holds nothing (`python -m sceau.core.keyholder.opener`) and forks a child for each batch; the child
reads the batch itself, answers, and ends. A child that dies, loops or eats memory costs its batch alone.
"""

import contextlib
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from queue import LifoQueue
from uuid import UUID

import msgspec

from sceau.core.codes.loinc import Disease
from sceau.core.keyholder import nobodys, wire
from sceau.core.keyholder.envelope_verbs import Accepted, Ingested, Unopened
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.hardened import harden
from sceau.core.keyholder.ingest import Ingestion
from sceau.core.keyholder.tokens import Blinder
from sceau.core.priority import step_back
from sceau.core.regime import REGIMES
from sceau.core.sealing import suite
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.header import Header

CPU_SECONDS, MEMORY, FILES = 60, 2 * 1024**3, 16
PATIENCE = 120.0
AT_ONCE = 2


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """`keys`: X-Wing seeds by key id, of the envelopes of this batch alone; `index`: keys by month, the present one first; `naming`:
    the key that names what came plain.
    """

    envelopes: list[bytes]
    keys: dict[bytes, bytes]
    days: dict[str, bytes]
    index: dict[str, bytes]
    regime: str
    at: datetime
    naming: bytes
    diseases: dict[UUID, list[Disease]] = {}


class Opened(msgspec.Struct, frozen=True, array_like=True):
    """What a child answers: for each envelope an encoded `Ingested | Unopened`, as it goes to the asker, who checks its shape when it
    decodes it; how many reports they tell of; and of which screenings consent was refused in them.
    """

    answers: list[msgspec.Raw]
    reports: int
    refused: list[UUID]


_OPENED = msgspec.msgpack.Decoder(Opened)


class Opener:
    """Raises `KeyholderError` (`failed`) for a batch whose child did not answer."""

    def __init__(self, *, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY, patience: float = PATIENCE) -> None:
        self._limits, self._patience = (str(cpu_seconds), str(memory)), patience
        self._start()

    def run(self, batch: Batch) -> Opened:
        try:
            wire.send(self._socket, wire.ENCODER.encode(batch))
            opened = _OPENED.decode(wire.receive(self._socket))
            if len(opened.answers) == len(batch.envelopes):
                return opened
            raise wire.Broken
        except (OSError, EOFError, wire.Broken, msgspec.DecodeError):
            self.close()
            self._start()
            raise KeyholderError(Refusal.FAILED, "the batch's child did not answer") from None

    def close(self) -> None:
        """Ends the process and any child of it."""
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _start(self) -> None:
        mine, theirs = socket.socketpair()
        mine.settimeout(self._patience)
        argv = [sys.executable, "-m", "sceau.core.keyholder.opener", str(theirs.fileno()), *self._limits]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            argv, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, start_new_session=True, env={"PATH": os.environ["PATH"]}
        )
        theirs.close()
        self._socket = mine


class Openers:
    """As an `Opener`, `most` batches at once, each in a process of its own, started when first needed. Who comes beyond waits."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._all: list[Opener] = []
        self._free: LifoQueue[Opener | None] = LifoQueue()
        for _ in range(most - 1):
            self._free.put(None)
        self._free.put(self._started())

    def run(self, batch: Batch) -> Opened:
        if not batch.envelopes:
            return Opened([], 0, [])
        opener = self._free.get()
        try:
            opener = opener or self._started()
            return opener.run(batch)
        finally:
            self._free.put(opener)

    def close(self) -> None:
        for opener in self._all:
            opener.close()

    def _started(self) -> Opener:
        opener = Opener()
        self._all.append(opener)
        return opener


def open_batch(batch: Batch) -> list[Ingested | Unopened]:
    """Opens every envelope of a batch."""
    keys = {name: suite.private_key(seed) for name, seed in batch.keys.items()}
    ingestion = Ingestion(
        days=batch.days,
        blinder=Blinder(batch.index),
        regimes=REGIMES[batch.regime],
        at=batch.at,
        naming=batch.naming,
        diseases=batch.diseases,
    )
    return [_one(ingestion, data, keys) for data in batch.envelopes]


def _opened(answers: Sequence[Ingested | Unopened]) -> Opened:
    reports = [report for one in answers if isinstance(one, Ingested) for report in one.reports]
    refused = [one.lineage for one in reports if isinstance(one, Accepted) and one.refused]
    return Opened([msgspec.Raw(wire.ENCODER.encode(one)) for one in answers], len(reports), refused)


def _one(ingestion: Ingestion, data: bytes, keys: dict[bytes, suite.PrivateKey]) -> Ingested | Unopened:
    try:
        key = keys.get(Header.parse(data).registry_key)
    except SealingError as error:
        return Unopened(error.flaw)
    return ingestion.envelope(data, key) if key else Unopened(Flaw.UNKNOWN_KEY)


def _serve(sock: socket.socket, cpu_seconds: int, memory: int) -> None:
    """Forks for each batch; ends with the keyholder, or after a child that failed. Receipts come before it."""
    step_back()
    harden()
    _warm()
    gc.collect()
    gc.freeze()
    while sock.recv(1, socket.MSG_PEEK):
        child = os.fork()
        if not child:
            _answer(sock, cpu_seconds, memory)
        _, status = os.waitpid(child, 0)
        if status:
            return


def _warm() -> None:
    """Opens an envelope of nobody's. Each child would start the cryptographic library anew (7 ms), and find out how reports lie."""
    data, nothing = nobodys.envelope(), bytes(32)
    keys, days, months = {Header.parse(data).registry_key: nobodys.SEED}, {f"{nobodys.AT:%Y-%m-%d}": nothing}, {"": nothing}
    open_batch(Batch([data], keys, days, months, "law", nobodys.AT, nothing))


def _answer(sock: socket.socket, cpu_seconds: int, memory: int) -> None:
    """In the child: one batch, and the end; it ends before cycles of garbage could matter."""
    gc.disable()
    status = 1
    try:
        _limit(cpu_seconds, memory)
        batch = msgspec.msgpack.decode(wire.receive(sock), type=Batch)
        wire.send(sock, wire.ENCODER.encode(_opened(open_batch(batch))))
        status = 0
    finally:
        os._exit(status)


def _limit(cpu_seconds: int, memory: int) -> None:
    limits = {resource.RLIMIT_CPU: cpu_seconds, resource.RLIMIT_AS: memory, resource.RLIMIT_NOFILE: FILES}
    for limit, value in (limits | {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}).items():
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    number, cpu, most = map(int, sys.argv[1:])
    _serve(socket.socket(fileno=number), cpu, most)
