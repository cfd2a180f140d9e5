"""ACKs: one a message, in the standard's words, and nothing of the sender's that could cut them."""

from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import pytest

from sceau.core.report.errors import Problem, Trouble
from sceau.core.report.hl7v2.acknowledge import Code, Verdict, acknowledge

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
MESSAGE = b"MSH|^~\\&|LIS^1.2.3^ISO|LAB^4.5.6^ISO|SCEAU|X|20261125||ORU^R01^ORU_R01|c-1|P|2.5.1\rPID|1\r"


def lines(data: bytes, *verdicts: Verdict, english: bool = True) -> list[list[str]]:
    names = (UUID(int=number) for number in count(1))
    told = acknowledge(data, verdicts, at=AT, language="en" if english else "fr", name=lambda: next(names))
    return [line.split("|") for line in told.decode().split("\r") if line]


def test_sender_and_receiver_change_places() -> None:
    head, said = lines(MESSAGE, Verdict())
    assert head[:3] == ["MSH", "^~\\&", "SCEAU"]
    assert (head[4], head[5], head[8], head[9], head[10], head[11]) == (
        "LIS^1.2.3^ISO",
        "LAB^4.5.6^ISO",
        "ACK^R01^ACK",
        str(UUID(int=1)),
        "P",
        "2.5.1",
    )
    assert said == ["MSA", "AA", "c-1"]


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("PID-7", "PID^1^7"),
        ("OBX[2]-5.1", "OBX^2^5^1^1"),
        ("MSH", "MSH^1"),
        ("PID-5.10", "PID^1^5^1^10"),
        ("file", ""),
        ("segments", ""),
    ],
)
def test_a_problem_has_its_place(where: str, place: str) -> None:
    *_, error = lines(MESSAGE, Verdict((Problem(Trouble.MISSING, where),), code=Code.ERROR))
    assert (error[0], error[2], error[4]) == ("ERR", place, "E")


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_problem_has_a_condition_of_the_table(trouble: Trouble) -> None:
    *_, error = lines(MESSAGE, Verdict((Problem(trouble, "PID-5"),), code=Code.ERROR))
    code, _, table = error[3].split("^")
    assert code in {"100", "101", "102", "103", "200", "201", "202", "203", "204", "205", "207"}
    assert (table, error[5].split("^")[0]) == ("HL70357", trouble.value)


@pytest.mark.parametrize(
    "trouble", [one for one in Trouble if one.value.startswith("file-") and one is not Trouble.FILE_TOO_LARGE]
)
def test_a_file_that_is_none_is_no_fault_of_ours(trouble: Trouble) -> None:
    *_, error = lines(MESSAGE, Verdict((Problem(trouble, "file"),), code=Code.REJECT))
    assert not error[3].startswith("207")


def test_a_warning_does_not_refuse() -> None:
    _, said, warned = lines(MESSAGE, Verdict(warnings=(Problem(Trouble.LEFT_OUT, "segments", "NTE"),)))
    assert (said[1], warned[4]) == ("AA", "W")


@pytest.mark.parametrize("data", [b"", b"nonsense", b"MSH", b"MSH|", b"\0", b"PID|1\r"])
def test_what_holds_no_message_is_answered_once(data: bytes) -> None:
    said = lines(data, Verdict(code=Code.REJECT, text="no"))
    assert [line for line in said if line[0] == "MSA"] == [["MSA", "AR", "", "no"]]


def test_a_text_cannot_cut_the_answer() -> None:
    said = lines(MESSAGE, Verdict(code=Code.REJECT, text="a|b\rERR|c^d"))
    assert [line[0] for line in said] == ["MSH", "MSA"]
