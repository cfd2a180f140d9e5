"""Clients that cost little beside what they measure: one kept connection each, requests made beforehand, every receipt read.

A receipt is believed as a sender would: it must answer for each envelope and carry the Merkle root over them; its signature is
checked once in `CHECKED` receipts, since checking each would measure the client.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import NamedTuple

import msgspec

from sceau.core.audit import merkle
from sceau.core.sealing import signing, statements
from sceau.core.sealing.framing import CONTENT_TYPE, join
from sceau.core.wire import Receipt

CHECKED = 100
_PATIENCE = 120.0
_END = b"\r\n\r\n"


class Door(NamedTuple):
    """Where to post; `bearer` gives the header of a token that lives, `key` is the one that the registry signs receipts with."""

    port: int
    bearer: Callable[[], str]
    key: bytes


class Poster:
    """One client. Raises `RuntimeError` for an answer that a sender could not rely on."""

    def __init__(self, door: Door) -> None:
        self._door, self._socket, self._posted = door, socket.create_connection(("127.0.0.1", door.port), _PATIENCE), 0
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def post(self, envelopes: Sequence[bytes]) -> float:
        """Seconds from the first byte sent to the last one received."""
        body, began = join(envelopes), perf_counter()
        self._socket.sendall(self._head(len(body)) + body)
        answer = self._answer()
        took = perf_counter() - began
        self._believe(msgspec.json.decode(answer, type=Receipt), envelopes)
        return took

    def _head(self, length: int) -> bytes:
        lines = ("POST /v1/envelopes HTTP/1.1", f"Host: localhost:{self._door.port}", f"Authorization: {self._door.bearer()}")
        return "\r\n".join((*lines, f"Content-Type: {CONTENT_TYPE}", f"Content-Length: {length}", "", "")).encode()

    def _answer(self) -> bytes:
        data = b""
        while (end := data.find(_END)) < 0:
            data += self._more()
        head, data = data[:end].decode("ascii"), data[end + len(_END) :]
        status, *fields = head.split("\r\n")
        length = next(int(field.split(":")[1]) for field in fields if field.lower().startswith("content-length:"))
        while len(data) < length:
            data += self._more()
        if " 200 " not in status + " ":
            raise RuntimeError(f"the door said {status}: {data.decode()[:500]}")
        return data

    def _more(self) -> bytes:
        if not (data := self._socket.recv(1 << 18)):
            raise RuntimeError("the door closed the connection")
        return data

    def _believe(self, receipt: Receipt, envelopes: Sequence[bytes]) -> None:
        if refused := [one.problem for one in receipt.envelopes if one.problem]:
            raise RuntimeError(f"refused at the door: {refused[0].type}")
        if receipt.root != merkle.root([merkle.leaf(one) for one in envelopes]):
            raise RuntimeError("the receipt answers for something else")
        if self._posted % CHECKED == 0:
            signing.check(
                self._door.key, receipt.signature, statements.receipt(receipt.root, len(envelopes), receipt.received_at)
            )
        self._posted += 1


def post_all(door: Door, calls: Iterable[Sequence[bytes]], *, clients: int, each: Callable[[], object]) -> list[float]:
    """Posts every call by so many clients at once, who take the next one in turn; the seconds of each. `each` is told of every one."""
    turn, coming = threading.Lock(), iter(calls)

    def mine() -> Iterator[Sequence[bytes]]:
        while True:
            with turn:
                call = next(coming, None)
            if call is None:
                return
            yield call

    def run(_nth: int) -> list[float]:
        poster = Poster(door)
        try:
            return [_told(poster.post(call), each) for call in mine()]
        finally:
            poster.close()

    with ThreadPoolExecutor(clients) as pool:
        return [seconds for took in pool.map(run, range(clients)) for seconds in took]


def _told(seconds: float, each: Callable[[], object]) -> float:
    each()
    return seconds
