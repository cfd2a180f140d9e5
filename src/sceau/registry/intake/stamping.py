"""Stamping what a door takes in, under a key that the keyholder gives this process for the month; it lies in memory alone."""

from datetime import datetime
from functools import lru_cache

from sceau.core.accounts.keyholder import keyholder
from sceau.core.keyholder.envelope_verbs import StampKey
from sceau.core.keyholder.stamps import Stamp


def stamp(data: bytes, *, plain: bool, at: datetime) -> bytes:
    """What its door puts on this envelope. Raises `KeyholderError` where this month's key was not given yet and nobody answers."""
    return _key(f"{at:%Y-%m}", plain).on(data)


@lru_cache(maxsize=4)
def _key(_month: str, plain: bool) -> Stamp:
    """Asked for once a month by this clock, and named as the keyholder names it."""
    return Stamp(*keyholder().ask(StampKey(plain)))
