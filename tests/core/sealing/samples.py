"""An envelope of the test pharmacy, and how a registry reads one: the order of SPEC.md, "Reading an envelope"."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sceau.core.codes.identifiers import Finess
from sceau.core.sealing import signing, suite
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.header import Header
from sceau.core.sealing.open import OpenedEnvelope, open_envelope
from sceau.core.sealing.seal import SealedEnvelope, seal_envelope

REGISTRY_SEED, PHARMACY_SEED = bytes(range(32)), bytes(range(32, 64))
REGISTRY = suite.private_key(REGISTRY_SEED)
REGISTRY_PUBLIC = suite.public_bytes(REGISTRY_SEED)
ENVELOPE = UUID("0190c0de-0000-7000-8000-000000000001")
SOFTWARE = UUID("0190c0de-0000-7000-8000-000000000002")
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def header(count: int, *, finess: str = "750000002") -> Header:
    return Header(suite.key_id(REGISTRY_PUBLIC), ENVELOPE, SOFTWARE, Finess(finess), AT, count)


def envelope(reports: Sequence[bytes], *, finess: str = "750000002") -> SealedEnvelope:
    head = header(len(reports), finess=finess)
    recipient, signer = suite.public_key(REGISTRY_PUBLIC), signing.signer(PHARMACY_SEED)
    return seal_envelope(head, reports, reports, registry=recipient, signer=signer)


def read_envelope(data: bytes, *, registry_seed: bytes = REGISTRY_SEED, pharmacy_seed: bytes = PHARMACY_SEED) -> OpenedEnvelope:
    head = Header.parse(data)
    signing.check_envelope(data, signing.public_bytes(pharmacy_seed))
    if head.registry_key != suite.key_id(suite.public_bytes(registry_seed)):
        raise SealingError(Flaw.UNKNOWN_KEY)
    return open_envelope(data, suite.private_key(registry_seed))
