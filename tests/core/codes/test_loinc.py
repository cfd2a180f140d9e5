"""LOINC codes: the check digit, and a closed table of the tests that are understood."""

import pytest

from sceau.core.codes.errors import BadCode
from sceau.core.codes.loinc import ASSAYS, Disease, Loinc, Question, assay


@pytest.mark.parametrize("code", ["94558-4", "97097-0", "80382-5", *ASSAYS, *Question])
def test_a_code_with_its_check_digit_is_taken(code: str) -> None:
    assert Loinc(code) == code


@pytest.mark.parametrize("code", ["94558-5", "94585-4", "94557-4", "80383-5"])
def test_a_mistyped_digit_is_a_wrong_check_digit(code: str) -> None:
    with pytest.raises(BadCode, match="check_digit"):
        Loinc(code)


@pytest.mark.parametrize(
    "code", ["", "94558", "945584", "94558-", "94558-44", "-4", "12345678-4", "94558-X", "94558-٤", "9455８-4", " 94558-4"]
)
def test_what_is_not_written_like_a_code_has_the_wrong_shape(code: str) -> None:
    with pytest.raises(BadCode, match="shape"):
        Loinc(code)


def test_a_right_code_outside_the_table_is_unknown() -> None:
    with pytest.raises(BadCode, match="unknown"):
        assay(Loinc("718-7"))  # haemoglobin


def test_a_test_looks_for_one_disease_or_is_a_panel_of_such_tests() -> None:
    for code, found in ASSAYS.items():
        assert assay(Loinc(code)) is found
        assert (found.disease is None) == bool(found.parts)
        assert all(ASSAYS[part].disease and ASSAYS[part].method is found.method for part in found.parts)


def test_every_disease_has_a_test_of_its_own() -> None:
    assert {found.disease for found in ASSAYS.values()} - {None} == set(Disease)
