"""A message of a laboratory that is not ours, of an invented person, to be changed field by field; and what became of it."""

from zoneinfo import ZoneInfo

from sceau.core.report.errors import Trouble
from sceau.core.report.hl7v2 import read_rows
from sceau.core.report.model import Screening
from sceau.core.report.reading import Row, Statement

PARIS = ZoneInfo("Europe/Paris")
TEST = "94558-4^SARS-CoV-2 Ag^LN"
FOUND = "260373001^Detected^SCT"
LABORATORY = "Labo Exemple^^^^^&1.2.3.4&ISO^XX^^^LAB-7"

# A message of a foreign laboratory, field by field, as its own software might write it.
MESSAGE: dict[str, dict[int, str]] = {
    "MSH": {
        2: "^~\\&",
        3: "LIS",
        4: "LABO^1.2.3.9^ISO",
        7: "20211224110000+0100",
        9: "ORU^R01^ORU_R01",
        10: "42",
        11: "P",
        12: "2.5.1",
    },
    "SFT": {1: "Exemple", 2: "1.0"},
    "PID": {3: "77^^^LABO^PI", 5: "Exemple^Inès^Marie^^^^L", 7: "19950307", 8: "F"},
    "ORC": {1: "RE"},
    "OBR": {2: "P-1", 3: "F-1^LABO", 4: TEST, 7: "202112241015+0100", 22: "202112241100+0100", 25: "F"},
    "OBX": {1: "1", 2: "CWE", 3: TEST, 5: FOUND, 11: "F", 23: LABORATORY},
    "SPM": {1: "1", 2: "S-1", 4: "258500001^Swab^SCT", 17: "202112241010+0100"},
}


def line(name: str, fields: dict[int, str]) -> str:
    first = 2 if name == "MSH" else 1
    return "|".join([name, *(fields.get(number, "") for number in range(first, max(fields, default=0) + 1))])


def message(*more: str, **changes: dict[int, str] | None) -> bytes:
    """The message with fields changed (`OBX={11: "C"}`), segments dropped (`SPM=None`), and lines added before the SPM."""
    segments = {
        name: {**fields, **(changes.get(name) or {})} for name, fields in MESSAGE.items() if changes.get(name, {}) is not None
    }
    lines = {name: line(name, fields) for name, fields in segments.items()}
    specimen = lines.pop("SPM", None)
    return "\r".join([*lines.values(), *more, *([specimen] if specimen else [])]).encode() + b"\r"


def one(data: bytes) -> Row:
    [row] = read_rows(data, PARIS).rows
    return row


def taken(data: bytes) -> Statement:
    row = one(data)
    assert row.problems == ()
    assert row.statement is not None
    return row.statement


def screening(data: bytes) -> Screening:
    return taken(data).screening


def refusals(data: bytes) -> list[tuple[Trouble, str, str]]:
    row = one(data)
    assert row.statement is None
    return [(problem.trouble, problem.where, problem.detail) for problem in row.problems]


def warnings(data: bytes) -> list[tuple[Trouble, str, str]]:
    taken(data)
    return [(problem.trouble, problem.where, problem.detail) for problem in one(data).warnings]
