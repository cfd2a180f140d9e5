"""What was tested and found, as OBR, OBX and SPM say it: understood, or refused by name."""

from datetime import UTC, datetime

import pytest
from tests.core.report.hl7v2_messages import FOUND, MESSAGE, TEST, line, message, refusals, screening, taken

from sceau.core.codes.snomed import SpecimenType
from sceau.core.report.errors import Trouble
from sceau.core.report.model import Status


class TestTheTest:
    def test_the_observation_decides_where_the_order_has_no_code(self) -> None:
        assert screening(message(OBR={4: "^SARS-CoV-2 Ag^LN"})).loinc == "94558-4"
        assert screening(message(OBR={4: "COVAG^Covid^L"})).loinc == "94558-4"

    def test_a_local_code_may_stand_before_the_loinc(self) -> None:
        assert screening(message(OBX={3: "COVAG^Covid^L^94558-4^SARS-CoV-2 Ag^LN"})).loinc == "94558-4"

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("94558-4^Ag^km36ck", (Trouble.UNKNOWN_SYSTEM, "OBX[1]-3.3", "km36ck")),
            ("94558-4^Ag", (Trouble.UNKNOWN_SYSTEM, "OBX[1]-3.3", "")),
            ("94558-5^Ag^LN", (Trouble.BAD_CHECK_DIGIT, "OBX[1]-3.1", "94558-5")),
            ("2345-7^Glucose^LN", (Trouble.UNKNOWN_CODE, "OBX[1]-3.1", "2345-7")),
            ("^Ag^LN", (Trouble.MISSING, "OBX[1]-3.1", "")),
            ("", (Trouble.MISSING, "OBX[1]-3.1", "")),
            ("Ag^Ag^LN", (Trouble.BAD_SHAPE, "OBX[1]-3.1", "Ag")),
        ],
    )
    def test_a_test_not_understood_is_refused_by_name(self, code: str, expected: tuple[Trouble, str, str]) -> None:
        assert refusals(message(OBX={3: code})) == [expected]

    def test_an_order_with_a_wrong_check_digit_is_refused_by_name(self) -> None:
        assert refusals(message(OBR={4: "94558-5^Ag^LN"})) == [(Trouble.BAD_CHECK_DIGIT, "OBR-4", "94558-5")]

    def test_an_order_and_a_result_of_different_tests_are_refused(self) -> None:
        assert refusals(message(OBR={4: "97097-0^Ag^LN"})) == [(Trouble.RESULT_FOREIGN, "OBX-3", "94558-4")]

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({5: ""}, (Trouble.RESULT_MISSING, "OBX[1]-5", "")),
            ({5: "260373001^Detected^km36ck"}, (Trouble.UNKNOWN_SYSTEM, "OBX[1]-5.3", "km36ck")),
            ({5: "445297001^Swab^SCT"}, (Trouble.UNKNOWN_CODE, "OBX[1]-5.1", "445297001")),
            ({5: "260373002^Detected^SCT"}, (Trouble.BAD_CHECK_DIGIT, "OBX[1]-5.1", "260373002")),
            ({5: f"{FOUND}~260415000^Not detected^SCT"}, (Trouble.RESULT_TWICE, "OBX[1]-5", "")),
            ({2: "ST", 5: "Positif"}, (Trouble.UNKNOWN_VALUE, "OBX[1]-2", "ST")),
        ],
    )
    def test_a_result_not_understood_is_refused_by_name(self, change: dict[int, str], expected: tuple[Trouble, str, str]) -> None:
        assert refusals(message(OBX=change)) == [expected]

    def test_older_and_decorated_types_of_value_are_tolerated(self) -> None:
        assert screening(message(OBX={2: "CE"})) == screening(message(OBX={2: "CWE^^HL70125"})) == screening(message())

    def test_a_message_without_an_observation_has_no_result(self) -> None:
        assert refusals(message(OBX=None)) == [(Trouble.RESULT_MISSING, "OBX", "")]

    def test_a_value_that_could_be_somebodys_is_not_repeated(self) -> None:
        assert refusals(message(OBX={3: "94558-4^Ag^Inès Exemple"})) == [(Trouble.UNKNOWN_SYSTEM, "OBX[1]-3.3", "")]


