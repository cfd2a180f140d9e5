"""ReportStream's file: codes only, dates as HL7 writes them, always final."""

from datetime import UTC, datetime

import pytest
from tests.core.report.csv_files import PARIS, REPORTSTREAM, reading, refusals, row, screening, warnings

from sceau.core.codes.snomed import Result
from sceau.core.codes.territory import OUTSIDE
from sceau.core.report.model import Sex, Status


def test_a_row_is_a_whole_statement() -> None:
    statement = row(REPORTSTREAM).statement
    assert statement is not None
    assert (statement.sender, statement.accession, statement.status) == ("CLIA|01D0000001", "R-1", Status.FINAL)
    assert statement.screening.patient.sex is Sex.UNKNOWN
    assert statement.screening.patient.department == OUTSIDE
    assert statement.screening.findings[0].result is Result.NOT_DETECTED
    assert statement.screening.specimen.taken_at == datetime(2021, 12, 21, 19, tzinfo=UTC)
    assert reading(REPORTSTREAM).form == "csv:reportstream"


def test_a_day_alone_is_noon_at_the_pharmacy_and_says_so() -> None:
    statement = row(REPORTSTREAM).statement
    assert statement is not None
    assert statement.issued == datetime(2021, 12, 22, 12, tzinfo=PARIS)
    assert warnings(REPORTSTREAM) == [("Date_result_released", "assumed-zone", "")]


def test_a_result_without_a_released_date_was_released_when_it_was_tested() -> None:
    statement = row(REPORTSTREAM, Date_result_released="").statement
    assert statement is not None
    assert statement.issued == datetime(2021, 12, 21, 12, tzinfo=PARIS)


@pytest.mark.parametrize("blood", ["258580003", "440500007", "119361006", "119364003", "122555007"])
def test_blood_carries_no_respiratory_test(blood: str) -> None:
    assert refusals(REPORTSTREAM, Specimen_type_code=blood) == [("Specimen_type_code", "unknown-code", blood)]


def test_a_person_without_a_sex_is_refused() -> None:
    assert refusals(REPORTSTREAM, Patient_gender="") == [("Patient_gender", "missing", "")]


def test_a_time_with_its_offset_needs_no_assumption() -> None:
    assert warnings(REPORTSTREAM, Date_result_released="202112220800+0100") == []


def test_an_offset_of_ninety_hours_is_none() -> None:
    assert refusals(REPORTSTREAM, Date_result_released="202112220800+9000") == [("Date_result_released", "unreadable", "")]


def test_the_street_s_lines_add_up() -> None:
    address = screening(REPORTSTREAM, Patient_street="1 Sample Street", Patient_street_2="Suite 2").patient.address
    assert address is not None
    assert address.lines == ("1 Sample Street", "Suite 2")
