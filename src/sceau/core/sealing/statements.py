"""The bytes that the registry signs (SPEC.md, "Receipt" and "Acknowledgement"), built the same way on both sides of the wire."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

RECEIPT_LABEL = b"sceau/receipt/v1\0"
ACKNOWLEDGEMENT_LABEL = b"sceau/acknowledgement/v1\0"
KEYS_LABEL = b"sceau/keys/v2\0"
ENROLMENT_LABEL = b"sceau/enrolment/v2\0"
DESTROYED_LABEL = b"sceau/destroyed/v1\0"


def milliseconds(at: datetime) -> bytes:
    return round(at.timestamp() * 1000).to_bytes(8, "big")


def receipt(root: bytes, count: int, at: datetime) -> bytes:
    """The Merkle root over the envelopes taken in one call, in their order, how many, and when."""
    return RECEIPT_LABEL + root + count.to_bytes(4, "big") + milliseconds(at)


def acknowledgement(envelope: UUID, outcomes: Sequence[str], sealed_reasons: bytes, at: datetime, flaw: str = "") -> bytes:
    """What became of each report of an envelope, in its order; `flaw` is why it could not be opened, if it could not."""
    told = hashlib.sha256("\n".join((flaw, *outcomes)).encode()).digest() + hashlib.sha256(sealed_reasons).digest()
    return ACKNOWLEDGEMENT_LABEL + envelope.bytes + told + milliseconds(at)


def enrolment(finess: str, public: bytes, asked_at: datetime) -> bytes:
    """What a pharmacy signs with the key that it asks the registry to enrol: possession of it, and when it asked."""
    return ENROLMENT_LABEL + finess.encode() + public + milliseconds(asked_at)
