"""The registry's public keys, as its own plain doors pin them: by its root, like anybody else."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sceau.core.keyholder.registry_keys import KeyList


@lru_cache(maxsize=1)
def registry_keys() -> KeyList:
    """Raises `SealingError` when the file is not signed by the pinned root."""
    return KeyList.decode(Path(settings.REGISTRY_KEYS).read_bytes()).check(bytes.fromhex(settings.REGISTRY_ROOT))
