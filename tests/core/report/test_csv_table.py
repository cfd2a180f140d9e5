"""Any table: how rows are counted, what makes two the same, and when a whole file is refused."""

import csv
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.report.csv_files import PARIS, REPORTSTREAM, SIMPLEREPORT, TEMPLATE, reading, row, text

from sceau.core.report.csv import read_rows
from sceau.core.report.errors import ReportError


def refused(file: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ReportError) as error:
        read_rows(file, PARIS)
    return [(problem.where, problem.trouble.value, problem.detail) for problem in error.value.problems]


def test_rows_are_numbered_from_one_below_the_header_blank_ones_counted() -> None:
    lines = text(SIMPLEREPORT, SIMPLEREPORT, SIMPLEREPORT).split("\r\n")
    lines.insert(2, "")
    lines.insert(4, "," * (len(SIMPLEREPORT) - 1))
    found = read_rows("\r\n".join(lines), PARIS)
    assert found.total == 3
    assert [row.number for row in found.rows] == [1, 3, 5]


def test_rows_are_read_only_when_they_are_asked_for() -> None:
    rows = reading(*[SIMPLEREPORT] * 50).rows
    assert next(rows).number == 1


def test_canonical_does_not_depend_on_the_order_of_the_columns_nor_on_blanks() -> None:
    turned = dict(reversed(SIMPLEREPORT.items()))
    [one] = reading(SIMPLEREPORT).rows
    [other] = reading(turned | {"patient_city": " Sampleton ", "comment": " "}).rows
    assert one.canonical == other.canonical


def test_canonical_tells_rows_apart_whatever_they_hold() -> None:
    cells = [("x", "y=z"), ("x=y", "z"), ('x","comment2', "y"), ("x", 'y"],["comment2')]
    rows = [row(SIMPLEREPORT, comment=one, comment2=two).canonical for one, two in cells]
    assert len(set(rows)) == len(cells)


def test_canonical_holds_what_is_left_out_too() -> None:
    assert row(SIMPLEREPORT).canonical != row(SIMPLEREPORT, patient_race="White").canonical


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end: str) -> None:
    file = text(SIMPLEREPORT, SIMPLEREPORT | {"patient_street": '1 "Sample", Street'}).replace("\r\n", end)
    assert [row.problems for row in read_rows(file, PARIS).rows] == [(), ()]


def test_a_row_cut_short_is_refused_and_the_others_are_taken() -> None:
    file = text(SIMPLEREPORT, SIMPLEREPORT)
    first, second = read_rows(file[: file.rindex(",12/21/2021")], PARIS).rows
    assert first.statement is not None
    assert [problem.trouble.value for problem in second.problems] == ["row-short"]


def test_a_row_with_more_cells_than_the_header_is_refused_unless_they_are_empty() -> None:
    line = text(SIMPLEREPORT).strip()
    [padded] = read_rows(line + ",,", PARIS).rows
    [long] = read_rows(line + ",x", PARIS).rows
    assert padded.statement is not None
    assert [problem.trouble.value for problem in long.problems] == ["row-long"]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("", [("file", "file-empty", "")]),
        (" \r\n;;\r\n", [("file", "file-empty", "")]),
        ("bonjour\r\nle monde", [("file", "file-unknown", "")]),
        (text(SIMPLEREPORT).split("\r\n")[0], [("file", "no-rows", "")]),
        (text(SIMPLEREPORT) + '"', [("line 3", "file-truncated", "")]),
        (text(SIMPLEREPORT) + '"a"b,', [("line 3", "unreadable", "")]),
        (text(SIMPLEREPORT) + "\0", [("file", "file-nul", "")]),
        (text(SIMPLEREPORT).replace("patient_race", "test_result"), [("test_result", "column-twice", "")]),
        ("\ud800", [("file", "unreadable", "")]),
    ],
)
def test_a_broken_file_is_refused_before_any_row(file: str, why: list[tuple[str, str, str]]) -> None:
    assert refused(file) == why


def test_every_column_that_the_dialect_needs_and_the_header_lacks_is_named() -> None:
    lacking = {name: cell for name, cell in REPORTSTREAM.items() if name not in ("Result_ID", "Patient_DOB")}
    assert refused(text(lacking)) == [
        ("Result_ID", "column-missing", "csv:reportstream"),
        ("Patient_DOB", "column-missing", "csv:reportstream"),
    ]


def test_a_table_of_no_dialect_is_told_the_nearest_and_what_it_needs() -> None:
    first, *lacks = refused("site,first_name,last_name,dob\r\n1,2,3,4")
    assert first == ("file", "file-unknown", "≈ csv:simplereport")
    assert ("patient_first_name", "column-missing", "csv:simplereport") in lacks
    assert refused("nom,prenoms\r\n1,2")[0] == ("file", "file-unknown", "≈ csv:sceau")


@pytest.mark.parametrize(
    ("base", "form"), [(TEMPLATE, "csv:sceau"), (SIMPLEREPORT, "csv:simplereport"), (REPORTSTREAM, "csv:reportstream")]
)
def test_the_header_tells_the_dialect(base: dict[str, str], form: str) -> None:
    assert reading(base).form == form


def test_the_parser_s_process_wide_limit_is_left_alone() -> None:
    before = csv.field_size_limit()
    list(reading(SIMPLEREPORT).rows)
    assert csv.field_size_limit() == before


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from([TEMPLATE, SIMPLEREPORT, REPORTSTREAM]),
    st.sampled_from(['"', '""', ",", ";", "\t", "\r", "\n", "\0", "'", "=", "\\", "é", "\u2028", "٣", "\ud800", "9" * 20, "-"]),
    st.integers(0, 2_000),
    st.integers(0, 5),
)
def test_a_file_spoilt_anywhere_gives_rows_or_a_refusal(base: dict[str, str], spoilt: str, place: int, gone: int) -> None:
    file = text(base, base)
    place %= len(file)
    with suppress(ReportError):
        for row in read_rows(file[:place] + spoilt + file[place + gone :], PARIS).rows:
            assert (row.statement is None) == bool(row.problems)


@pytest.mark.parametrize("base", [TEMPLATE, SIMPLEREPORT, REPORTSTREAM])
@given(data=st.data())
def test_whatever_a_cell_holds_its_row_is_taken_or_refused(base: dict[str, str], data: st.DataObject) -> None:
    cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
    spoilt = row(base, **{data.draw(st.sampled_from(sorted(base))): data.draw(cells)})
    assert (spoilt.statement is None) == bool(spoilt.problems)
