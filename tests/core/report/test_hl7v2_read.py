"""What others' HL7 v2.5.1 says of itself: sender, type, mode, delimiters, status, times, and what makes two messages the same."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.core.report.hl7v2_messages import message, one, refusals, screening, taken, warnings

from sceau.core.codes.identifiers import ForeignIdentifier
from sceau.core.codes.snomed import Result
from sceau.core.report.errors import Trouble
from sceau.core.report.model import Status


def test_a_plain_message_is_taken_without_a_warning() -> None:
    statement = taken(message())
    assert one(message()).warnings == ()
    assert (statement.sender, statement.accession, statement.status) == ("1.2.3.9", "F-1", Status.FINAL)
    assert statement.issued == datetime(2021, 12, 24, 10, 0, tzinfo=UTC)
    assert statement.screening.specimen.taken_at == datetime(2021, 12, 24, 9, 15, tzinfo=UTC)
    assert statement.screening.performer.foreign == ForeignIdentifier("urn:oid:1.2.3.4", "LAB-7")
    assert [finding.result for finding in statement.screening.findings] == [Result.DETECTED]


class TestTheHeader:
    @pytest.mark.parametrize("mode", ["T", "D"])
    def test_trials_and_debugging_are_not_for_production(self, mode: str) -> None:
        assert refusals(message(MSH={11: mode})) == [(Trouble.NOT_FOR_PRODUCTION, "MSH-11", mode)]

    def test_a_message_that_does_not_say_its_mode_is_refused(self) -> None:
        assert refusals(message(MSH={11: ""})) == [(Trouble.MISSING, "MSH-11", "")]

    def test_another_type_of_message_is_refused(self) -> None:
        assert refusals(message(MSH={9: "ADT^A01"})) == [(Trouble.UNKNOWN_VALUE, "MSH-9", "ADT^A01")]

    def test_another_major_version_is_refused(self) -> None:
        assert refusals(message(MSH={12: "3.0"})) == [(Trouble.UNKNOWN_VALUE, "MSH-12", "3.0")]

    @pytest.mark.parametrize("marks", ["^~\\", "^~\\^", "A~\\&", "^~\\1", "^^^^", "^~\\&#", "", "^ \\&"])
    def test_delimiters_are_four_more_distinct_punctuation_characters(self, marks: str) -> None:
        assert refusals(message(MSH={2: marks})) == [(Trouble.BAD_SHAPE, "MSH-2", "")]

    def test_other_delimiters_are_as_good(self) -> None:
        others = message().decode().translate(str.maketrans("|^~&", "#!%@"))
        assert screening(others.encode()) == screening(message())

    def test_the_sender_is_the_application_where_no_facility_is_named(self) -> None:
        assert taken(message(MSH={4: ""})).sender == "LIS"
        assert refusals(message(MSH={3: "", 4: ""})) == [(Trouble.MISSING, "MSH-4", "")]

    def test_a_sender_with_a_control_character_is_refused(self) -> None:
        assert refusals(message(MSH={4: "LA\\X0D\\BO"})) == [(Trouble.CONTROL_CHARACTER, "MSH-4", "")]

    @pytest.mark.parametrize(
        ("order", "specimen", "accession"),
        [
            ({3: ""}, {}, "P-1"),
            ({2: "", 3: ""}, {2: "S-1^S-2"}, "S-2"),
            ({2: "", 3: ""}, {2: "S-1"}, "S-1"),
            ({2: "", 3: ""}, {2: ""}, None),
        ],
    )
    def test_the_accession_is_the_fillers_or_placers_or_specimens(
        self, order: dict[int, str], specimen: dict[int, str], accession: str | None
    ) -> None:
        assert taken(message(OBR=order, SPM=specimen)).accession == accession


class TestTheStatus:
    @pytest.mark.parametrize(
        ("order", "result", "status"),
        [
            ("F", "F", Status.FINAL),
            ("", "F", Status.FINAL),
            ("C", "F", Status.CORRECTED),
            ("F", "C", Status.CORRECTED),
            ("F^Final^HL70123", "F^Final^HL70085", Status.FINAL),
            ("X", "X", Status.ENTERED_IN_ERROR),
            ("F", "W", Status.ENTERED_IN_ERROR),
            ("X", "F", Status.ENTERED_IN_ERROR),
        ],
    )
    def test_order_and_result_make_one_status(self, order: str, result: str, status: Status) -> None:
        assert taken(message(OBR={25: order}, OBX={11: result})).status is status

    @pytest.mark.parametrize(
        ("order", "result", "expected"),
        [
            ("P", "F", (Trouble.UNKNOWN_VALUE, "OBR-25", "P")),
            ("F", "P", (Trouble.UNKNOWN_VALUE, "OBX[1]-11", "P")),
            ("F", "", (Trouble.MISSING, "OBX[1]-11", "")),
        ],
    )
    def test_any_other_status_is_refused(self, order: str, result: str, expected: tuple[Trouble, str, str]) -> None:
        assert refusals(message(OBR={25: order}, OBX={11: result})) == [expected]

    def test_a_cancellation_still_says_which_screening(self) -> None:
        cancelled = message(OBR={25: "X"}, OBX={11: "X"})
        assert screening(cancelled) == screening(message())
        assert refusals(message(OBR={25: "X"}, OBX={5: ""})) == [(Trouble.RESULT_MISSING, "OBX[1]-5", "")]


class TestTimes:
    def test_a_time_without_an_offset_is_the_pharmacys_with_a_warning(self) -> None:
        sent = message(OBR={7: "202107140900"})
        assert screening(sent).specimen.taken_at == datetime(2021, 7, 14, 7, 0, tzinfo=UTC)
        assert warnings(sent) == [(Trouble.ASSUMED_ZONE, "OBR-7", "")]

    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("2021122410+0100", datetime(2021, 12, 24, 9, tzinfo=UTC)),
            (
                "20211224101530.25-0330",
                datetime(2021, 12, 24, 10, 15, 30, 250_000, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
            ),
            ("20211224+0100", datetime(2021, 12, 23, 23, tzinfo=UTC)),
        ],
    )
    def test_times_are_read_to_what_they_say(self, text: str, read: datetime) -> None:
        assert screening(message(OBR={7: text})).specimen.taken_at == read

    @pytest.mark.parametrize(
        "text",
        [
            "2021",
            "202112",
            "202112241",
            "20211224256000",
            "20211224101",
            "20211224+01",
            "20211224+2500",
            "99991231+0000",
            "\u0662" * 8,
        ],
    )
    def test_what_is_no_time_is_refused(self, text: str) -> None:
        assert refusals(message(OBR={7: text})) == [(Trouble.UNREADABLE, "OBR-7", "")]

    def test_it_was_issued_when_its_status_changed_or_else_sent(self) -> None:
        assert taken(message(OBR={22: ""}, MSH={7: "20211225+0000"})).issued == datetime(2021, 12, 25, tzinfo=UTC)
        assert refusals(message(OBR={22: ""}, MSH={7: ""})) == [(Trouble.MISSING, "OBR-22", "")]


class TestSameness:
    def test_sending_again_changes_nothing_of_what_was_said(self) -> None:
        again = message(MSH={7: "20220101", 10: "43"}, SFT={2: "2.0"}).replace(b"\r", b"|||\r\n")
        batch = b"FHS|^~\\&|X\rBHS|^~\\&|Y\r" + message() + b"BTS|1\rFTS|1\r"
        assert one(again).canonical == one(message()).canonical == one(batch).canonical

    @pytest.mark.parametrize(
        "change", [{"PID": {5: "Exemple^Inés"}}, {"OBX": {11: "C"}}, {"MSH": {4: "AUTRE"}}, {"OBR": {3: "F-2"}}]
    )
    def test_saying_anything_else_does(self, change: dict[str, dict[int, str] | None]) -> None:
        assert one(message(**change)).canonical != one(message()).canonical


def test_no_problem_repeats_what_a_person_said() -> None:
    rows = [one(message(PID={5: "Exemple^Inès\\X07\\", 7: "Exemple", 8: "Exemple", 3: "Exemple^^^&1.2.250.1.213.1.4.10&ISO"}))]
    said = " ".join(problem.text("fr") for row in rows for problem in row.problems)
    assert not re.search("Exemple|Inès", said)
