"""What was decided on software and was told to nobody yet: kept until the worker has sent it. The web process, which the touches pass
through, reads none of it and ends none.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from uuid_utils.compat import uuid7

from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.software_verbs import Decided, Decisions, Heard
from sceau.core.keyholder.store import Store

_FOLDER = "decided"


class Undelivered:
    def __init__(self, store: Store) -> None:
        self._store = store

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {Decisions: lambda asked, _: self.all(), Heard: lambda asked, _: self.heard(asked)}

    def note(self, decided: Decided) -> None:
        self._store.put(f"{_FOLDER}/{uuid7()}", msgspec.msgpack.encode(decided))

    def all(self) -> list[tuple[str, Decided]]:
        """Each with the name by which it is ended, in their order."""
        names = sorted(self._store.names(_FOLDER))
        held = [(name.rpartition("/")[2], self._store.get(name)) for name in names]
        return [(name, msgspec.msgpack.decode(one, type=Decided)) for name, one in held if one is not None]

    def heard(self, asked: Heard) -> None:
        known = set(self._store.names(_FOLDER))
        for name in known & {f"{_FOLDER}/{one}" for one in asked.names}:
            self._store.destroy(name)
