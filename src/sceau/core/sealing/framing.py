"""Several envelopes in one body: each behind its length, 32 bits, big-endian (SPEC.md, "Framing")."""

from collections.abc import Iterable

from sceau.core.sealing.errors import Flaw, SealingError

CONTENT_TYPE = "application/vnd.sceau.envelopes"
MOST_ENVELOPES = 1_000
MOST_BYTES = 16 * 1024 * 1024
_LENGTH = 4


def join(envelopes: Iterable[bytes]) -> bytes:
    return b"".join(len(envelope).to_bytes(_LENGTH, "big") + envelope for envelope in envelopes)


def split(data: bytes) -> list[bytes]:
    """The envelopes of a body; raises `SealingError` for one that ends early or holds none, or too many."""
    envelopes, start = [], 0
    while start < len(data):
        end = start + _LENGTH + int.from_bytes(data[start : start + _LENGTH], "big")
        if end > len(data) or end == start + _LENGTH:
            raise SealingError(Flaw.TRUNCATED)
        envelopes.append(data[start + _LENGTH : end])
        start = end
    if not envelopes:
        raise SealingError(Flaw.TRUNCATED)
    if len(envelopes) > MOST_ENVELOPES:
        raise SealingError(Flaw.TOO_LARGE)
    return envelopes
