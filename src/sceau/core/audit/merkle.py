"""Merkle trees of RFC 6962, section 2.1: leaves and nodes are hashed with different prefixes. Proofs of inclusion and consistency.

A proof is made from the hashes of whole ranges, which a `Ranges` gives: from leaves in memory, or from stored nodes.
"""

import hashlib
from collections.abc import Callable, Sequence

Ranges = Callable[[int, int], bytes]
"""The tree hash over leaves `start` (included) to `end` (excluded)."""


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree hash over leaf hashes, in order; of none, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        pairs = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]  # an odd one out rises unhashed
    return level[0]


def ranges(leaves: Sequence[bytes]) -> Ranges:
    return lambda start, end: root(leaves[start:end])


def inclusion(index: int, size: int, hashed: Ranges) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, from the bottom up (section 2.1.1)."""
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(hashed(middle, end))
            end = middle
        else:
            path.append(hashed(start, middle))
            start = middle
    return path[::-1]


def verify_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf_hash
    for sibling in path:
        if not last:
            return False
        if at & 1 or at == last:
            found = node(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, sibling)
        at, last = at >> 1, last >> 1
    return not last and found == expected


def consistency(old: int, new: int, hashed: Ranges) -> list[bytes]:
    """That the tree of `old` leaves is the beginning of that of `new` (section 2.1.2)."""
    if old in (0, new):
        return []
    start, end, whole, path = 0, new, True, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(hashed(middle, end))
            end = middle
        else:
            path.append(hashed(start, middle))
            start, whole = middle, False
    return path[::-1] if whole else [hashed(start, end), *path[::-1]]


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2; every tree extends the empty one."""
    if old == 0 or old == new:
        return not path and old_root == (new_root if old else root([]))
    if not 0 < old < new or not path:
        return False
    proof = [old_root, *path] if old & (old - 1) == 0 else list(path)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = proof[0]
    for sibling in proof[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            before, after = node(sibling, before), node(sibling, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node(after, sibling)
        at, last = at >> 1, last >> 1
    return not last and before == old_root and after == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
