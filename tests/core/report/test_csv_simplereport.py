"""SimpleReport's bulk upload: words or codes, American dates, columns in any order; every refusal names the column."""

from datetime import UTC, date, datetime

import pytest
from tests.core.report.csv_files import PARIS, SIMPLEREPORT, reading, refusals, row, screening, warnings

from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import OUTSIDE
from sceau.core.report.errors import Trouble
from sceau.core.report.model import Pregnancy, Sex, Status


def test_a_row_is_a_whole_statement() -> None:
    statement = row(SIMPLEREPORT).statement
    assert statement is not None
    assert (statement.sender, statement.accession, statement.status) == ("CLIA|01D0000001", "A-1", Status.FINAL)
    assert statement.issued == datetime(2021, 12, 21, 20, 30, tzinfo=UTC)
    patient = statement.screening.patient
    assert (patient.family, patient.given, patient.birth_date, patient.sex) == (
        "Vaillant",
        ("Rosa",),
        date(1962, 1, 20),
        Sex.FEMALE,
    )
    assert (patient.phone, patient.email) == ("555-010-2800", "rosa@example.org")
    assert statement.screening.specimen.type is SpecimenType.NASAL
    assert statement.screening.specimen.taken_at == datetime(2021, 12, 21, 19, tzinfo=UTC)
    assert [(finding.loinc, finding.result) for finding in statement.screening.findings] == [("94534-5", Result.DETECTED)]
    assert statement.screening.kit is not None
    assert statement.screening.kit.name == "Sample Device"
    assert statement.screening.symptomatic is True
    assert statement.screening.onset == date(2021, 12, 19)
    assert statement.screening.pregnancy is Pregnancy.NOT_PREGNANT


def test_an_american_zip_code_is_never_a_french_department() -> None:
    patient = screening(SIMPLEREPORT).patient
    assert patient.department == OUTSIDE
    assert patient.address is not None
    assert (patient.address.postal_code, patient.address.country) == ("35226", "US")


def test_the_middle_name_is_a_second_given_name() -> None:
    assert screening(SIMPLEREPORT, patient_middle_name="May").patient.given == ("Rosa", "May")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Positive", Result.DETECTED),
        ("DETECTED", Result.DETECTED),
        ("260373001", Result.DETECTED),
        ("Negative", Result.NOT_DETECTED),
        ("not detected", Result.NOT_DETECTED),
        ("Invalid Result", Result.INCONCLUSIVE),
        ("455371000124106", Result.INCONCLUSIVE),
    ],
)
def test_results_are_words_or_codes(said: str, meant: Result) -> None:
    assert screening(SIMPLEREPORT, test_result=said).findings[0].result is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Anterior nares swab", SpecimenType.NASAL),
        ("697989009", SpecimenType.NASAL),
        ("THROAT SWAB", SpecimenType.THROAT),
        ("Nasopharyngeal swab", SpecimenType.NASOPHARYNGEAL),
        ("119342007", SpecimenType.SALIVA),
    ],
)
def test_specimens_are_names_or_codes(said: str, meant: SpecimenType) -> None:
    assert screening(SIMPLEREPORT, specimen_type=said).specimen.type is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("M", Sex.MALE), ("FEMALE", Sex.FEMALE), ("O", Sex.OTHER), ("a", Sex.OTHER), ("U", Sex.UNKNOWN), ("N", Sex.UNKNOWN)],
)
def test_the_sex_is_a_letter_of_table_0001_or_a_word(said: str, meant: Sex) -> None:
    assert screening(SIMPLEREPORT, patient_gender=said).patient.sex is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("", Status.FINAL), ("F", Status.FINAL), ("C", Status.CORRECTED)],
)
def test_a_result_without_a_status_is_final(said: str, meant: Status) -> None:
    statement = row(SIMPLEREPORT, test_result_status=said).statement
    assert statement is not None
    assert statement.status is meant


def test_dates_left_out_are_taken_from_the_guide_s_next_best_column() -> None:
    statement = row(SIMPLEREPORT, date_result_released="", specimen_collection_date="").statement
    assert statement is not None
    assert statement.issued == datetime(2021, 12, 21, 20, tzinfo=UTC)
    assert statement.screening.specimen.taken_at == datetime(2021, 12, 20, 19, tzinfo=UTC)


def test_a_date_that_cannot_be_read_is_not_replaced_by_the_next_best() -> None:
    assert refusals(SIMPLEREPORT, specimen_collection_date="13/25/2021") == [("specimen_collection_date", "unreadable", "")]


