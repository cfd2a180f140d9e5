"""The registry's public keys as counters pin them: a list signed by a root key whose public half lies in their configuration."""

from collections.abc import Sequence
from datetime import date
from typing import Self

import msgspec

from sceau.core.sealing import signing, suite
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.statements import KEYS_LABEL

_ED25519 = 32


class EnvelopeKey(msgspec.Struct, frozen=True):
    """The X-Wing key (1,216 bytes) of one month (`2026-11`)."""

    month: str
    public: bytes


class KeyList(msgspec.Struct, frozen=True, kw_only=True):
    """Envelope keys by month, in order, receipt and log keys (Ed25519, 32 bytes), and the root's signature over all."""

    envelopes: tuple[EnvelopeKey, ...]
    receipt: bytes
    log: bytes
    signature: bytes

    @classmethod
    def signed(cls, *, envelopes: Sequence[EnvelopeKey], receipt: bytes, log: bytes, root: bytes) -> Self:
        """`root` is the 32-byte seed of the root key."""
        statement = _statement(envelopes, receipt, log)
        return cls(envelopes=tuple(envelopes), receipt=receipt, log=log, signature=signing.signer(root).sign(statement))

    def check(self, root: bytes) -> Self:
        """Itself, if the root key (32 public bytes) signed it; else `SealingError`."""
        lengths = {len(key.public) for key in self.envelopes} | {len(self.receipt), len(self.log)}
        if not self.envelopes or lengths != {suite.PUBLIC_LENGTH, _ED25519}:  # no bytes of one key can be read as another's
            raise SealingError(Flaw.BAD_SIGNATURE)
        signing.check(root, self.signature, _statement(self.envelopes, self.receipt, self.log))
        return self

    def envelope_for(self, on: date) -> bytes:
        """The key of that day's month, or of the last month before it; raises `SealingError` when all begin later."""
        month = on.isoformat()[:7]
        live = [key for key in self.envelopes if key.month <= month]
        if not live:
            raise SealingError(Flaw.UNKNOWN_KEY)
        return max(live, key=lambda key: key.month).public

    def encode(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        return msgspec.json.decode(data, type=cls)


def _statement(envelopes: Sequence[EnvelopeKey], receipt: bytes, log: bytes) -> bytes:
    months = b"".join(len(key.month).to_bytes(1, "big") + key.month.encode() + key.public for key in envelopes)
    return KEYS_LABEL + len(envelopes).to_bytes(2, "big") + months + receipt + log
