"""The registry's public keys as counters pin them: a list signed by a root key whose public half lies in their configuration."""

from typing import Self

import msgspec

from sceau.core.sealing import signing, suite
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.statements import KEYS_LABEL


class KeyList(msgspec.Struct, frozen=True, kw_only=True):
    """Envelope key (X-Wing, 1,216 bytes), receipt key (Ed25519, 32 bytes), and the root's signature over both."""

    envelope: bytes
    receipt: bytes
    signature: bytes

    @classmethod
    def signed(cls, *, envelope: bytes, receipt: bytes, root: bytes) -> Self:
        """`root` is the 32-byte seed of the root key."""
        return cls(envelope=envelope, receipt=receipt, signature=signing.signer(root).sign(KEYS_LABEL + envelope + receipt))

    def check(self, root: bytes) -> Self:
        """Itself, if the root key (32 public bytes) signed it; else `SealingError`."""
        if len(self.envelope) != suite.PUBLIC_LENGTH:  # else bytes signed as one key's could be read as the other's
            raise SealingError(Flaw.BAD_SIGNATURE)
        signing.check(root, self.signature, KEYS_LABEL + self.envelope + self.receipt)
        return self

    def encode(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        return msgspec.json.decode(data, type=cls)
