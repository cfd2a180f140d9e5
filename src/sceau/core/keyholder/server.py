"""The keyholder's sockets: one a principal, the peer's user checked before a byte is read, and of the questions only those that
this principal may ask understood at all.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Union

import msgspec
import structlog

from sceau.core.keyholder import wire
from sceau.core.keyholder.envelope_verbs import Ingest
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.verbs import QUESTIONS

Handler = Callable[[Any, str], Any]
Handlers = Mapping[type[Question], Handler]
_log = structlog.get_logger("sceau.keyholder")


class Server:
    """Answers on the sockets of `folder`, `<principal>.sock`, until `close`. `allowed` are the users (uid) of each principal.

    Handlers run one at a time, but for ingestion, which waits for a child and keeps nobody waiting.
    """

    def __init__(self, service: str, folder: Path, handlers: Handlers, allowed: Mapping[str, set[int]] | None = None) -> None:
        self._handlers = handlers
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        for principal, questions in QUESTIONS[service].items():
            decoder = msgspec.msgpack.Decoder(Union[questions])  # noqa: UP007 - made at run time
            users = (allowed or {}).get(principal, {os.geteuid()})
            listener = _listen(folder / f"{principal}.sock")
            self._open.add(listener)
            self._start(self._accept, listener, principal, users, decoder)

    def close(self) -> None:
        """Ends every connection and waits for what is being answered."""
        with self._guard:
            sockets, self._open = self._open, set()
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in sockets:
            with suppress(FileNotFoundError, TypeError):
                Path(each.getsockname()).unlink()
            each.close()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def _accept(self, listener: socket.socket, principal: str, users: set[int], decoder: Any) -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            if wire.user(peer) not in users or not self._keep(peer):
                peer.close()
                continue
            self._start(self._converse, peer, principal, decoder)

    def _keep(self, peer: socket.socket) -> bool:
        with self._guard:
            if self._open:
                self._open.add(peer)
            return bool(self._open)

    def _converse(self, peer: socket.socket, principal: str, decoder: Any) -> None:
        with suppress(OSError, EOFError, wire.Broken):
            while True:
                data = wire.receive(peer)
                try:
                    question = decoder.decode(data)
                except (msgspec.DecodeError, ValueError):
                    wire.send(peer, wire.refused(Refusal.NOT_UNDERSTOOD))
                    break
                wire.send(peer, self._answer(question, principal))
        with self._guard:
            if peer in self._open:
                self._open.remove(peer)
                peer.close()

    def _answer(self, question: Question, principal: str) -> bytes:
        try:
            with nullcontext() if isinstance(question, Ingest) else self._lock:
                return wire.answered(self._handlers[type(question)](question, principal))
        except KeyholderError as error:
            return wire.refused(error.refusal, error.detail)
        except OSError as error:
            _log.error("disk", error=type(error).__name__)
            return wire.refused(Refusal.UNAVAILABLE, "disk")
        except Exception as error:
            _log.error("uncaught", error=type(error).__name__, exc_info=True)
            return wire.refused(Refusal.FAILED)


@contextmanager
def serving(service: str, folder: Path, handlers: Handlers, allowed: Mapping[str, set[int]] | None = None) -> Iterator[Server]:
    """Answers in threads of this process, until the end of the block."""
    server = Server(service, folder, handlers, allowed)
    try:
        yield server
    finally:
        server.close()


def _listen(path: Path) -> socket.socket:
    """A new socket in place of one that a killed keyholder left. Whoever may connect is decided by the peer's user."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o666)
    listener.listen(64)
    return listener
