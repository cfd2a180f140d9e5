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
        if sock := getattr(self._local, "socket", None):
            sock.close()
            self._local.socket = None

    def _exchange(self, data: bytes) -> bytes | bytearray:
        stale = getattr(self._local, "socket", None) is not None
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
        sock: socket.socket | None = getattr(self._local, "socket", None)
        if sock is None:
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(_PATIENCE)
            self._local.socket = sock
            sock.connect(str(self._path))
        return sock
