"""An access token: which software, from when until when, through which door, signed by the keyholder (Ed25519). No row makes one.

It lives five minutes. Whether the software is approved, and whether its tokens were ended meanwhile, is asked at each request.
"""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID

from sceau.core.sealing import signing
from sceau.core.sealing.errors import SealingError

LIFETIME = timedelta(minutes=5)
_LABEL = b"sceau/access/v1\0"
_FIELDS = struct.Struct(">16sQQ?")
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class AccessToken(NamedTuple):
    """`table`: for a table by page alone."""

    software: UUID
    issued_at: datetime
    expires_at: datetime
    table: bool = False

    def signed(self, seed: bytes) -> str:
        told = _FIELDS.pack(self.software.bytes, _moment(self.issued_at), _moment(self.expires_at), self.table)
        return base64.urlsafe_b64encode(told + signing.signer(seed).sign(_LABEL + told)).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, public: bytes) -> Self | None:
        """None for what that key (32 bytes) did not sign."""
        try:
            data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            told, signature = data[: _FIELDS.size], data[_FIELDS.size :]
            signing.check(public, signature, _LABEL + told)
        except (binascii.Error, ValueError, SealingError):
            return None
        software, issued, expires, table = _FIELDS.unpack(told)
        return cls(UUID(bytes=software), _EPOCH + issued * _MICROSECOND, _EPOCH + expires * _MICROSECOND, table)


def _moment(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
