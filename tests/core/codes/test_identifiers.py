"""Identifiers are valid or are not built; `BadCode.reason` tells a typing mistake (check digit) from another thing (shape)."""

import pytest
from stdnum import luhn

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Gtin, Ins, InsSystem, Rpps

NUMBER = "2850675116042"


def ins(number: str) -> Ins:
    """A test number with its key, computed as the INS reference says: Corsica counts as 19 (2A) or 18 (2B)."""
    key = 97 - int(number.replace("2A", "19").replace("2B", "18")) % 97
    return Ins(f"{number}{key:02}", InsSystem.TEST)


@pytest.mark.parametrize("number", [NUMBER, "185052A004003", "285062B004003", "1850599116042", "2850697116042"])
def test_an_ins_with_its_key_is_taken(number: str) -> None:
    assert ins(number).value.startswith(number)


@pytest.mark.parametrize("position", range(15))
def test_one_wrong_digit_of_an_ins_is_a_wrong_key(position: int) -> None:
    right = ins(NUMBER).value
    wrong = right[:position] + str((int(right[position]) + 1) % 10) + right[position + 1 :]
    with pytest.raises(BadCode, match="check_digit"):
        Ins(wrong, InsSystem.TEST)


def test_a_corsican_ins_has_the_key_of_its_own_department() -> None:
    right = ins("185052A004003").value
    with pytest.raises(BadCode, match="check_digit"):
        Ins(right.replace("2A", "2B"), InsSystem.TEST)


@pytest.mark.parametrize("value", ["", NUMBER, NUMBER + "000", "285062C00400300", " 28506751160420", "2850675116042٤٤"])
def test_what_is_not_written_like_an_ins_is_no_ins(value: str) -> None:
    with pytest.raises(BadCode, match="shape"):
        Ins(value, InsSystem.TEST)


def test_the_systems_of_ins_are_the_four_published_ones() -> None:
    assert {system.rpartition(".")[2] for system in InsSystem} == {"8", "9", "10", "11"}
    assert InsSystem.TEST.value == "urn:oid:1.2.250.1.213.1.4.10"


@pytest.mark.parametrize("stem", ["75000000", "97100000", "13000001"])
def test_a_finess_ends_in_a_luhn_digit(stem: str) -> None:
    value = stem + luhn.calc_check_digit(stem)
    assert Finess(value) == value
    with pytest.raises(BadCode, match="check_digit"):
        Finess(stem + str((int(value[-1]) + 1) % 10))


@pytest.mark.parametrize("value", ["2A0000014", "2B0000020"])
def test_a_corsican_finess_carries_a_letter_and_is_not_checked(value: str) -> None:
    assert Finess(value) == value


@pytest.mark.parametrize(
    "value", ["", "75000000", "7500000000", "2C0000014", "3A0000014", "2a0000014", "A20000014", "75000000\n"]
)
def test_what_is_not_written_like_a_finess_is_no_finess(value: str) -> None:
    with pytest.raises(BadCode, match="shape"):
        Finess(value)


def test_an_rpps_is_eleven_digits_the_last_by_luhn() -> None:
    value = "1000000000" + luhn.calc_check_digit("1000000000")
    assert Rpps(value) == value
    with pytest.raises(BadCode, match="check_digit"):
        Rpps(value[:-1] + str((int(value[-1]) + 1) % 10))
    with pytest.raises(BadCode, match="shape"):
        Rpps(value[:-1])


@pytest.mark.parametrize("value", ["96385074", "614141000036", "4006381333931", "10614141000415"])
def test_a_gtin_has_8_12_13_or_14_digits(value: str) -> None:
    assert Gtin(value) == value
    with pytest.raises(BadCode, match="check_digit"):
        Gtin(value[:-1] + str((int(value[-1]) + 1) % 10))
    with pytest.raises(BadCode, match="shape"):
        Gtin("123" + value)


@pytest.mark.parametrize(("system", "value"), [("", "1"), ("CLIA", ""), ("x" * 201, "1"), ("CLIA", "1" * 101)])
def test_a_foreign_identifier_needs_a_system_and_a_value_of_bounded_length(system: str, value: str) -> None:
    assert ForeignIdentifier("CLIA", "99D1234567").system == "CLIA"
    with pytest.raises(BadCode, match="shape"):
        ForeignIdentifier(system, value)
