"""Asking a keyholder: one connection a thread, made anew once when it went stale."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from sceau.core.keyholder import wire
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.verbs import ANSWERS

_PATIENCE = 30.0


class _Connection(socket.socket):
    """A connection that is closed with the thread it belongs to, also where the collector finds it first."""

    def __init__(self, made: socket.socket) -> None:
        super().__init__(fileno=made.detach())
        self.settimeout(_PATIENCE)

    def __del__(self) -> None:
        self.close()


def connected(path: Path) -> socket.socket:
    """A connection as this process's user; raises `OSError`."""
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(str(path))
    except OSError:
        made.close()
        raise
    return made


class Client:
    """The keyholder behind a socket. Raises `KeyholderError`; `unavailable` when nobody answers.

    `connect` makes the connections; the kernel tells the keyholder who made them.
    """

    def __init__(self, path: Path, *, connect: Callable[[Path], socket.socket] = connected) -> None:
        self._path, self._connect = path, connect
        self._local = threading.local()

    def ask(self, question: Question) -> Any:
        """The answer, of the type that `ANSWERS` gives for the question."""
        reply = msgspec.msgpack.decode(self._exchange(wire.ENCODER.encode(question)), type=wire.Reply)
        if reply.refusal:
            raise KeyholderError(Refusal(reply.refusal), reply.detail)
        return msgspec.msgpack.decode(reply.answer, type=ANSWERS[type(question)])

    def user(self) -> int:
        """The keyholder's user, by number."""
        try:
            return wire.user(self._connection())
        except OSError:
            raise KeyholderError(Refusal.UNAVAILABLE) from None

    def close(self) -> None:
        """Ends this thread's connection."""
        self._local.__dict__.pop("connection", None)

    def _exchange(self, data: bytes) -> bytes | bytearray:
        stale = hasattr(self._local, "connection")
        try:
            return self._once(data)
        except (OSError, EOFError, wire.Broken) as error:
            self.close()
            if not stale or isinstance(error, TimeoutError):
                raise KeyholderError(Refusal.UNAVAILABLE) from None
        try:
            return self._once(data)
        except (OSError, EOFError, wire.Broken):
            self.close()
            raise KeyholderError(Refusal.UNAVAILABLE) from None

    def _once(self, data: bytes) -> bytes | bytearray:
        sock = self._connection()
        wire.send(sock, data)
        return wire.receive(sock)

    def _connection(self) -> socket.socket:
        if not hasattr(self._local, "connection"):
            self._local.connection = _Connection(self._connect(self._path))
        connection: _Connection = self._local.connection
        return connection
