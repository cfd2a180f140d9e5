"""What one cell may hold: parsers from a cell's text to a value, and back. Pure functions; no error repeats a person's value.

A parser raises `BadCell`. A time without a zone comes back naive: whoever knows the pharmacy's zone adds it, with a warning.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple, TypeVar

from sceau.core.codes.errors import BadCode
from sceau.core.report.errors import Trouble
from sceau.core.report.model import NAME_LENGTH, TEXT_LENGTH

REASONS = {"shape": Trouble.BAD_SHAPE, "check_digit": Trouble.BAD_CHECK_DIGIT, "unknown": Trouble.UNKNOWN_CODE}
_LOINC = re.compile(r"[0-9]{1,7}-[0-9]")
_NUMBER = re.compile(r"[0-9]+")
T = TypeVar("T")


class BadCell(ValueError):
    """The cell holds no value of its column; `detail` names a code, never what is somebody's."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.detail = detail


class Kind(NamedTuple):
    """A kind of cell: how it is read, and how we write it."""

    parse: Callable[[str], Any]
    spell: Callable[[Any], str] = str


def fold(text: str) -> str:
    """A word without case and accents, its spaces single, so that `Négatif` and `NEGATIF` are one."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(plain.casefold().split())


def text_of(longest: int) -> Kind:
    """Printable text of at most that many characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(Trouble.TOO_LONG, f"{len(cell)} > {longest}")
        if not cell.isprintable():
            raise BadCell(Trouble.CONTROL_CHARACTER)
        return cell

    return Kind(parse)


TEXT, NAME = text_of(TEXT_LENGTH), text_of(NAME_LENGTH)


def list_of(item: Kind, separator: str) -> Kind:
    """Several values in one cell; a separator that belongs to a value has a backslash before it."""
    mark = re.escape(separator)
    part, escaped = re.compile(rf"(?:\\[\\{mark}]|[^{mark}])+"), re.compile(rf"\\([\\{mark}])")

    def parse(cell: str) -> tuple[Any, ...]:
        items = (escaped.sub(r"\1", found).strip() for found in part.findall(cell))
        return tuple(item.parse(text) for text in items if text)

    def spell(values: tuple[Any, ...]) -> str:
        return f"{separator} ".join(re.sub(rf"([\\{mark}])", r"\\\1", item.spell(value)) for value in values)

    return Kind(parse, spell)


def one(kind: Kind) -> Kind:
    """One value of several that other columns add to."""
    return Kind(lambda cell: (kind.parse(cell),))


def choice(words: Mapping[Any, tuple[str, ...]], read_code: Callable[[str], Any] | None = None) -> Kind:
    """One of a closed list, by any of its words; the first is the one we write. `read_code` reads a number."""
    meanings = {fold(word): value for value, known in words.items() for word in known}

    def parse(cell: str) -> Any:
        if read_code and _NUMBER.fullmatch(cell):
            return _read_code(read_code, cell)
        try:
            return meanings[fold(cell)]
        except KeyError:
            raise BadCell(Trouble.UNKNOWN_VALUE) from None

    return Kind(parse, lambda value: words[value][0])


def _read_code(read: Callable[[str], T], cell: str) -> T:
    try:
        return read(cell)
    except BadCode as bad:
        # Only a number that is a code is repeated: a telephone number in the wrong column is not.
        raise BadCell(REASONS[bad.reason], cell if bad.reason == "unknown" else "") from None


def code_of(make: Callable[[str], T]) -> Kind:
    """A value of a code system; refused with the code only where it is written like a LOINC code, which nothing personal is."""

    def parse(cell: str) -> T:
        try:
            return make(cell)
        except BadCode as bad:
            raise BadCell(REASONS[bad.reason], cell if _LOINC.fullmatch(cell) else "") from None

    return Kind(parse)


def shaped(pattern: str) -> Kind:
    """Text written as the pattern says."""
    shape = re.compile(pattern)

    def parse(cell: str) -> str:
        if not shape.fullmatch(cell):
            raise BadCell(Trouble.BAD_SHAPE)
        return cell

    return Kind(parse)


def words_of(members: type[Enum]) -> dict[Any, tuple[str, ...]]:
    """An enumeration's own spellings, by name and by value."""
    return {member: (member.name, str(member.value)) for member in members}