class TestAPanel:
    COVID, FLU_A, FLU_B = "97097-0^^LN", "80382-5^^LN", "80383-3^^LN"

    def also(self, number: int, code: str, **more: str) -> str:
        return line("OBX", {**MESSAGE["OBX"], 1: str(number), 3: code, **{int(name[1:]): text for name, text in more.items()}})

    def test_several_results_under_one_order(self) -> None:
        sent = message(self.also(2, self.FLU_A), OBR={4: "97099-6^Panel^LN"}, OBX={3: self.COVID})
        assert screening(sent).loinc == "97099-6"
        assert [finding.loinc for finding in screening(sent).findings] == ["97097-0", "80382-5"]

    def test_several_orders_of_one_result_each_are_the_panel_they_belong_to(self) -> None:
        order = line("OBR", {**MESSAGE["OBR"], 4: self.FLU_B})
        sent = message(order, self.also(1, self.FLU_B), OBR={4: self.COVID}, OBX={3: self.COVID})
        assert screening(sent).loinc == "97099-6"

    def test_results_of_no_common_panel_are_refused(self) -> None:
        sent = message(self.also(2, "78012-2^^LN"), OBR={4: ""})
        assert refusals(sent) == [(Trouble.RESULT_FOREIGN, "OBX-3", "78012-2")]

    def test_the_same_result_twice_is_refused(self) -> None:
        assert refusals(message(self.also(2, TEST))) == [(Trouble.RESULT_TWICE, "OBX-3", "")]

    def test_another_result_that_is_not_understood_refuses_the_message(self) -> None:
        assert refusals(message(self.also(2, "2345-7^^LN"))) == [(Trouble.UNKNOWN_CODE, "OBX[2]-3.1", "2345-7")]
        assert refusals(message(self.also(2, "94558-4^^q7x"))) == [(Trouble.UNKNOWN_SYSTEM, "OBX[2]-3.3", "q7x")]

    def test_one_part_corrected_makes_a_correction(self) -> None:
        sent = message(self.also(2, self.FLU_A, f11="C"), OBR={4: "97099-6^Panel^LN", 25: ""}, OBX={3: self.COVID})
        assert taken(sent).status is Status.CORRECTED

    def test_one_part_withdrawn_alone_is_refused(self) -> None:
        sent = message(self.also(2, self.FLU_A, f11="X"), OBR={4: "97099-6^Panel^LN"}, OBX={3: self.COVID})
        assert refusals(sent) == [(Trouble.UNKNOWN_VALUE, "OBX-11", "X")]


class TestTheSpecimen:
    def test_the_specimen_is_needed(self) -> None:
        assert refusals(message(SPM=None)) == [(Trouble.MISSING, "SPM-4", "")]

    def test_older_senders_name_it_in_the_order(self) -> None:
        sent = message(SPM=None, OBR={15: "445297001&Swab&SCT"})
        assert screening(sent).specimen.type is SpecimenType.NASAL

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("122555007^Blood^SCT", (Trouble.UNKNOWN_CODE, "SPM-4.1", "122555007")),
            ("NASO^Swab^L", (Trouble.UNKNOWN_SYSTEM, "SPM-4.3", "L")),
        ],
    )
    def test_another_specimen_is_refused_by_name(self, code: str, expected: tuple[Trouble, str, str]) -> None:
        assert refusals(message(SPM={4: code})) == [expected]

    def test_two_specimens_of_different_kinds_are_refused(self) -> None:
        other = line("SPM", {4: "445297001^Swab^SCT"})
        assert refusals(message(other)) == [(Trouble.SPECIMEN_UNFIT, "SPM[2]-4", "")]

    def test_it_was_taken_when_the_order_or_else_the_specimen_says(self) -> None:
        sent = message(OBR={7: ""})
        assert screening(sent).specimen.taken_at == datetime(2021, 12, 24, 9, 10, tzinfo=UTC)
        assert refusals(message(OBR={7: ""}, SPM={17: ""})) == [(Trouble.MISSING, "OBR-7", "")]
