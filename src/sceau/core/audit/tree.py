"""The log's Merkle tree in the database: appending leaves, and the hash over any range from few rows."""

from django.db import connection, transaction

from sceau.core.audit import merkle
from sceau.core.audit.models import Leaf, Node
from sceau.core.audit.schema import CANONICAL
from sceau.core.bulk import copy

STEP = 8
"""Nodes are kept at every eighth level: one for 256 below."""
_LOCK = 7_310_002
_BATCH = 10_000
_NEXT = f"""
with taken as (delete from audit_pending where id in (select id from audit_pending order by id limit %s) returning id, entry)
select e.id, e.at, {CANONICAL} from taken join audit_entry e on e.id = taken.entry order by taken.id
"""  # noqa: S608 - a constant


def leaf_of(canonical: str) -> bytes:
    return merkle.leaf(canonical.encode())


@transaction.atomic
def sequence() -> int:
    """Gives committed entries their numbers, one sequencer at a time; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_NEXT, [_BATCH])
        found = cursor.fetchall()
    first = size()
    leaves = [(first + nth, entry, at, leaf_of(text)) for nth, (entry, at, text) in enumerate(found)]
    copy(Leaf, ("number", "entry", "at", "digest"), leaves)
    _complete(first, first + len(leaves))
    return len(leaves)


def size() -> int:
    last = Leaf.objects.order_by("-number").values_list("number", flat=True).first()
    return 0 if last is None else int(last) + 1


def hashed(start: int, end: int) -> bytes:
    """The tree hash over leaves `start` to `end` (excluded), from stored nodes where whole runs lie in between."""
    return _hash(start, end, _level(end - start))


def _complete(before: int, after: int) -> None:
    """Keeps the nodes of runs that have become whole."""
    level = STEP
    while after >> level:
        places = range(before >> level, after >> level)
        made = [(level, place, _hash(place << level, (place + 1) << level, level - STEP)) for place in places]
        copy(Node, ("level", "place", "digest"), made)
        level += STEP


def _hash(start: int, end: int, level: int) -> bytes:
    """By the rows of `level` that lie wholly in the range, and what remains at its end from lower ones."""
    whole = (end - start) >> level << level
    rows = _rows(start >> level, (start + whole) >> level, level)
    if whole == end - start:
        return merkle.root(rows)
    rest = [_hash(start + whole, end, level - STEP)] if end > start + whole else []
    return _joined(rows, rest, level, end - start)


def _joined(rows: list[bytes], rest: list[bytes], level: int, count: int) -> bytes:
    """The tree over `count` leaves, of which `rows` are whole runs and `rest` the hash of what follows."""
    if not rows:
        return rest[0]
    split = 1 << (count - 1).bit_length() - 1
    left = split >> level
    if left >= len(rows):
        return merkle.node(merkle.root(rows), rest[0])
    return merkle.node(merkle.root(rows[:left]), _joined(rows[left:], rest, level, count - split))


def _rows(first: int, last: int, level: int) -> list[bytes]:
    if level:
        nodes = Node.objects.filter(level=level, place__gte=first, place__lt=last).order_by("place")
        return [bytes(one) for one in nodes.values_list("digest", flat=True)]
    leaves = Leaf.objects.filter(number__gte=first, number__lt=last).order_by("number")
    return [bytes(one) for one in leaves.values_list("digest", flat=True)]


def _level(count: int) -> int:
    """The highest kept level of which a run fits."""
    return max(count.bit_length() - 1, 0) // STEP * STEP
