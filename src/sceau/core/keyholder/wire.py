"""Frames on a keyholder's socket: the length (32 bits, big-endian), then MessagePack."""

import socket
import struct
from typing import Any

import msgspec

LONGEST = 64 * 1024 * 1024
_LENGTH = 4
_CREDENTIALS = struct.Struct("3i")

ENCODER = msgspec.msgpack.Encoder(enc_hook=str)


class Reply(msgspec.Struct, frozen=True, array_like=True):
    """An answer, or why there is none."""

    refusal: str
    detail: str
    answer: msgspec.Raw = msgspec.Raw()


class Broken(Exception):
    """The other side ended, or sent what is no frame."""


def send(sock: socket.socket, data: bytes) -> None:
    """One frame, at once: a reader may end the connection after its first bytes."""
    sock.sendall(b"".join((len(data).to_bytes(_LENGTH, "big"), data)))


def receive(sock: socket.socket) -> bytes | bytearray:
    """The next frame; raises `Broken`, and `EOFError` when the other side ended between two frames."""
    length = int.from_bytes(_exactly(sock, _LENGTH, first=True), "big")
    if length > LONGEST:
        raise Broken
    return _exactly(sock, length)


def user(sock: socket.socket) -> int:
    """Whose process is at the other end, as the kernel knows it (unix(7), SO_PEERCRED); of a listener, who made it."""
    _pid, uid, _gid = _CREDENTIALS.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return int(uid)


def answered(answer: Any) -> bytes:
    return ENCODER.encode(Reply("", "", msgspec.Raw(ENCODER.encode(answer))))


def refused(refusal: str, detail: str = "") -> bytes:
    return ENCODER.encode(Reply(refusal, detail, msgspec.Raw(b"\xc0")))


def _exactly(sock: socket.socket, length: int, *, first: bool = False) -> bytearray:
    data = bytearray(length)
    view, got = memoryview(data), 0
    while got < length:
        count = sock.recv_into(view[got:])
        if not count:
            raise EOFError if first and not got else Broken
        got += count
    return data
