"""Tests of invented people in the forms in which software sends them plain, and a client for MLLP. For `doors` and `fuzz`."""

import random
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.day import Chunk, Pen, final
from uuid_utils.compat import uuid7

from sceau.core.codes.identifiers import Finess
from sceau.core.report import fhir, hl7v2
from sceau.core.report.model import ScreeningReport
from sceau.demo.laboratory import Laboratory

PATIENCE = 60.0
START, END = b"\x0b", b"\x1c\r"


def messages(reports: Sequence[ScreeningReport]) -> bytes:
    """An HL7 v2 batch."""
    return hl7v2.write(reports, sender="LAB", at=datetime.now(UTC))


def lines(reports: Sequence[ScreeningReport]) -> bytes:
    """NDJSON, a bundle of one test a line."""
    return b"\n".join(fhir.write(one) for one in reports)


def tests(finess: Finess, *, first: int, count: int) -> list[ScreeningReport]:
    """Final reports of that establishment; the same number gives another test each time it is asked in another run."""
    dice, pen = random.Random(first), Pen(b"", uuid7(), finess, b"")
    chunk = Chunk(pen, first, count, datetime.now(UTC), False, Path())
    return [final(chunk, number, dice) for number in range(first, first + count)]


class Caller:
    """A sender's connection to the MLLP door."""

    def __init__(self, made: ssl.SSLSocket) -> None:
        self._made = made

    def exchange(self, block: bytes) -> bytes:
        """The block that answers this one; what came before the end of the connection, where it ends instead."""
        self._made.sendall(START + block + END)
        answer = bytearray()
        while not answer.endswith(END) and (more := self._made.recv(1 << 18)):
            answer += more
        return bytes(answer)


@contextmanager
def calling(laboratory: Laboratory) -> Iterator[Caller]:
    """By mutual TLS with the laboratory's certificate."""
    context = ssl.create_default_context(cafile=str(laboratory.authority))
    context.load_cert_chain(laboratory.client)
    plain = socket.create_connection(("127.0.0.1", laboratory.port), timeout=PATIENCE)
    with context.wrap_socket(plain, server_hostname="localhost") as made:
        yield Caller(made)
