"""The keys this process may use: the pharmacies' (web and import), and the registry's public ones as pinned by its root."""

from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.unsafe import PharmacyKeys, UnsafeFileKeys


def pharmacy_keys(pharmacy: UUID) -> PharmacyKeys:
    if not settings.KEYS_FOLDER:
        raise ImproperlyConfigured("KEYS_FOLDER is missing: this process cannot open anything")
    return UnsafeFileKeys(Path(settings.KEYS_FOLDER)).pharmacy(pharmacy)


@lru_cache(maxsize=1)
def registry_keys() -> KeyList:
    """The registry's keys; raises `SealingError` when the file is not signed by the pinned root."""
    return KeyList.decode(Path(settings.REGISTRY_KEYS).read_bytes()).check(bytes.fromhex(settings.REGISTRY_ROOT))