def test_a_day_alone_is_noon_at_the_pharmacy_and_says_so() -> None:
    changes = {"specimen_collection_date": "12/21/2021"}
    assert screening(SIMPLEREPORT, **changes).specimen.taken_at == datetime(2021, 12, 21, 12, tzinfo=PARIS)
    assert warnings(SIMPLEREPORT, **changes) == [("specimen_collection_date", "assumed-zone", "")]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"test_performed_code": "50697-2"}, ("test_performed_code", "unknown-code", "50697-2")),
        ({"test_performed_code": "94558-5"}, ("test_performed_code", "bad-check-digit", "94558-5")),
        ({"test_performed_code": "Covid"}, ("test_performed_code", "bad-shape", "")),
        ({"test_performed_code": "97099-6"}, ("test_result", "result-foreign", "97099-6")),
        ({"test_performed_code": ""}, ("test_performed_code", "missing", "")),
        ({"test_result": "maybe"}, ("test_result", "unknown-value", "")),
        ({"test_result": "10828004"}, ("test_result", "unknown-code", "10828004")),
        ({"test_result": ""}, ("test_result", "missing", "")),
        ({"specimen_type": "Venous blood specimen"}, ("specimen_type", "unknown-value", "")),
        ({"specimen_type": "122555007"}, ("specimen_type", "unknown-code", "122555007")),
        ({"specimen_type": "1"}, ("specimen_type", "bad-shape", "")),
        ({"test_result_status": "P"}, ("test_result_status", "unknown-value", "")),
        ({"test_result_status": "X"}, ("test_result_status", "unknown-value", "")),
        ({"patient_last_name": ""}, ("patient_last_name", "missing", "")),
        ({"patient_last_name": "x" * 101}, ("patient_last_name", "too-long", "101 > 100")),
        ({"patient_first_name": "Ro\x07sa"}, ("patient_first_name", "control-character", "")),
        ({"patient_dob": "20/1/1962"}, ("patient_dob", "unreadable", "")),
        ({"patient_dob": "1/20/1862"}, ("patient_dob", "unreadable", "")),
        ({"patient_dob": "12/23/2021"}, ("specimen_collection_date", "before-birth", "")),
        ({"patient_gender": ""}, ("patient_gender", "missing", "")),
        ({"testing_lab_clia": "x"}, ("testing_lab_clia", "bad-shape", "")),
        ({"testing_lab_clia": ""}, ("testing_lab_clia", "missing", "")),
        ({"testing_lab_name": ""}, ("testing_lab_name", "missing", "")),
        ({"accession_number": ""}, ("accession_number", "missing", "")),
        ({"test_result_date": "12/21/2021 15:00 XYZ", "date_result_released": ""}, ("test_result_date", "unknown-value", "XYZ")),
        ({"illness_onset_date": "12/24/2021"}, ("illness_onset_date", "onset-after-test", "")),
    ],
)
def test_what_a_result_counts_by_is_strict(changes: dict[str, str], refused: tuple[str, str, str]) -> None:
    assert refusals(SIMPLEREPORT, **changes) == [refused]


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    changes = {"patient_dob": "x", "test_result": "x", "specimen_type": "", "illness_onset_date": "12/24/2021"}
    assert [where for where, _, _ in refusals(SIMPLEREPORT, **changes)] == [
        "patient_dob",
        "test_result",
        "specimen_type",
        "illness_onset_date",
    ]


def test_a_problem_never_repeats_what_the_cell_holds() -> None:
    refused = row(
        SIMPLEREPORT, patient_dob="Secret", test_result="Secret", testing_lab_clia="Secret", test_performed_code="Secret"
    )
    said = [problem.text(language) for problem in refused.problems for language in ("fr", "en")]
    assert len(said) == 8
    assert not any("Secret" in line for line in said)


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("pregnant", "perhaps", "unknown-value"),
        ("symptomatic_for_disease", "x", "unknown-value"),
        ("illness_onset_date", "yesterday", "unreadable"),
        ("patient_email", "x" * 201, "too-long"),
    ],
)
def test_an_optional_answer_not_understood_is_left_out_and_said(column: str, cell: str, why: str) -> None:
    assert warnings(SIMPLEREPORT, **{column: cell}) == [(column, "left-out", why)]


def test_an_unknown_answer_is_no_answer() -> None:
    assert screening(SIMPLEREPORT, symptomatic_for_disease="UNK").symptomatic is None


def test_columns_we_do_not_read_are_told_once() -> None:
    [warning] = reading(SIMPLEREPORT, SIMPLEREPORT).warnings
    assert (warning.trouble, warning.where, warning.detail) == (Trouble.LEFT_OUT, "columns", "2: patient_state, patient_race")
