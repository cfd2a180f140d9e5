"""Rows as PostgreSQL's binary COPY takes them (manual, "COPY", "Binary Format"): each value behind its length, as the server keeps it.

The driver looks for a dumper of its own with each value, which costs a row several times what packing it does.
"""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain, repeat
from typing import Any
from uuid import UUID

_HEAD, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_SIXTEEN = (16).to_bytes(4, "big")
_SMALLINT, _INTEGER, _BIGINT = struct.Struct(">ih"), struct.Struct(">ii"), struct.Struct(">iq")
_DAY, _MOMENT = date(2000, 1, 1).toordinal(), datetime(2000, 1, 1, tzinfo=UTC)
"""From which the server counts days and microseconds."""
_SAID = {False: b"\0\0\0\1\0", True: b"\0\0\0\1\1"}


def packed(kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Everything that is sent for these rows; `kinds` are the columns' types as PostgreSQL names them, without length."""
    columns = [_column(_WRITTEN[kind], values) for kind, values in zip(kinds, zip(*rows, strict=True), strict=True)]
    count = len(kinds).to_bytes(2, "big")
    return b"".join((_HEAD, *chain.from_iterable(zip(repeat(count), *columns, strict=False)), _END))


def _column(written: Callable[[Any], bytes], values: Iterable[Any]) -> list[bytes]:
    return [_NULL if value is None else written(value) for value in values]


def _uuid(value: UUID) -> bytes:
    return _SIXTEEN + value.int.to_bytes(16, "big")


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(4, "big") + data


def _bytes(value: bytes | memoryview) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _date(value: date) -> bytes:
    return _INTEGER.pack(4, value.toordinal() - _DAY)


def _moment(value: datetime) -> bytes:
    apart = value - _MOMENT
    return _BIGINT.pack(8, (apart.days * 86_400 + apart.seconds) * 1_000_000 + apart.microseconds)


_WRITTEN: Mapping[str, Callable[[Any], bytes]] = {
    "uuid": _uuid,
    "text": _text,
    "varchar": _text,
    "bytea": _bytes,
    "date": _date,
    "timestamp with time zone": _moment,
    "boolean": _SAID.__getitem__,
    "smallint": lambda value: _SMALLINT.pack(2, value),
    "integer": lambda value: _INTEGER.pack(4, value),
    "bigint": lambda value: _BIGINT.pack(8, value),
}
