"""Vouchers (SPEC.md, "Vouchers"): the pharmacy's word, given to an unlocked page, that what comes back with it is that member's. Pure.

Only whoever holds the pharmacy's keys of the day can make or check one: a counter's own secrets do not suffice.
"""

import hmac
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sceau.core.sealing.errors import Flaw, SealingError

_LABEL = b"sceau/voucher/v1\0"


class Voucher(NamedTuple):
    """A member, and from when to when the page may speak for them (whole seconds, UTC)."""

    member: int
    since: datetime
    until: datetime

    def sign(self, key: bytes, pharmacy: UUID) -> str:
        """As text, under the key of the day of `since`."""
        plain = _plain(self)
        return f"{plain}.{hmac.digest(key, _LABEL + pharmacy.bytes + plain.encode(), 'sha256').hex()}"

    def covers(self, at: datetime) -> bool:
        return self.since <= at <= self.until


def read(token: str) -> Voucher:
    """What it says, unchecked: whose key to check it with. Raises `SealingError`."""
    try:
        member, since, until, _mac = token.split(".")
        return Voucher(int(member), datetime.fromtimestamp(int(since), UTC), datetime.fromtimestamp(int(until), UTC))
    except (ValueError, OverflowError, OSError):
        raise SealingError(Flaw.BAD_SIGNATURE) from None


def check(token: str, key: bytes, pharmacy: UUID) -> None:
    """Raises `SealingError` (`bad-signature`) unless it was signed under this key for this pharmacy."""
    if not hmac.compare_digest(token.encode(), read(token).sign(key, pharmacy).encode()):
        raise SealingError(Flaw.BAD_SIGNATURE)


def _plain(voucher: Voucher) -> str:
    return f"{voucher.member}.{int(voucher.since.timestamp())}.{int(voucher.until.timestamp())}"
