"""What binds a sealed row to its place (SPEC.md, "Rows"): a ciphertext moved elsewhere does not open.

Says nothing about keys; used by both `seal` and `open`.
"""

from functools import lru_cache
from typing import NamedTuple

ROW_VERSION = 1
NONCE_LENGTH = 12


class Place(NamedTuple):
    """Where a sealed value lies: table, row id, column, owner (a pharmacy or a department) and day (ISO)."""

    table: str
    row: str
    column: str
    owner: str
    day: str

    def aad(self) -> bytes:
        """Each part with its length, so that no two places share bytes."""
        table, row, column, owner, day = self
        return b"".join((b"sceau/row/v1", _counted(table), _part(row), _counted(column), _counted(owner), _counted(day)))


def _part(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


_counted = lru_cache(maxsize=1024)(_part)
"""What many rows have in common."""
