"""One pass over bytes for every form of every canary.

`bytes.find` for thousands of forms would read the data thousands of times. Instead, short pieces are taken from the data at every
`_STRIDE`-th place and compared with the pieces of the forms as a set; only a form that shares a piece is looked for. Every form is
long enough to hold a whole piece wherever the strides fall, so that none can slip through. What was read before, as a base backup's
files were on the server's disk, is known by its digest: the same bytes hold the same forms.
"""

import hashlib
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sceau.exposure.drills.canary import SHORTEST, Canary, forms

_PIECE = 5
_STRIDE = SHORTEST - _PIECE + 1
_PIECES = struct.Struct(f"{_PIECE}s{_STRIDE - _PIECE}x")
_WINDOW = 1 << 16
_BYTEA = re.compile(rb"\\\\x([0-9a-f]+)")


class Hit(NamedTuple):
    """A canary that shows: whose, which field, in which form, and where."""

    person: str
    field: str
    form: str
    where: str


class Search:
    """Looks for the canaries it is made of."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._forms: dict[bytes, list[tuple[Canary, str]]] = defaultdict(list)
        self._pieces: dict[tuple[bytes], set[bytes]] = defaultdict(set)
        for canary in canaries:
            for form, name in forms(canary).items():
                self._forms[form].append((canary, name))
                for place in range(_STRIDE):
                    self._pieces[(form[place : place + _PIECE],)].add(form)
        self._known = frozenset(self._pieces)
        self._longest = max(map(len, self._forms))
        self._looked: dict[bytes, set[bytes]] = {}

    def look(self, data: bytes, *, where: str) -> set[Hit]:
        """Every canary in `data`, as it stands and with NUL bytes taken out (UTF-16)."""
        digest = hashlib.sha256(data).digest()
        if digest not in self._looked:
            lower = data.lower()
            self._looked[digest] = self._found(lower) | self._found(lower.translate(None, b"\0"))
        found = self._looked[digest]
        return {Hit(canary.person, canary.field, name, where) for form in found for canary, name in self._forms[form]}

    def dump(self, text: bytes, *, where: str) -> set[Hit]:
        """Every canary in what `pg_dump` wrote, and in its binary columns once they are bytes again."""
        columns = b"\n".join(bytes.fromhex(found[1].decode()) for found in _BYTEA.finditer(text) if len(found[1]) % 2 == 0)
        return self.look(text, where=where) | self.look(columns, where=f"{where}, binary columns")

    def files(self, paths: Iterable[Path]) -> set[Hit]:
        """Every canary in these files and in all files of these folders."""
        found: set[Hit] = set()
        for path in _files(paths):
            with suppress(FileNotFoundError):  # gone since it was listed, as a live server's files are
                found |= self.look(path.read_bytes(), where=str(path))
        return found

    def _found(self, data: bytes) -> set[bytes]:
        found: set[bytes] = set()
        for start in range(0, len(data), _WINDOW):
            window = data[start : start + _WINDOW + self._longest].strip(b"\0")
            pieces = _PIECES.iter_unpack(window + bytes(-len(window) % _STRIDE))
            candidates = {form for piece in self._known.intersection(pieces) for form in self._pieces[piece]}
            found |= {form for form in candidates - found if form in window}
        return found


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
