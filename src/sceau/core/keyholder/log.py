"""Signing checkpoints of a service's audit log: only ever of a log that extends what was signed before."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from sceau.core.audit import merkle, note
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.service_verbs import Checkpoint, Signature
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.statement import sign
from sceau.core.keyholder.store import Store
from sceau.core.sealing import signing

_LAST = "checkpoint"


class LogSigner:
    """`origin` names the log in its signed notes (`sceau/registry`)."""

    def __init__(self, store: Store, journal: Journal, clock: Callable[[], datetime], origin: str) -> None:
        self._store, self._journal, self._clock, self._origin = store, journal, clock, origin

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {Checkpoint: lambda asked, _: self.checkpoint(asked)}

    @property
    def public(self) -> bytes:
        return signing.public_bytes(self._store.ensure("log"))

    def last(self) -> tuple[int, bytes]:
        """Size and root of the log as it was last signed."""
        held = self._store.get(_LAST)
        return msgspec.msgpack.decode(held, type=tuple[int, bytes]) if held else (0, merkle.root([]))

    def checkpoint(self, asked: Checkpoint) -> Signature:
        """The log key's signature over the note's text; raises `not-allowed` for a log that was cut or rewritten."""
        size, root = self.last()
        if not merkle.verify_consistency(size, root, asked.size, asked.root, asked.consistency):
            raise KeyholderError(Refusal.NOT_ALLOWED, "this log does not extend the one signed before")
        self._journal.append("checkpoint", self._clock(), size=asked.size, root=asked.root.hex())
        self._store.put(_LAST, msgspec.msgpack.encode((asked.size, asked.root)))
        return sign(self._store.ensure("log"), note.text(self._origin, asked.size, asked.root))
