"""Asking a keyholder: one connection a thread, made anew once when it went stale."""

import socket
import threading
from pathlib import Path
from typing import Any

import msgspec

from sceau.core.keyholder import wire
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.verbs import ANSWERS, Question

_PATIENCE = 30.0


class _Connection:
    """A socket that is closed with the thread it belongs to."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(_PATIENCE)
        self.socket.connect(str(path))

    def __del__(self) -> None:
        self.socket.close()


class Client:
    """The keyholder behind a socket. Raises `KeyholderError`; `unavailable` when nobody answers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def ask(self, question: Question) -> Any:
        """The answer, of the type that `ANSWERS` gives for the question."""
        reply = msgspec.msgpack.decode(self._exchange(wire.ENCODER.encode(question)), type=wire.Reply)
        if reply.refusal:
            raise KeyholderError(Refusal(reply.refusal), reply.detail)
        return msgspec.msgpack.decode(reply.answer, type=ANSWERS[type(question)])

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
            self._local.connection = _Connection(self._path)
        connection: _Connection = self._local.connection
        return connection.socket
