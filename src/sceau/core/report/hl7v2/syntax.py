"""HL7 v2 syntax: delimiters, escapes, segments, fields and their parts. Never knows what a field means.

Follows HL7 v2.5.1 chapter 2: delimiters (2.5.4), null values (2.5.3), escape sequences (2.7). Everything taken from a sender is
bounded: the length of a segment, the number of its fields and of a field's repetitions.
"""

import re
from functools import lru_cache
from string import punctuation
from typing import NamedTuple, Self

from sceau.core.report.errors import Problem, ReportError, Trouble

MAX_SEGMENT = 65_536
MAX_SEGMENTS = 1_000
MAX_FIELDS = 60
MAX_REPETITIONS = 20
NULL = '""'
LINE_BREAK = "\\.br\\"
_FORMATS = {".br": "\n", "H": "", "N": ""}  # a new line; highlighting begins and ends
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{2}")
_REPEATED = ("OBX", "OBR", "SPM", "PID")


class Delimiters(NamedTuple):
    """The five characters that MSH-1 and MSH-2 declare."""

    field: str
    component: str
    repetition: str
    escape: str
    sub: str


STANDARD = Delimiters("|", "^", "~", "\\", "&")


def read_delimiters(header: str) -> Delimiters:
    """What an MSH segment declares: five distinct punctuation characters, or it is refused.

    A letter or a digit in MSH-2 would let a sender cut any value wherever he likes.
    """
    separator = header[3:4]
    marks = separator + header[4:].split(separator, 1)[0] if separator else ""
    if len(marks) != 5 or len(set(marks)) != 5 or not set(marks) <= set(punctuation):
        raise ReportError(Problem(Trouble.BAD_SHAPE, "MSH-2"))
    return Delimiters(*marks)


class Value(NamedTuple):
    """One repetition of a field."""

    raw: str
    label: str
    field: int | str
    marks: Delimiters

    @property
    def where(self) -> str:
        """The field's place for people: `PID-5`."""
        return f"{self.label}-{self.field}"

    def text(self, component: int = 1, sub: int = 1) -> str:
        """A component's text, unescaped; empty where it is absent, null or blank."""
        raw = _nth(self.raw, self.marks.component, component)
        return _said(_nth(raw, self.marks.sub, sub), self.marks) if raw else ""

    def code(self, component: int = 1, sub: int = 1) -> str:
        """A component that is a code or a number, without the spaces some senders pad it with."""
        return self.text(component, sub).strip()

    def part(self, component: int) -> str:
        """A component's first part as sent, still escaped."""
        return _nth(_nth(self.raw, self.marks.component, component), self.marks.sub, 1)

    def coded(self) -> list[tuple[int, str, str]]:
        """(component, system, code) of the first and the alternate triplet, where they hold a code."""
        parts = self.raw.split(self.marks.component, 6)
        triplets = [(place + 1, [*parts[place : place + 3], "", ""]) for place in (0, 3) if place < len(parts) and parts[place]]
        said = [(place, self._code(triplet[2]), self._code(triplet[0])) for place, triplet in triplets]
        return [triplet for triplet in said if triplet[2]]

    def at(self, component: int) -> str:
        return f"{self.where}.{component}"

    def inner(self, component: int = 1) -> "Value":
        """A component that is itself made of parts, read as a field of its own."""
        raw = _nth(self.raw, self.marks.component, component)
        return Value(raw, self.label, f"{self.field}.{component}", self.marks._replace(component=self.marks.sub))

    def _code(self, raw: str) -> str:
        return _said(_nth(raw, self.marks.sub, 1), self.marks).strip()


def _said(raw: str, marks: Delimiters) -> str:
    text = "" if raw == NULL else unescape(raw, marks)
    return "" if text.isspace() else text


def _nth(text: str, mark: str, number: int) -> str:
    if mark not in text:
        return text if number == 1 else ""
    parts = text.split(mark, number)
    return parts[number - 1] if number <= len(parts) else ""


