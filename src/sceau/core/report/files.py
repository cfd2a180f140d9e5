"""The front door: any file of reports, recognised by its content, never by its name. Never unpacks an archive, never writes anything.

UTF-8 (a byte order mark is dropped), UTF-16 with its mark, or else Windows-1252, which the reading then says. An HL7 v2 message
declares its own character set, so its bytes go on as they are. `docs/reference/csv.md` has the limits.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo

import msgspec

from sceau.core.report import csv, fhir, hl7v2
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.reading import Reading

MAX_BYTES = 50_000_000
MAX_LINES = 100_000  # of JSON
MAX_DOCUMENT = 5_000_000  # bytes of one JSON document, a line of NDJSON or the whole file
MAX_VALUES = 200_000  # objects, lists and their members in one JSON document: what it costs to read, whatever its size
_CHUNK = 1 << 20
_NOT_SPACE = re.compile(rb"\S")
_HL7 = re.compile(rb"\s*\x0b?(?:MSH|FHS|BHS)[^A-Za-z0-9_\s;]")
_JSON = re.compile(rb"\s*[{\[]")
_LINE = re.compile(rb"[^\r\n]+")
_TAIL = 64
_CP1252 = Problem(Trouble.READ_AS_CP1252, "file")
# How files begin that are no text, and what to call them.
_SIGNATURES = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"Rar!": "RAR",
    b"\xd0\xcf\x11\xe0": "Excel (.xls)",
    b"%PDF": "PDF",
    b"<": "XML",
}
_SPREADSHEETS = {b"xl/": "Excel (.xlsx)", b"[Content_Types].xml": "Excel (.xlsx)", b"mimetype": "OpenDocument (.ods)"}
_NAME_AT = 30  # where a ZIP's first local header has the name of its file


def check_size(size: int) -> None:
    """Raises `ReportError` for a file of more bytes than are taken: before it is read, where its size is known before."""
    if size > MAX_BYTES:
        raise _refusal(Trouble.FILE_TOO_LARGE, f"{size / 1e6:.1f} MB > {MAX_BYTES // 10**6} MB")


def check_rows(rows: int, most: int) -> None:
    """Raises `ReportError` for more rows than somebody can wait for."""
    if rows > most:
        raise _refusal(Trouble.TOO_MANY_ROWS, f"{rows} > {most}")


def read(data: bytes, zone: tzinfo) -> Reading:
    """The rows of a file; `zone` is the pharmacy's, for times without one. Raises `ReportError` where the whole cannot be read."""
    check_size(len(data))
    data = _without_mark(data)
    start = _NOT_SPACE.search(data)
    if start is None:
        raise _refusal(Trouble.FILE_EMPTY)
    _check_is_text(data, start.start())
    if _HL7.match(data):
        _check_segments(data)
        return hl7v2.read_rows(data, zone)
    encoding = _encoding(data)
    if _JSON.match(data):
        _check_documents(data, start.start())
        reading = fhir.read_rows(data if encoding == "utf-8" else _transcoded(data, encoding), zone)
    else:
        reading = csv.read_table(data, encoding, zone)
    return reading if encoding == "utf-8" else msgspec.structs.replace(reading, warnings=(_CP1252, *reading.warnings))


def returned(data: bytes, why: Mapping[int, str]) -> Iterator[str]:
    """The lines of a CSV file with the rows of `why` alone, and these reasons; raises `ReportError` for another kind of file."""
    data = _without_mark(data)
    if _HL7.match(data) or _JSON.match(data):
        raise _refusal(Trouble.FILE_UNKNOWN, "CSV")
    return csv.returned(data, _encoding(data), why)


def _refusal(trouble: Trouble, detail: str = "") -> ReportError:
    return ReportError(Problem(trouble, "file", detail))


def _without_mark(data: bytes) -> bytes:
    """The file as UTF-8 or as whatever it is without its byte order mark."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return _transcoded(data, "utf-16")
        except UnicodeDecodeError:
            raise _refusal(Trouble.UNREADABLE, "UTF-16") from None
    return data.removeprefix(codecs.BOM_UTF8)


def _check_is_text(data: bytes, start: int) -> None:
    """Refuses archives and documents by name, and anything that holds NUL; `start` is where the content begins."""
    found = next((name for signature, name in _SIGNATURES.items() if data.startswith(signature, start)), None)
    if found == "ZIP":
        found = next((name for inner, name in _SPREADSHEETS.items() if data.startswith(inner, start + _NAME_AT)), found)
    if found:
        raise _refusal(Trouble.FILE_UNKNOWN, found)
    if b"\0" in data:
        raise _refusal(Trouble.FILE_NUL)


def _encoding(data: bytes) -> str:
    """UTF-8 where all of it is, or else Windows-1252 where all of it is; looked at in pieces, so that no second copy is made."""
    for encoding in ("utf-8", "cp1252"):
        try:
            for _ in _decoded(data, encoding):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise _refusal(Trouble.FILE_UNKNOWN)


def _check_segments(data: bytes) -> None:
    """Refuses HL7 in which a whole chunk has no line end, before anything copies it; a segment is a thousandth of that."""
    for start in range(0, len(data) - _CHUNK, _CHUNK):
        if all(data.find(sign, start, start + _CHUNK) < 0 for sign in (b"\r", b"\n")):
            raise _refusal(Trouble.TOO_LONG, f"HL7: > {_CHUNK}")


def _check_documents(data: bytes, start: int) -> None:
    """Refuses JSON that would cost far more to read than a file of reports does, before it is read."""
    if max(data.count(b"\n"), data.count(b"\r")) > MAX_LINES:
        raise _refusal(Trouble.TOO_MANY_ROWS, f"> {MAX_LINES}")
    for begin, end in _documents(data, start):
        values = sum(data.count(sign, begin, end) for sign in (b"{", b"[", b","))
        for measured, limit in ((end - begin, MAX_DOCUMENT), (values, MAX_VALUES)):
            if measured > limit:
                raise _refusal(Trouble.FILE_TOO_LARGE, f"JSON: {measured} > {limit}")


def _documents(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Where each JSON document begins and ends: each line one where the first is whole, or else all of them together."""
    spans = (line.span() for line in _LINE.finditer(data, start))
    first = next(spans)
    if not data[max(first[0], first[1] - _TAIL) : first[1]].rstrip().endswith(b"}"):
        yield start, len(data)
        return
    yield first
    yield from spans


def _decoded(data: bytes, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), _CHUNK):
        yield decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))


def _transcoded(data: bytes, encoding: str) -> bytes:
    """The same text in UTF-8."""
    return b"".join(text.encode() for text in _decoded(data, encoding))
