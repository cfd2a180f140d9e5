"""Where a postal code lies. What is no French postal code is refused, never guessed."""

import pytest

from sceau.core.codes.errors import BadCode
from sceau.core.codes.territory import DEPARTMENTS, OUTSIDE, Department, department_of


@pytest.mark.parametrize(
    ("postal_code", "department"),
    [
        ("01000", "01"), ("69003", "69"), ("75116", "75"), ("95880", "95"),
        ("20000", "2A"), ("20137", "2A"), ("20200", "2B"), ("20290", "2B"), ("20600", "2B"),
        ("97110", "971"), ("97133", "977"), ("97150", "978"), ("97200", "972"), ("97300", "973"), ("97400", "974"),
        ("97500", "975"), ("97600", "976"), ("98600", "986"), ("98714", "987"), ("98800", "988"),
    ],
)  # fmt: skip
def test_a_postal_code_lies_in_a_department(postal_code: str, department: str) -> None:
    assert department_of(postal_code) == department


@pytest.mark.parametrize(
    "postal_code", ["00000", "00100", "96000", "97000", "97900", "98000", "98400", "99999", "20500", "20900"]
)
def test_a_code_of_no_department_is_refused(postal_code: str) -> None:
    with pytest.raises(BadCode, match="unknown"):
        department_of(postal_code)


@pytest.mark.parametrize("postal_code", ["", "7500", "750010", "2A000", "F-75001", "75 001", "٧٥٠٠١", "75001\n"])
def test_what_is_not_five_digits_has_the_wrong_shape(postal_code: str) -> None:
    with pytest.raises(BadCode, match="shape"):
        department_of(postal_code)


def test_there_are_96_departments_in_metropolitan_france_and_11_overseas() -> None:
    assert len(DEPARTMENTS) == 96 + 11
    assert "20" not in DEPARTMENTS


def test_a_residence_abroad_is_outside() -> None:
    assert Department(OUTSIDE) == "outside"


@pytest.mark.parametrize("value", ["", "1", "20", "2a", "96", "970", "France"])
def test_any_other_string_is_no_department(value: str) -> None:
    with pytest.raises(BadCode, match="unknown"):
        Department(value)
