"""A keyholder's credentials over a real store, at a time of ours."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from sceau.core.keyholder.credential_verbs import CredentialKind, Enrol, Evaluate, Hardening, Sponsor
from sceau.core.keyholder.credentials import Credentials
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.meter import Meter
from sceau.core.keyholder.sealed_secrets import SealedSecrets
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.store import Store
from sceau.core.regime import REGIMES

LILAS, OTHER = "0190c0de-0000-7000-8000-0000000000a1", "0190c0de-0000-7000-8000-0000000000a2"
AMINA, BRUNO, CHLOE, FARID, NOBODY = (UUID(f"0190c0de-0000-7000-8000-0000000000c{number}") for number in range(1, 6))
RIGHT, WRONG, OTHER_RIGHT = bytes(range(32)), bytes(32), bytes(range(1, 33))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
UNLOCK = b"a key that unlocks a test store."


class Keyholder:
    def __init__(self, folder: Path, service: str = "counter") -> None:
        self.folder, self.service, self.now = folder, service, NOON
        self.store = Store(folder, UNLOCK) if folder.exists() else Store.create(folder, UNLOCK)
        self.journal = Journal(folder / "journal.jsonl")
        regimes = REGIMES["law"] if service == "counter" else None
        self.credentials = Credentials(self.store, Meter(self.store), self.journal, lambda: self.now, regimes=regimes)

    def ask(self, question: Question, principal: str = "web") -> object:
        return {**self.credentials.handlers(), **SealedSecrets(self.store).handlers()}[type(question)](question, principal)

    def refusal(self, question: Question, principal: str = "web") -> Refusal:
        with pytest.raises(KeyholderError) as caught:
            self.ask(question, principal)
        return caught.value.refusal

    def evaluate(self, credential: UUID = AMINA, given: bytes = RIGHT) -> Hardening:
        answer = self.ask(Evaluate(credential, given))
        assert isinstance(answer, Hardening)
        return answer

    def restarted(self) -> "Keyholder":
        self.journal.close()
        again = Keyholder(self.folder, self.service)
        again.now = self.now
        return again


def enrol(
    credential: UUID = AMINA,
    owner: str = LILAS,
    kind: CredentialKind = CredentialKind.PASSWORD,
    *,
    given: bytes = RIGHT,
    sponsor: Sponsor | None = None,
) -> Enrol:
    return Enrol(credential, owner, kind, given, sponsor)


def fail(keyholder: Keyholder, credential: UUID, times: int) -> None:
    for _ in range(times):
        assert keyholder.refusal(Evaluate(credential, WRONG)) is Refusal.WRONG
