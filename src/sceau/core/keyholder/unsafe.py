"""Keys held where a keyholder process should hold them: in this process, from files. For demo and trials; `sceau doctor` says so.

`UnsafeInProcessKeys` answers the registry's verbs, `UnsafeFileKeys` holds the pharmacies' keys at a counter. Both keep their
secrets outside every database: a dump opens nothing. A stolen file opens everything, hence the names.
"""

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sceau.core.keyholder.files import SecretFolder
from sceau.core.keyholder.ingest import Ingestion
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.verbs import Ingested, Signature, Unopened
from sceau.core.regime import Regime
from sceau.core.sealing import signing, statements, suite
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.header import Header

_SECRET_LENGTH = 32


def _random() -> bytes:
    return os.urandom(_SECRET_LENGTH)


class UnsafeInProcessKeys:
    """The registry's keys: root, receipts, one envelope key (a month each comes with the keyholder), one key a day."""

    def __init__(self, folder: Path, *, regimes: tuple[Regime, ...]) -> None:
        self._secrets = SecretFolder(folder)
        self._regimes = regimes
        self._envelope_seed = self._secrets.ensure("envelope", _random)
        self._envelope_key = suite.private_key(self._envelope_seed)
        self._receipt_seed = self._secrets.ensure("receipt", _random)
        self._receipt_signer = signing.signer(self._receipt_seed)

    def ingest(self, envelopes: Sequence[bytes], *, at: datetime) -> list[Ingested | Unopened]:
        day_key = self._secrets.ensure(f"days/{at.date().isoformat()}", _random)
        ingestion = Ingestion(day_key=day_key, regimes=self._regimes, at=at)
        return [self._one(ingestion, data) for data in envelopes]

    def receipt(self, root: bytes, count: int, *, at: datetime) -> Signature:
        return self._sign(statements.receipt(root, count, at))

    def acknowledge(
        self, envelope: UUID, outcomes: Sequence[str], sealed_reasons: bytes, *, at: datetime, flaw: str = ""
    ) -> Signature:
        return self._sign(statements.acknowledgement(envelope, outcomes, sealed_reasons, at, flaw))

    def key_list(self) -> KeyList:
        """What counters pin: the public keys, signed by the root."""
        envelope, receipt = suite.public_bytes(self._envelope_seed), signing.public_bytes(self._receipt_seed)
        return KeyList.signed(envelope=envelope, receipt=receipt, root=self._root())

    def root_public(self) -> bytes:
        """The root's public key (32 bytes), which counters pin in their configuration."""
        return signing.public_bytes(self._root())

    def _root(self) -> bytes:
        return self._secrets.ensure("root", _random)

    def _one(self, ingestion: Ingestion, data: bytes) -> Ingested | Unopened:
        try:
            known = Header.parse(data).registry_key == suite.key_id(suite.public_bytes(self._envelope_seed))
        except SealingError as error:
            return Unopened(error.flaw)
        return ingestion.envelope(data, self._envelope_key) if known else Unopened(Flaw.UNKNOWN_KEY)

    def _sign(self, statement: bytes) -> Signature:
        return Signature(signing.public_bytes(self._receipt_seed).hex()[:16], self._receipt_signer.sign(statement))


class PharmacyKeys:
    """One pharmacy's keys, unlocked: sign, derive the key of a day, derive an id that only this pharmacy can."""

    def __init__(self, secrets: SecretFolder, pharmacy: UUID) -> None:
        self._secrets = secrets
        self._folder = f"pharmacies/{pharmacy}"
        self._secret = secrets.ensure(f"{self._folder}/secret", _random)
        self.signing_seed = secrets.ensure(f"{self._folder}/signing", _random)
        self.signer: Ed25519PrivateKey = signing.signer(self.signing_seed)
        self._days: dict[date, bytes] = {}

    def day_key(self, day: date) -> bytes:
        """The key of the pharmacy's own copies of that day; destroying the day's secret destroys it."""
        if day not in self._days:
            secret = self._secrets.ensure(f"{self._folder}/days/{day.isoformat()}", _random)
            self._days[day] = _derive(self._secret + secret, b"sceau/day/v1")
        return self._days[day]

    def import_key(self) -> bytes:
        """The key of the ids given to imported rows."""
        return _derive(self._secret, b"sceau/import-id/v1")


class UnsafeFileKeys:
    """The pharmacies' keys at one counter."""

    def __init__(self, folder: Path) -> None:
        self._secrets = SecretFolder(folder)

    def pharmacy(self, pharmacy: UUID) -> PharmacyKeys:
        return PharmacyKeys(self._secrets, pharmacy)


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _SECRET_LENGTH, salt=None, info=purpose).derive(secret)
