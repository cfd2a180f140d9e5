"""The keyholder beside this service, through the socket that this process was given."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sceau.core.keyholder.client import Client


@lru_cache(maxsize=1)
def keyholder() -> Client:
    return Client(Path(settings.KEYHOLDER))
