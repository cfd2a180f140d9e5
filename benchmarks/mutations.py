"""What a sender gone wrong, or worse, might send: something true with a few changes. Seeded: the same dice give the same bytes."""

import random
from collections.abc import Sequence

_WORDS = (
    b"",
    b"\0",
    b"\r",
    b"\n",
    b"\x0b",
    b"\x1c\r",
    b"|",
    b"^",
    b"~",
    b"\\",
    b"&",
    b"\\X0D\\",
    b"MSH|^~\\&|",
    b"BHS|^~\\&|",
    b"{",
    b"}",
    b"[" * 2_000,
    b'"',
    b";",
    b",",
    b"=cmd|' /C calc'!A0",
    b"\xff",
    "\u202e".encode(),
    b"\xed\xa0\x80",
    b"9" * 400,
    b"-1",
    b"1e999",
    b"NaN",
    b"null",
    b"urn:uuid:",
    b"http://127.0.0.1/",
    b"0000-00-00",
    b"99991231235959",
)


def mutated(dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds with one to six changes."""
    data = dice.choice(seeds)
    for _ in range(dice.randint(1, 6)):
        data = _change(dice, data, dice.choice(seeds))
    return data


def _change(dice: random.Random, data: bytes, other: bytes) -> bytes:
    start = dice.randrange(len(data) + 1)
    end = min(len(data), start + dice.choice((0, 1, 2, 8, 64, 1_024)))
    place = dice.randrange(len(other) + 1)
    piece = dice.choice((dice.choice(_WORDS), dice.randbytes(dice.randint(1, 4)), other[place : place + 64], data[start:end] * 2))
    return data[:start] + piece + data[end:]
