"""Files made to cost much, cost little: the processor time is bounded however a sender fills fifty megabytes."""

from contextlib import suppress
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from sceau.core.report.errors import ReportError
from sceau.core.report.hl7v2 import read_rows

FINAL = (Path(__file__).parents[2] / "vectors" / "hl7v2" / "final.hl7").read_bytes()
SIZE = 50_000_000
SECONDS = 5
HEADER = b"MSH|^~\\&|A|B|||2021||ORU^R01|1|P|2.5.1"


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        (HEADER + b"\rPID|1||", b"A"),
        (HEADER + b"|", b"|"),
        (HEADER + b"\rPID|1||1||", b"^"),
        (HEADER + b"\rPID|1||1||", b"A^B~"),
        (HEADER + b"\rPID|1||1||", b"\\X0D\\"),
        (HEADER + b"\rPID|1||1||", b"\\"),
        (b"MSH", b"|"),
        (HEADER, b"\n"),
        (HEADER, b"\rOBX|1|CWE|94558-4^^LN||"),
        (HEADER, b"\rPID"),
        (b"", HEADER + b"\r"),
        (b"", FINAL),
        (HEADER + b"\r", b"BHS\rBTS\r"),
        (HEADER, b"\xff"),
    ],
    ids=lambda part: part[-12:].decode("latin-1").encode("unicode_escape").decode(),
)
def test_fifty_megabytes_are_answered_in_time(head: bytes, unit: bytes) -> None:
    data = head + unit * (SIZE // len(unit))
    started = process_time()
    with suppress(ReportError):
        for row in read_rows(data, ZoneInfo("Europe/Paris")).rows:
            assert row.problems
    assert process_time() - started < SECONDS
