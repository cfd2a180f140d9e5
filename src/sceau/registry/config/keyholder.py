"""The registry's keyholder, through the socket that this process was given."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sceau.core.keyholder.clients import RegistryClient


@lru_cache(maxsize=1)
def keyholder() -> RegistryClient:
    return RegistryClient(Path(settings.KEYHOLDER))


@lru_cache(maxsize=1)
def taking_in() -> RegistryClient:
    """The one that the intake asks: in a sandbox, the bench listens."""
    from sceau.registry.bench.witness import Witness

    return Witness(Path(settings.KEYHOLDER)) if settings.SANDBOX_OF else keyholder()
