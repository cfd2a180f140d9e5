"""How long to wait before the next try: doubling from a second to five minutes, with jitter so that counters do not march in step."""

import secrets
from datetime import timedelta

FIRST = 1.0
LONGEST = 300.0
_STEPS = 1_000


def delay(attempts: int) -> timedelta:
    """After that many tries in vain: between half and the whole of the doubled time."""
    longest = min(FIRST * 2 ** min(attempts, 20), LONGEST)
    return timedelta(seconds=longest * (0.5 + secrets.randbelow(_STEPS + 1) / (2 * _STEPS)))
