"""SNOMED CT identifiers: the Verhoeff digit, and closed lists of results and specimens."""

import pytest

from sceau.core.codes import snomed
from sceau.core.codes.errors import BadCode
from sceau.core.codes.snomed import RESULT_DISPLAY, Result, Sctid, SpecimenType, read_result, read_specimen


@pytest.mark.parametrize("code", [*snomed._RESULTS, *snomed._SPECIMENS, "840539006"])
def test_an_identifier_with_its_check_digit_is_taken(code: str) -> None:
    assert Sctid(code) == code


@pytest.mark.parametrize("code", ["260373002", "260373010", "260337001", "206373001", "840539000"])
def test_a_mistyped_or_swapped_digit_is_a_wrong_check_digit(code: str) -> None:
    with pytest.raises(BadCode, match="check_digit"):
        Sctid(code)


@pytest.mark.parametrize("code", ["", "26037", "0260373001", "2603730012603730010", "26037300a", "26037300١", "260373001 "])
def test_what_is_not_written_like_an_identifier_has_the_wrong_shape(code: str) -> None:
    with pytest.raises(BadCode, match="shape"):
        Sctid(code)


def test_what_we_write_reads_back() -> None:
    assert [read_result(result.value) for result in Result] == list(Result)
    assert [read_specimen(specimen.value) for specimen in SpecimenType] == list(SpecimenType)
    assert set(RESULT_DISPLAY) == set(Result)


def test_other_codes_in_use_are_read_as_ours() -> None:
    assert read_result("455371000124106") is Result.INCONCLUSIVE
    assert read_specimen("697989009") is SpecimenType.NASAL
    assert read_specimen("258467004") is SpecimenType.NASOPHARYNGEAL_ASPIRATE


@pytest.mark.parametrize(("code", "reason"), [("840539006", "unknown"), ("260373002", "check_digit"), ("positive", "shape")])
def test_any_other_is_neither_a_result_nor_a_specimen_and_says_why(code: str, reason: str) -> None:
    for read in (read_result, read_specimen):
        with pytest.raises(BadCode) as caught:
            read(code)
        assert caught.value.reason == reason
