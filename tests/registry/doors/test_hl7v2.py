"""`POST /hl7v2`: as many ACKs as messages, which a strict parser reads."""

from typing import Any

import hl7  # type: ignore[import-untyped]
import pytest
from tests.registry.doors.conftest import Knock
from tests.registry.doors.plain import BATCH, HL7, MESSAGE, elsewhere, message, outcomes

from sceau.core.keyholder.clients import RegistryClient


def acks(response: Any) -> list[tuple[str, str]]:
    """Code and control id of each ACK."""
    lines = response.content.decode().split("\r")
    return [(fields[1], fields[2]) for line in lines if (fields := [*line.split("|"), ""])[0] == "MSA"]


def errors(response: Any) -> list[list[str]]:
    return [line.split("|") for line in response.content.decode().split("\r") if line.startswith("ERR")]


def test_a_message_is_accepted_under_its_control_id(knock: Knock, keys: RegistryClient) -> None:
    response = knock("/hl7v2", MESSAGE, HL7)
    assert (response.status_code, acks(response)) == (200, [("AA", "774bbcceb302099a8057")])
    ack = hl7.parse(response.content.decode())
    assert (str(ack["MSH"][0][9]), str(ack["MSH"][0][5]), str(ack["MSH"][0][12])) == ("ACK^R01^ACK", "SCEAU", "2.5.1")
    assert outcomes(keys) == {"recorded": 1}


def test_a_batch_is_answered_by_a_batch(knock: Knock, keys: RegistryClient) -> None:
    response = knock("/hl7v2", BATCH, HL7)
    text = response.content.decode()
    assert text.startswith("BHS|")
    assert text.endswith("BTS|3\r")
    assert [code for code, _ in acks(response)] == ["AA"] * 3
    assert sum(outcomes(keys).values()) == 3


def test_what_is_refused_says_where_and_why(knock: Knock) -> None:
    response = knock("/hl7v2", MESSAGE.replace(b"|19950307|", b"||"), HL7)
    assert acks(response) == [("AE", "774bbcceb302099a8057")]
    (error,) = errors(response)
    assert (error[2], error[3], error[4], error[5]) == (
        "PID^1^7",
        "101^Required field missing^HL70357",
        "E",
        "missing^^urn:sceau:trouble",
    )
    assert error[8] == "PID-7: missing: fill it in"


def test_one_wrong_message_of_a_batch_keeps_no_other_out(knock: Knock, keys: RegistryClient) -> None:
    batch = b"BHS|^~\\&|X\r" + message() + message(elsewhere()) + b"BTS|2\r"
    response = knock("/hl7v2", batch, HL7)
    assert [code for code, _ in acks(response)] == ["AA", "AE"]
    assert outcomes(keys) == {"recorded": 1}


def test_a_batch_that_was_cut_is_taken_in_no_part(knock: Knock, keys: RegistryClient) -> None:
    response = knock("/hl7v2", b"BHS|^~\\&|X\r" + message() + b"BTS|2\r", HL7)
    assert (response.status_code, [code for code, _ in acks(response)]) == (422, ["AE"])
    assert outcomes(keys) == {}


def test_no_message_at_all_is_rejected(knock: Knock) -> None:
    response = knock("/hl7v2", b"BHS|^~\\&|X\rBTS|0\r", HL7)
    assert (response.status_code, acks(response)) == (422, [("AR", "")])


@pytest.mark.parametrize("marks", ["#$%@!", "|^~\\&"])
def test_what_the_sender_wrote_comes_back_as_text_only(knock: Knock, marks: str) -> None:
    """Neither his delimiters nor an escape of them cuts our answer."""
    field, component, escape = marks[0], marks[1], marks[3]
    control = f"1{component}2{escape}F{escape}ERR{escape}X0D{escape}ERR"
    header = field.join(["MSH", marks[1:], "LAB", "X", "", "", "20211224110000+0100", "", "ORU^R01", control, "P", "2.5.1"])
    response = knock("/hl7v2", header.encode() + b"\r", HL7)
    assert [line[:3] for line in response.content.decode().split("\r")][:2] == ["MSH", "MSA"]
    assert {line[:3] for line in response.content.decode().split("\r") if line} == {"MSH", "MSA", "ERR"}
    parsed = hl7.parse(response.content.decode())
    assert hl7.Message is type(parsed)
    assert len(parsed["MSA"]) == 1
