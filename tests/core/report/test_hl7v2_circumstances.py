"""Who tested, with what, and the questions asked: kept where understood, or else left out with a warning."""

from datetime import date

import pytest
from tests.core.report.hl7v2_messages import line, message, refusals, screening, warnings

from sceau.core.codes.identifiers import ForeignIdentifier
from sceau.core.report.errors import Trouble
from sceau.core.report.model import Kit, Pregnancy


class TestThePerformer:
    @pytest.mark.parametrize(
        ("organisation", "order", "system", "number"),
        [
            ("Labo^^^^^CLIA&2.16.840.1.113883.4.7&ISO^XX^^^10D0000001", "F-1", "urn:oid:2.16.840.1.113883.4.7", "10D0000001"),
            ("Labo^^^^^&https://example.org/labs&URI^XX^^^7", "F-1", "https://example.org/labs", "7"),
            ("Labo^^^^^^XX^^^10D0000001", "F-1^Labo^10D0000002^CLIA", "urn:oid:2.16.840.1.113883.4.7", "10D0000002"),
            ("", "F-1^Labo^1.2.3.5^ISO", "urn:ietf:rfc:3986", "urn:oid:1.2.3.5"),
        ],
    )
    def test_a_foreign_number_is_kept_with_its_system(self, organisation: str, order: str, system: str, number: str) -> None:
        performer = screening(message(OBR={3: order}, OBX={23: organisation})).performer
        assert performer.finess is None
        assert performer.name == "Labo"
        assert performer.foreign == ForeignIdentifier(system, number)

    @pytest.mark.parametrize("authority", ["&1.2.250.1.71.4.2.2&ISO^XX", "^FINEG", "FINESS^XX"])
    def test_a_finess_is_one_when_its_system_says_so(self, authority: str) -> None:
        sent = message(OBX={23: f"Pharmacie^^^^^{authority}^^^750123457"})
        assert screening(sent).performer.finess == "750123457"
        wrong = message(OBX={23: f"Pharmacie^^^^^{authority}^^^750123458"})
        assert refusals(wrong) == [(Trouble.BAD_CHECK_DIGIT, "OBX[1]-23.10", "750123458")]

    def test_a_number_without_a_system_is_no_number(self) -> None:
        sent = message(MSH={4: "LABO"}, OBX={23: "Labo^^^^^^XX^^^7"})
        assert refusals(sent) == [(Trouble.NO_IDENTIFIER, "OBX-23.10", "")]

    def test_the_professional_is_known_by_the_rpps(self) -> None:
        for number in ("10001234565", "810001234565"):
            sent = message(OBX={16: f"{number}^Amina^^^^^^^&1.2.250.1.71.4.2.1&ISO^^^^RPPS"})
            assert screening(sent).performer.rpps == "10001234565"
        assert screening(message(OBX={16: "1234^Amina^^^^^^^LABO"})).performer.rpps is None

    @pytest.mark.parametrize(
        ("method", "kit"),
        [
            ("Exemple Ag_Exemple, Inc._EUA^^99ELR", Kit(name="Exemple Ag", manufacturer="Exemple, Inc.")),
            ("X1^Exemple Ag^L", Kit(name="Exemple Ag")),
            ("^^", None),
        ],
    )
    def test_the_kit_is_the_method(self, method: str, kit: Kit | None) -> None:
        assert screening(message(OBX={17: method})).kit == kit


class TestQuestions:
    def ask(self, code: str, answer: str, kind: str = "CWE") -> bytes:
        return message(line("OBX", {1: "2", 2: kind, 3: f"{code}^^LN", 5: answer, 11: "F", 29: "QST"}))

    @pytest.mark.parametrize(
        ("answer", "symptomatic"), [("Y^Yes^HL70136", True), ("N^No^HL70136", False), ("UNK^^HL70136", None), ("", None)]
    )
    def test_symptoms(self, answer: str, symptomatic: bool | None) -> None:
        assert screening(self.ask("95419-8", answer)).symptomatic is symptomatic
        assert warnings(self.ask("95419-8", answer)) == []

    def test_onset(self) -> None:
        assert screening(self.ask("65222-2", "20211222", "DT")).onset == date(2021, 12, 22)
        assert refusals(self.ask("65222-2", "20220222", "DT")) == [(Trouble.ONSET_AFTER_TEST, "OBX-5", "")]

    @pytest.mark.parametrize(
        ("answer", "pregnancy"),
        [("77386006^^SCT", Pregnancy.PREGNANT), ("N^^HL70136", Pregnancy.NOT_PREGNANT), ("261665006^^SCT", Pregnancy.UNKNOWN)],
    )
    def test_pregnancy(self, answer: str, pregnancy: Pregnancy) -> None:
        assert screening(self.ask("82810-3", answer)).pregnancy is pregnancy

    @pytest.mark.parametrize(("code", "answer"), [("95419-8", "Y^^q7x"), ("65222-2", "hier"), ("82810-3", "Y^^q7x")])
    def test_an_answer_not_understood_is_left_out(self, code: str, answer: str) -> None:
        assert warnings(self.ask(code, answer)) == [(Trouble.LEFT_OUT, "OBX[2]-5", code)]

    def test_other_questions_and_measures_are_left_out_and_named_once(self) -> None:
        more = [
            line("OBX", {2: "CWE", 3: f"{code}^^LN", 5: "Y^^HL70136", 11: "F", 29: "QST"})
            for code in ("95418-0", "95417-2", "95418-0")
        ]
        age = line("OBX", {2: "NM", 3: "30525-0^Age^LN", 5: "26", 11: "F"})
        assert warnings(message(*more, age)) == [(Trouble.LEFT_OUT, "OBX-3", "95418-0, 95417-2, 30525-0")]

    def test_segments_we_do_not_read_are_named(self) -> None:
        assert warnings(message("NTE|1|L|note", "ZXX|1")) == [(Trouble.LEFT_OUT, "segments", "NTE, ZXX")]

    def test_consent_that_is_not_understood_refuses_the_message(self) -> None:
        sent = message(line("OBX", {2: "CWE", 3: "consent^^99SCEAU", 5: "perhaps^^99SCEAU", 11: "F"}))
        assert refusals(sent) == [(Trouble.UNKNOWN_VALUE, "OBX[2]-5", "perhaps")]
