"""Files, batches and character sets: a file is told apart into messages, or refused whole."""

import pytest
from tests.core.report.hl7v2_messages import PARIS, message, refusals, screening, taken, warnings

from sceau.core.report.errors import ReportError, Trouble
from sceau.core.report.hl7v2 import read_rows
from sceau.core.report.hl7v2.envelope import MAX_MESSAGES
from sceau.core.report.reading import Row


class TestCharacters:
    def test_a_declared_character_set_is_used(self) -> None:
        sent = message(MSH={18: "8859/1"}).decode().encode("cp1252")
        assert screening(sent).patient.given == ("Inès", "Marie")
        assert warnings(sent) == []

    def test_an_undeclared_one_is_read_as_windows_with_a_warning(self) -> None:
        sent = message().decode().encode("cp1252")
        assert screening(sent).patient.given == ("Inès", "Marie")
        assert warnings(sent) == [(Trouble.READ_AS_CP1252, "MSH-18", "")]

    def test_a_character_set_we_do_not_know_is_refused_where_it_matters(self) -> None:
        sent = message(MSH={18: "8859/2"})
        assert screening(sent).patient.given == ("Inès", "Marie")
        assert refusals(sent.decode().encode("cp1252")) == [(Trouble.UNKNOWN_VALUE, "MSH-18", "")]

    def test_a_name_that_is_no_text_in_any_is_refused(self) -> None:
        assert refusals(message().replace("è".encode(), b"\x81")) == [(Trouble.UNREADABLE, "MSH-18", "")]

    def test_a_byte_order_mark_is_no_part_of_the_message(self) -> None:
        assert taken(b"\xef\xbb\xbf" + message()) == taken(message())


class TestBatches:
    HEAD = b"FHS|^~\\&\rBHS|^~\\&\r"

    def batch(self, messages: int, trailer: bytes) -> list[Row]:
        return list(read_rows(self.HEAD + message() * messages + trailer, PARIS).rows)

    @pytest.mark.parametrize("trailer", [b"BTS|2\rFTS|1\r", b"BTS|2|\nFTS|1|", b"BTS\rFTS\r", b"BTS|02\rFTS|01\r"])
    def test_a_whole_batch_is_taken(self, trailer: bytes) -> None:
        rows = self.batch(2, trailer)
        assert [row.number for row in rows] == [1, 2]
        assert all(row.statement for row in rows)

    @pytest.mark.parametrize(
        ("trailer", "where", "detail"),
        [
            (b"BTS|3\rFTS|1\r", "BTS-1", "2 / 3"),
            (b"BTS|1\rFTS|1\r", "BTS-1", "2 / 1"),
            (b"BTS|2\rFTS|2\r", "FTS-1", "1 / 2"),
            (b"BTS|2\r", "FTS", ""),
            (b"FTS|1\r", "BTS", ""),
        ],
    )
    def test_a_batch_cut_or_miscounted_is_refused_in_every_message(self, trailer: bytes, where: str, detail: str) -> None:
        for row in self.batch(2, trailer):
            assert row.statement is None
            assert [(problem.trouble, problem.where, problem.detail) for problem in row.problems] == [
                (Trouble.FILE_TRUNCATED, where, detail)
            ]

    def test_the_end_of_a_batch_whose_beginning_is_lost_is_refused(self) -> None:
        assert refusals(message() + b"BTS|1\rFTS|1\r") == [
            (Trouble.FILE_TRUNCATED, "BHS", ""),
            (Trouble.FILE_TRUNCATED, "FHS", ""),
        ]

    def test_one_bad_message_does_not_hold_back_the_others(self) -> None:
        data = self.HEAD + message() + message(PID={7: ""}) + b"BTS|2\rFTS|1\r"
        assert [bool(row.statement) for row in read_rows(data, PARIS).rows] == [True, False]

    def test_messages_need_no_batch(self) -> None:
        reading = read_rows(message() * 3, PARIS)
        assert (reading.form, reading.total) == ("hl7v2", 3)
        assert all(row.statement for row in reading.rows)

    def test_messages_caught_from_mllp_are_taken_out_of_their_frames(self) -> None:
        framed = b"\x0b" + message() + b"\x1c\r"
        assert [bool(row.statement) for row in read_rows(framed * 2, PARIS).rows] == [True, True]

    def test_a_batch_may_stand_without_a_file_header(self) -> None:
        assert taken(b"BHS|^~\\&\r" + message() + b"BTS|1\r") == taken(message())

    @pytest.mark.parametrize(
        ("data", "trouble"),
        [
            (b"", Trouble.FILE_EMPTY),
            (b"\r\n \n", Trouble.FILE_EMPTY),
            (b"nom;prenom\nA;B\n", Trouble.FILE_UNKNOWN),
            (b"PID|1\r", Trouble.FILE_UNKNOWN),
            (b"FHS|^~\\&\rBHS|^~\\&\rBTS|0\rFTS|1\r", Trouble.NO_ROWS),
            (b"MSH|\r" * (MAX_MESSAGES + 1), Trouble.TOO_MANY_ROWS),
            (b"MSH|" + b"\n" * 1_000_001, Trouble.TOO_MANY_ROWS),
        ],
    )
    def test_a_file_without_messages_is_refused_whole(self, data: bytes, trouble: Trouble) -> None:
        with pytest.raises(ReportError) as refused:
            read_rows(data, PARIS)
        assert [problem.trouble for problem in refused.value.problems] == [trouble]

    def test_a_line_that_is_no_segment_is_a_cut(self) -> None:
        assert refusals(message("une ligne perdue")) == [(Trouble.FILE_TRUNCATED, "segment 7", "")]

    def test_a_message_of_too_many_segments_is_refused(self) -> None:
        assert refusals(message(*["NTE|1"] * 1_000)) == [(Trouble.TOO_LONG, "MSH", "1007 > 1000")]
