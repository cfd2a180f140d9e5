"""MLLP's blocks (HL7 v2.5.1 Implementation Guide, appendix C; MLLP Release 1): 0x0B, the content, 0x1C 0x0D. Knows no HL7."""

import asyncio

START, END = b"\x0b", b"\x1c\r"
MOST_BYTES = 4 * 1024 * 1024
PATIENCE, IDLE = 60.0, 600.0


class Unframed(Exception):
    """What came is no block, too large a one, or came too slowly: the connection is of no more use."""


def framed(content: bytes) -> bytes:
    return START + content + END


async def block(reader: asyncio.StreamReader) -> bytes | None:
    """The next block's content; None at the end. Raises `Unframed`."""
    try:
        first = await asyncio.wait_for(reader.read(1), IDLE)
        if not first:
            return None
        if first != START:
            raise Unframed
        return (await asyncio.wait_for(reader.readuntil(END), PATIENCE)).removesuffix(END)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ConnectionError):
        raise Unframed from None
