"""What lies inside an envelope before it is sealed (SPEC.md, "Body"): key, compressed reports, padding.

The size of a body is a class that depends on how many reports there are and how long they are, never on what was found: it is
computed from the same reports with every result made the same (`fhir.write(blind(report))`), and the real ones fit beside it.
"""

from collections.abc import Sequence

import zstandard

from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.header import MAX_REPORTS

KEY_LENGTH = 32
SMALLEST = 2_048
MAX_REPORT = 64 * 1024
MAX_TEXT = 32 * 1024 * 1024
_LENGTH = 4
# What results can add to compressed reports beyond their blinded twins: their words once, then a little each. Measured over panels
# of up to four with random results: 66 bytes for one report, 93 for two, 199 for ten, 10 each for more (test_body_length.py).
_SLACK_ONCE = 128
_SLACK_EACH = 24
_LEVEL = 3


def size_class(length: int) -> int:
    """The padded size of `length` bytes: at least 2,048, then steps of an eighth of the power of two below."""
    if length <= SMALLEST:
        return SMALLEST
    step = 1 << ((length - 1).bit_length() - 4)
    return -(-length // step) * step


def encode(key: bytes, reports: Sequence[bytes], blinded: Sequence[bytes]) -> bytes:
    """The body of 1 to 1,000 `reports` (one line each), as large as their `blinded` twins make it."""
    packed = _compress(reports)
    room = size_class(KEY_LENGTH + _LENGTH + len(_compress(blinded)) + _SLACK_ONCE + _SLACK_EACH * len(reports))
    body = key + len(packed).to_bytes(_LENGTH, "big") + packed
    return body.ljust(max(room, size_class(len(body))), b"\0")


def decode(body: bytes, count: int) -> tuple[bytes, list[bytes]]:
    """The acknowledgement key and the `count` reports of a body; raises `SealingError`."""
    if len(body) != size_class(len(body)):
        raise SealingError(Flaw.BAD_SIZE)
    start = KEY_LENGTH + _LENGTH
    end = start + int.from_bytes(body[KEY_LENGTH:start], "big")
    if end > len(body):
        raise SealingError(Flaw.BAD_SIZE)
    if body.count(0, end) != len(body) - end:
        raise SealingError(Flaw.BAD_PADDING)
    return body[:KEY_LENGTH], _lines(_decompress(body[start:end]), count)


def _compress(reports: Sequence[bytes]) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True).compress(b"\n".join(reports))


def _decompress(packed: bytes) -> bytes:
    """Bounded before and while it is written: a frame must state its size, and may not exceed it."""
    try:
        size = zstandard.get_frame_parameters(packed).content_size
        if size > MAX_TEXT:  # an absent size reads as the largest
            raise SealingError(Flaw.TOO_LARGE)
        if size == 0:  # the library would look at nothing that follows; no report is empty
            raise SealingError(Flaw.BAD_COMPRESSION)
        reader = zstandard.ZstdDecompressor(max_window_size=MAX_TEXT)
        return reader.decompress(packed, max_output_size=MAX_TEXT, allow_extra_data=False)
    except zstandard.ZstdError:
        raise SealingError(Flaw.BAD_COMPRESSION) from None


def _lines(text: bytes, count: int) -> list[bytes]:
    lines = text.split(b"\n", MAX_REPORTS)
    if len(lines) != count:
        raise SealingError(Flaw.WRONG_COUNT)
    if max(map(len, lines)) > MAX_REPORT:
        raise SealingError(Flaw.TOO_LARGE)
    return lines
