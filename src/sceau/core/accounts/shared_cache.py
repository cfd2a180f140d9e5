"""What all processes of a service remember for a while, restarts included: how often somebody tried to come in, which codes were used.

A row has a digest under a key of the keyholder's, a small value and an end: no address of the network, no account. Not for pages,
sessions or anything of a person's. Django's own `DatabaseCache` is not used: it unpickles its rows, so that whoever writes to the
database runs code in the web process.
"""

import hmac
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils import timezone

from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.models import Remembered
from sceau.core.keyholder.secret_verbs import DoorKey

_LONGEST = 24 * 60 * 60
_ADD = """
insert into accounts_remembered (digest, value, until) values (%s, %s, %s)
on conflict (digest) do update set value = excluded.value, until = excluded.until where accounts_remembered.until <= %s
returning true
"""
_SWEEP = """
delete from accounts_remembered where digest in
(select digest from accounts_remembered where until <= %s limit 20 for update skip locked)
"""


class SharedCache(BaseCache):
    """Values are what MessagePack writes; nothing lasts longer than a day. Raises `KeyholderError` before its key was given once."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Whether it was not there: one statement, so that of two processes one has it. Takes some that are over away."""
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(_SWEEP, [now])
            cursor.execute(_ADD, [self._digest(key, version), msgspec.msgpack.encode(value), self._end(timeout), now])
            return cursor.fetchone() is not None

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = Remembered.objects.filter(digest=self._digest(key, version), until__gt=timezone.now()).first()
        return msgspec.msgpack.decode(bytes(found.value)) if found else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        row = Remembered(digest=self._digest(key, version), value=msgspec.msgpack.encode(value), until=self._end(timeout))
        Remembered.objects.bulk_create([row], update_conflicts=True, unique_fields=["digest"], update_fields=["value", "until"])

    def delete(self, key: str, version: int | None = None) -> bool:
        return Remembered.objects.filter(digest=self._digest(key, version)).delete()[0] > 0

    def clear(self) -> None:
        Remembered.objects.all().delete()

    def _digest(self, key: str, version: int | None) -> bytes:
        return hmac.digest(_key(), self.make_key(key, version).encode(), "sha256")

    def _end(self, timeout: Any) -> datetime:
        wanted = self.get_backend_timeout(timeout)
        longest = timezone.now().timestamp() + _LONGEST
        return datetime.fromtimestamp(longest if wanted is None else min(wanted, longest), UTC)


@lru_cache(maxsize=1)
def _key() -> bytes:
    """Asked for once a process; it is the same in each, and lies nowhere."""
    key: bytes = keyholder().ask(DoorKey())
    return key
