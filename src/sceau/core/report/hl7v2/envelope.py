"""From a file's bytes to its messages: line ends, batches and their trailers, character sets. Never reads a message's content.

Follows HL7 v2.5.1 chapter 2, 2.10.3 (batches) and table 0211 (character sets). A batch whose trailer is missing or counts another
number of messages was cut: each of its messages is refused for that, beside what may be wrong with the message itself.
"""

from typing import NamedTuple

from sceau.core.report.errors import Problem, ReportError, Trouble

MAX_MESSAGES = 10_000
MAX_LINES = 1_000_000
_FRAME = b"\x0b\x1c"  # what MLLP puts around a message, where a file was caught from it
_BOM = b"\xef\xbb\xbf"
_FIRST = (b"MSH", b"FHS", b"BHS")
_CHARSETS = {"8859/1": "cp1252", "8859/15": "iso8859-15"}
_NOT_SAID = frozenset({"", "ASCII", "UNICODE", "UNICODE UTF-8", "UTF-8"})  # or said wrongly, as the bytes show
_MSH_CHARSET = 17


class Parcel(NamedTuple):
    """One message's lines, and what is wrong with the batch and the file around it (complete once the file is read)."""

    lines: list[bytes]
    around: tuple[list[Problem], ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for layer in self.around for problem in layer)


class _Layer:
    """An open file or batch: how many parts came so far, and what is wrong with it."""

    def __init__(self, trailer: str) -> None:
        self.trailer = trailer
        self.count = 0
        self.problems: list[Problem] = []

    def close(self, line: bytes) -> None:
        """Compares the trailer's count, which may be left empty, with what came."""
        declared = line[4:].split(line[3:4] or b"|", 1)[0].strip().decode("ascii", "replace")
        if not declared:
            return
        if not (declared.isascii() and declared.isdigit()):
            self.problems.append(Problem(Trouble.BAD_SHAPE, f"{self.trailer}-1"))
        elif declared.lstrip("0") != str(self.count).lstrip("0"):
            self.problems.append(Problem(Trouble.FILE_TRUNCATED, f"{self.trailer}-1", f"{self.count} / {declared[:9]}"))

    def cut(self) -> None:
        self.problems.append(Problem(Trouble.FILE_TRUNCATED, self.trailer))


class _Unwrapping:
    """Sorts a file's lines into messages."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self._file: _Layer | None = None
        self._batch: _Layer | None = None
        self._lines: list[bytes] | None = None
        self._loose: list[Problem] = []  # of a trailer whose header never came: the whole file is in doubt
        self._kinds = {b"FHS": self._file_header, b"BHS": self._batch_header, b"BTS": self._batch_end, b"FTS": self._file_end}

    def take(self, line: bytes) -> None:
        kind = self._kinds.get(line[:3])
        if kind is not None:
            self._lines = None
            kind(line)
        elif self._lines is None or line.startswith(b"MSH"):
            self._begin(line)
        else:
            self._lines.append(line)

    def end(self) -> list[Parcel]:
        for layer in (self._batch, self._file):
            if layer is not None:
                layer.cut()
        return self.parcels

    def _begin(self, line: bytes) -> None:
        if len(self.parcels) == MAX_MESSAGES:
            raise ReportError(Problem(Trouble.TOO_MANY_ROWS, "MSH", f"> {MAX_MESSAGES}"))
        layers = [layer.problems for layer in (self._batch, self._file) if layer is not None]
        self._lines = [line]
        self.parcels.append(Parcel(self._lines, (*layers, self._loose)))
        if self._batch is not None:
            self._batch.count += 1

    def _file_header(self, _line: bytes) -> None:
        self._batch_cut()
        if self._file is not None:
            self._file.cut()
        self._file = _Layer("FTS")

    def _batch_header(self, _line: bytes) -> None:
        self._batch_cut()
        if self._file is not None:
            self._file.count += 1
        self._batch = _Layer("BTS")

    def _batch_cut(self) -> None:
        if self._batch is not None:
            self._batch.cut()
            self._batch = None

    def _batch_end(self, line: bytes) -> None:
        if self._batch is None:
            self._loose.append(Problem(Trouble.FILE_TRUNCATED, "BHS"))
            return
        self._batch.close(line)
        self._batch = None

    def _file_end(self, line: bytes) -> None:
        self._batch_cut()
        if self._file is None:
            self._loose.append(Problem(Trouble.FILE_TRUNCATED, "FHS"))
            return
        self._file.count = self._file.count or 1  # messages straight in a file are one batch
        self._file.close(line)
        self._file = None


def unwrap(data: bytes) -> list[Parcel]:
    """A file's messages, in order; raises `ReportError` where there is none, or too many."""
    lines = _lines(data)
    if lines[0][:3] not in _FIRST:
        raise ReportError(Problem(Trouble.FILE_UNKNOWN, "MSH"))
    unwrapping = _Unwrapping()
    for line in lines:
        unwrapping.take(line)
    parcels = unwrapping.end()
    if not parcels:
        raise ReportError(Problem(Trouble.NO_ROWS, "MSH"))
    return parcels


def _lines(data: bytes) -> list[bytes]:
    if b"\0" in data:
        raise ReportError(Problem(Trouble.FILE_NUL, "MSH"))
    # Counted before splitting: a file of line ends alone would otherwise cost gigabytes.
    if max(data.count(b"\n"), data.count(b"\r")) > MAX_LINES:
        raise ReportError(Problem(Trouble.TOO_MANY_ROWS, "MSH", f"> {MAX_LINES}"))
    text = data.removeprefix(_BOM).strip(b" \t\r\n" + _FRAME)
    if not text:
        raise ReportError(Problem(Trouble.FILE_EMPTY, "MSH"))
    lines = text.replace(b"\r", b"\n").split(b"\n")
    return [line for line in (line.strip(_FRAME) for line in lines) if line]


class Decoded(NamedTuple):
    lines: list[str]
    assumed: bool


def decode(lines: list[bytes]) -> Decoded:
    """A message's lines as text: UTF-8, or else what MSH-18 declares, or else Windows-1252, which is `assumed`.

    Another character set that is declared is refused: its letters would be read as others.
    """
    try:
        return Decoded([line.decode() for line in lines], assumed=False)
    except UnicodeDecodeError:
        declared = _declared(lines[0])
    if declared not in _CHARSETS and declared not in _NOT_SAID:
        raise ReportError(Problem(Trouble.UNKNOWN_VALUE, "MSH-18"))
    charset = _CHARSETS.get(declared, "cp1252")
    try:
        return Decoded([line.decode(charset) for line in lines], assumed=declared not in _CHARSETS)
    except UnicodeDecodeError:
        raise ReportError(Problem(Trouble.UNREADABLE, "MSH-18")) from None


def _declared(header: bytes) -> str:
    fields = header.split(header[3:4] or b"|", _MSH_CHARSET + 1)
    return fields[_MSH_CHARSET].decode("ascii", "replace").strip() if len(fields) > _MSH_CHARSET else ""
