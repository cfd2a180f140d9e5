"""Whether the log is whole: every leaf computed anew from its entry, every number there, every checkpoint's root as signed.

One pass over the rows, in order; a few minutes for ten million.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

from sceau.core.audit import merkle, note
from sceau.core.audit.models import Checkpoint, Expiry
from sceau.core.audit.schema import CANONICAL

_ROWS = f"""
copy (select l.number, encode(l.digest, 'hex'), l.at::date, {CANONICAL.replace("e.id,", "e.id::text,")}, e.id is null
      from audit_leaf l left join audit_entry e on e.id = l.entry and e.at = l.at order by l.number)
to stdout (format csv, delimiter E'\\x1e')
"""  # noqa: S608 - a constant
_UNTOLD = """
select count(*) from audit_entry e where not exists (select 1 from audit_leaf l where l.entry = e.id)
and not exists (select 1 from audit_pending p where p.entry = e.id)
"""
_KEPT = timedelta(days=365)
_MOST = 20


class Verified(NamedTuple):
    """How many leaves were checked, the root over them, and what is wrong; whole when nothing is."""

    leaves: int
    root: bytes
    faults: list[str]


class _Tree:
    """The right edge of a growing tree."""

    def __init__(self) -> None:
        self.size, self._edge = 0, list[tuple[int, bytes]]()

    def add(self, leaf: bytes) -> None:
        height, digest = 0, leaf
        while self._edge and self._edge[-1][0] == height:
            digest = hashlib.sha256(b"\1" + self._edge.pop()[1] + digest).digest()
            height += 1
        self._edge.append((height, digest))
        self.size += 1

    def root(self) -> bytes:
        if not self._edge:
            return merkle.root([])
        digest = self._edge[-1][1]
        for _, left in reversed(self._edge[:-1]):
            digest = merkle.node(left, digest)
        return digest


def verify(
    key: bytes,
    *,
    witnessed: Iterable[str] = (),
    signed: tuple[int, bytes] | None = None,
    today: date,
    progress: Callable[[int], None] = lambda done: None,
) -> Verified:
    """Checks the whole log against its checkpoints, those that a witness kept, and the (size, root) that the keyholder last signed.
    `key` is the log's public key (Ed25519, 32 bytes).
    """
    faults: list[str] = []
    claims = _claims(key, witnessed, faults)
    if signed and signed[0]:
        claims.setdefault(signed[0], {})[signed[1]] = "the keyholder's own memory"
    found = _walk(claims, faults, _expired(today, faults), progress)
    faults += [f"the log ends at {found.size}, but {who} knows {size} entries" for size, told in claims.items() if size > found.size
               for who in told.values()]  # fmt: skip
    faults += _untold()
    return Verified(found.size, found.root(), faults[:_MOST])


def _claims(key: bytes, witnessed: Iterable[str], faults: list[str]) -> dict[int, dict[bytes, str]]:
    """What was signed, by size: each root with who knows it."""
    claims: dict[int, dict[bytes, str]] = {}
    kept = [(f"the checkpoint of {one.size} entries", one.note) for one in Checkpoint.objects.order_by("size")]
    for who, text in [*kept, *((f"the witness's note {nth}", text) for nth, text in enumerate(witnessed, 1))]:
        try:
            told = note.verify(text, key)
            claims.setdefault(told.size, {})[told.root] = who
        except note.BadNote:
            faults.append(f"{who} is not signed by the log's key")
    return claims


def _walk(claims: dict[int, dict[bytes, str]], faults: list[str], expired: date, progress: Callable[[int], None]) -> _Tree:
    grown = _Tree()
    for number, digest, day, canonical, missing in _rows():
        while grown.size < number:
            faults.append(f"entry {grown.size} is missing")
            grown.add(bytes(32))
        if missing and date.fromisoformat(day) >= expired:
            faults.append(f"entry {number} was deleted")
        elif not missing and merkle.leaf(canonical.encode()) != digest:
            faults.append(f"entry {number} was changed")
        grown.add(digest)
        _compare(grown, claims, faults)
        if not grown.size % 10_000:
            progress(grown.size)
    return grown


def _compare(grown: _Tree, claims: dict[int, dict[bytes, str]], faults: list[str]) -> None:
    if told := claims.get(grown.size):
        root = grown.root()
        faults += [f"the first {grown.size} entries are not those that {who} signed" for one, who in told.items() if one != root]


def _rows() -> Iterator[tuple[int, bytes, str, str, bool]]:
    with connection.cursor() as cursor, cursor.copy(_ROWS) as rows:
        for line in _lines(rows):
            number, digest, day, canonical, missing = line.split("\x1e")
            yield int(number), bytes.fromhex(digest), day, canonical.strip('"').replace('""', '"'), missing == "t"


def _lines(blocks: Iterable[memoryview | bytes]) -> Iterator[str]:
    for block in blocks:
        yield from bytes(block).decode().rstrip("\n").split("\n")


def _expired(today: date, faults: list[str]) -> date:
    """Entries of days before may be missing."""
    last = Expiry.objects.order_by("-before").values_list("before", flat=True).first()
    if last and last > today - _KEPT:
        faults.append(f"entries before {last} were dropped before their time")
        return date.min
    return last or date.min


def _untold() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD)
        (count,) = cursor.fetchone()
    return [f"{count} entries have no number and wait for none"] if count else []
