"""Whatever is thrown at the front door is refused clearly, within 5 seconds of work and 100 MB beside the file itself.

The files are as large as the front door lets them be; memory is what Python allocates from the call to the refusal.
"""

import gzip
import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from tests.core.report.csv_files import PARIS, SIMPLEREPORT, text

from sceau.core.report import files
from sceau.core.report.csv import template
from sceau.core.report.csv.table import MAX_ROWS
from sceau.core.report.errors import ReportError
from sceau.core.report.files import MAX_BYTES, MAX_DOCUMENT, MAX_LINES, MAX_VALUES

SECONDS, MEMORY = 5, 100_000_000
FULL = MAX_BYTES - 2_000
HEADER = template().encode()


def refusal(data: bytes) -> tuple[str, str, str]:
    """The first problem, of the file or of its first row; asserts that finding it was cheap."""
    tracemalloc.start()
    start = time.process_time()
    try:
        [*problems] = next(files.read(data, PARIS).rows).problems
    except ReportError as error:
        [*problems] = error.problems
    spent, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < SECONDS
    assert peak < MEMORY
    return problems[0].where, problems[0].trouble.value, problems[0].detail


def workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * 10_000_000)
    return file.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], tuple[str, str, str]]] = {
    "nothing": (lambda: b"", ("file", "file-empty", "")),
    "60 MB": (lambda: b"a" * 60_000_000, ("file", "file-too-large", "60.0 MB > 50 MB")),
    "50 MB of blanks": (lambda: b" " * FULL, ("file", "file-empty", "")),
    "50 MB of NUL": (lambda: b"\0" * FULL, ("file", "file-nul", "")),
    "one line of 50 MB": (lambda: b"a" * FULL, ("line 1", "too-long", "> 100000")),
    "one line of 50 MB in UTF-16": (lambda: ("a" * (FULL // 2)).encode("utf-16"), ("line 1", "too-long", "> 100000")),
    "a million columns": (
        lambda: b";".join([b"c"] * 1_000_000),
        ("file", "too-many-columns", "1000000 > 500"),
    ),
    "one row of 50 MB": (lambda: HEADER + b"a" * FULL, ("line 2", "too-long", "> 100000")),
    "one row of 50 MB in Windows-1252": (lambda: HEADER + b"\xe9" * FULL, ("line 2", "too-long", "> 100000")),
    "a quotation mark that never closes": (lambda: HEADER + b'"' + b"a;b\r\n" * (FULL // 5), ("line 2", "unreadable", '"')),
    "50 MB of quotation marks": (lambda: HEADER + b'"' * FULL, ("line 2", "too-long", "> 100000")),
    "50 MB of line ends": (lambda: HEADER + b"\n" * FULL, ("file", "too-many-rows", f"> {MAX_ROWS}")),
    "50 MB of the other line ends": (lambda: HEADER + b"\r" * FULL, ("file", "too-many-rows", f"> {MAX_ROWS}")),
    "cut in a quoted cell": (lambda: HEADER + b'"D-1', ("line 2", "file-truncated", "")),
    "cut in a row": (lambda: HEADER + b"D-1;F", ("csv:sceau", "row-short", "2 / 43")),
    "a compressed bomb": (lambda: gzip.compress(b"0" * FULL, 1), ("file", "file-unknown", "gzip")),
    "a workbook": (workbook, ("file", "file-unknown", "Excel (.xlsx)")),
    "one HL7 segment of 50 MB": (lambda: b"MSH|^~\\&|" + b"a" * FULL, ("file", "too-long", "HL7: > 1048576")),
    "JSON cut short": (lambda: b'{"resourceType": "Bundle", "entry": [', ("Bundle", "file-truncated", "JSON")),
    "JSON nested without end": (lambda: b'{"a":' * (MAX_VALUES - 1), ("Bundle", "too-deep", "")),
    "JSON nested for 50 MB": (
        lambda: b'{"a":' * (FULL // 5),
        ("file", "file-too-large", f"JSON: {FULL // 5 * 5} > {MAX_DOCUMENT}"),
    ),
    "JSON lists for 50 MB": (lambda: b"[" * FULL, ("file", "file-too-large", f"JSON: {FULL} > {MAX_DOCUMENT}")),
    "JSON lists": (lambda: b"[" * MAX_VALUES, ("file", "file-unknown", "")),
    "JSON of many small things": (
        lambda: b'{"resourceType": "Bundle", "entry": [' + b"{}," * 500_000 + b"{}]}",
        ("file", "file-too-large", f"JSON: 1000004 > {MAX_VALUES}"),
    ),
    "JSON of as many small things as we read": (
        lambda: b'{"resourceType": "Bundle", "entry": [' + b"{}," * (MAX_VALUES // 2 - 3) + b"{}]}",
        ("Bundle.entry[1].resource", "bad-shape", ""),
    ),
    "JSON of one long text": (
        lambda: b'{"resourceType": "' + b"a" * FULL + b'"}',
        ("file", "file-too-large", f"JSON: {FULL + 20} > {MAX_DOCUMENT}"),
    ),
    "JSON of too many lines": (lambda: b"{}\n" * (FULL // 3), ("file", "too-many-rows", f"> {MAX_LINES}")),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_clearly_and_cheaply(what: str) -> None:
    make, expected = BAD[what]
    assert refusal(make()) == expected


def test_a_formula_is_text_that_is_refused_in_a_name() -> None:
    formula = '=HYPERLINK("http://example.org")'
    assert refusal(text(SIMPLEREPORT | {"patient_last_name": formula}).encode()) == ("patient_last_name", "bad-shape", "=")


def test_four_thousand_rows_take_a_second_and_a_half_and_a_few_megabytes() -> None:
    data = text(*[SIMPLEREPORT] * 4_000).encode()
    start = time.process_time()
    assert sum(row.statement is not None for row in files.read(data, PARIS).rows) == 4_000
    assert time.process_time() - start < 1.5
    tracemalloc.start()
    for _ in files.read(data, PARIS).rows:
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
