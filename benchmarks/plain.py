"""Tests of invented people in the forms in which software sends them plain, and a client for MLLP. For `doors` and `fuzz`."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.day import Chunk, Pen, final
from uuid_utils.compat import uuid7

from sceau.core.codes.identifiers import Finess
from sceau.core.report import fhir, hl7v2
from sceau.core.report.model import ScreeningReport


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