class Segment:
    """One segment, its fields numbered as the standard numbers them (MSH-1 is the separator itself)."""

    __slots__ = ("_fields", "label", "marks", "name")

    def __init__(self, line: str, marks: Delimiters, label: str) -> None:
        self._fields = line.split(marks.field, MAX_FIELDS)
        self.name = self._fields[0]
        self.label = label
        self.marks = marks
        if self.name == "MSH":
            self._fields.insert(1, marks.field)

    def value(self, field: int) -> Value:
        """The first repetition of a field."""
        return Value(_nth(self._raw(field), self.marks.repetition, 1), self.label, field, self.marks)

    def values(self, field: int) -> list[Value]:
        """The repetitions that say something."""
        repetitions = self._raw(field).split(self.marks.repetition, MAX_REPETITIONS)[:MAX_REPETITIONS]
        return [Value(raw, self.label, field, self.marks) for raw in repetitions if raw not in ("", NULL)]

    def _raw(self, field: int) -> str:
        return self._fields[field] if field < len(self._fields) else ""


class Message:
    """One message's segments, in the order they came. `OBX[2]` is the second of them; `PID` stands for `PID[1]`."""

    __slots__ = ("_named", "header")

    def __init__(self, segments: list[Segment]) -> None:
        self.header = segments[0]
        self._named: dict[str, list[Segment]] = {}
        for segment in segments:
            self._named.setdefault(segment.name, []).append(segment)

    @classmethod
    def read(cls, lines: list[str]) -> Self:
        """Of a message's lines; raises `ReportError` for what is no HL7."""
        if not lines[0].startswith("MSH"):
            raise ReportError(Problem(Trouble.MISSING, "MSH"))
        marks = read_delimiters(lines[0])
        if len(lines) > MAX_SEGMENTS:
            raise ReportError(Problem(Trouble.TOO_LONG, "MSH", f"{len(lines)} > {MAX_SEGMENTS}"))
        counts: dict[str, int] = {}
        return cls([_segment(line, marks, counts) for line in lines])

    def all(self, name: str) -> list[Segment]:
        return self._named.get(name, [])

    def first(self, name: str) -> Segment:
        """The first segment of that name, or an empty one: what is missing is then missing field by field."""
        found = self._named.get(name)
        return found[0] if found else Segment(name, self.header.marks, name)

    def names(self) -> set[str]:
        return set(self._named)


def _segment(line: str, marks: Delimiters, counts: dict[str, int]) -> Segment:
    name = line[:3]
    counts[name] = number = counts.get(name, 0) + 1
    if not _SEGMENT_ID.fullmatch(name) or line[3:4] not in ("", marks.field):
        raise ReportError(Problem(Trouble.FILE_TRUNCATED, f"segment {sum(counts.values())}"))
    if len(line) > MAX_SEGMENT:
        raise ReportError(Problem(Trouble.TOO_LONG, name, f"{len(line)} > {MAX_SEGMENT}"))
    numbered = name == "OBX" or (number > 1 and name in _REPEATED)
    return Segment(line, marks, f"{name}[{number}]" if numbered else name)


def unescape(text: str, marks: Delimiters = STANDARD) -> str:
    """Undoes escapes once, from left to right; one that is not understood stays as it was sent."""
    if marks.escape not in text:
        return text
    hexadecimal, any_escape = _patterns(marks.escape)
    # Hexadecimal escapes come first and in runs: some senders escape a letter of two bytes byte by byte.
    return any_escape.sub(lambda found: _decoded(found, hexadecimal, marks), text)


@lru_cache(maxsize=32)
def _patterns(escape: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    mark = re.escape(escape)
    hexadecimal = f"{mark}X((?:[0-9A-Fa-f]{{2}})+){mark}"
    return re.compile(hexadecimal), re.compile(f"(?:{hexadecimal})+|{mark}([^{mark}]*){mark}")


def _decoded(found: re.Match[str], hexadecimal: re.Pattern[str], marks: Delimiters) -> str:
    code = found[2]
    if code is None:
        return _bytes("".join(hexadecimal.findall(found[0])), found[0])
    meanings = {"F": marks.field, "S": marks.component, "T": marks.sub, "R": marks.repetition, "E": marks.escape}
    return meanings.get(code, _FORMATS.get(code, found[0]))


def _bytes(digits: str, otherwise: str) -> str:
    try:
        return bytes.fromhex(digits).decode()
    except UnicodeDecodeError:
        return otherwise


_ESCAPES = {
    **{ord(mark): f"\\{code}\\" for mark, code in zip(STANDARD, "FSRET", strict=True)},
    **{control: f"\\X{control:02X}\\" for control in (*range(32), 127)},
}


def escape(text: str) -> str:
    """A text as it stands in a component of ours; one that reads like a null is spelled out."""
    return "\\X22\\\\X22\\" if text == NULL else text.translate(_ESCAPES)
