"""What a keyholder is told of software that may feed the registry."""

import hashlib
from uuid import UUID

from sceau.core.keyholder.agent_verbs import Assertion
from sceau.core.keyholder.shapes import Question

_LABEL = b"sceau/decide/v1\0"


class TellSoftware(Question, frozen=True, tag="tell-software"):
    """A product as it shall stand: `told` is its row as JSON (`approvals/checks.py`), `statement` the entry of the log about it, which
    ends in the SHA-256 of `told`; gives the attestation of that entry. What the authority decides needs the touch of one of its
    members over a challenge for exactly this (`agreed`); `reason` is the SHA-256 of the reason that everybody reads.
    """

    software: UUID
    told: bytes
    statement: bytes
    reason: bytes = b""
    touch: Assertion | None = None


def agreed(software: UUID, told: bytes, reason: bytes) -> bytes:
    """What a touch agrees to: SHA-256 over the product, its row as it shall stand, and the reason's digest."""
    return hashlib.sha256(_LABEL + software.bytes + hashlib.sha256(told).digest() + reason).digest()
