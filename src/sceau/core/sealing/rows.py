"""What binds a sealed row to its place (SPEC.md, "Rows"): a ciphertext moved elsewhere does not open.

Says nothing about keys; used by both `seal` and `open`.
"""

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
        parts = [part.encode() for part in self]
        return b"sceau/row/v1" + b"".join([len(part).to_bytes(2, "big") + part for part in parts])
