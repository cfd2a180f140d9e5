"""How long to wait before the next try: doubling from a second to five minutes, with jitter so that counters do not march in step."""

import secrets
from datetime import timedelta

FIRST = 1.0
LONGEST = 300.0
_STEPS = 1_000


def delay(attempts: int, *, least: float = 0) -> timedelta:
    """After that many tries in vain: between half and the whole of the doubled time, and no less than the registry asks for, but for
    the longest: whatever it waits for may be over earlier.
    """
    longest = min(FIRST * 2 ** min(attempts, 20), LONGEST)
    return min(timedelta(seconds=least), timedelta(seconds=LONGEST)) + timedelta(
        seconds=longest * (0.5 + secrets.randbelow(_STEPS + 1) / (2 * _STEPS))
    )
