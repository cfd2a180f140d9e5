"""A keyholder's parts on a temporary folder, with a clock that tests set."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sceau.core.keyholder.client import Client
from sceau.core.keyholder.envelope_verbs import StampKey
from sceau.core.keyholder.run import Setting, answering
from sceau.core.keyholder.server import serving
from sceau.core.keyholder.software_verbs import TellSoftware
from sceau.core.keyholder.stamps import Stamp
from sceau.core.keyholder.store import Store
from sceau.core.keyholder.unlock import Unlock
from sceau.demo.authenticator import Passkey

UNLOCK = Unlock(bytes(range(32)))
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FARID, GAELLE, NADIA = Passkey("farid"), Passkey("gaelle"), Passkey("nadia")
"""Farid and Gaëlle of the authority, Nadia who traces: their passkeys count on from test to test, as passkeys do."""


class Clock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)


def approving(software: UUID) -> TellSoftware:
    """As the operator has this software approved, for every disease."""
    told = json.dumps(["test", "Test", "1", ["sealed"], [], None, None, "approved"]).encode()
    statement = f"software:{software}\n0\n1\n".encode() + hashlib.sha256(told).digest()
    return TellSoftware(software, told, statement)


class Running:
    """A keyholder on sockets of a folder; `ask(principal, question)`."""

    def __init__(self, service: str, folder: Path) -> None:
        self.service, self.folder, self.clock = service, folder, Clock()
        if not self.state.exists():
            Store.create(self.state, UNLOCK.key)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def socket(self, principal: str) -> Path:
        return self.folder / "run" / f"{principal}.sock"

    def stamped(self, data: bytes) -> bytes:
        """As the door for sealed envelopes stamps it."""
        return data + Stamp(*self.ask("web", StampKey(plain=False))).on(data)

    def ask(self, principal: str, question: Any) -> Any:
        return Client(self.socket(principal)).ask(question)

    @contextmanager
    def up(self, regime: str = "law", *, bench: bool = False) -> Iterator["Running"]:
        setting = Setting(self.service, regime, "https://registre.example", "registre.example", bench)
        with (
            answering(self.state, UNLOCK, setting, self.clock) as handlers,
            serving(self.service, self.folder / "run", handlers),
        ):
            yield self
