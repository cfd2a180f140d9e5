"""The keyholder this process asks: in process until it has a process of its own."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sceau.core.keyholder.unsafe import UnsafeInProcessKeys
from sceau.core.regime import REGIMES


@lru_cache(maxsize=1)
def keyholder() -> UnsafeInProcessKeys:
    return UnsafeInProcessKeys(Path(settings.KEYS_FOLDER), regimes=REGIMES[settings.REGIME])
