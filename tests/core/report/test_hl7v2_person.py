"""Who was tested, as PID says it: what must be there, what is kept, and what is never guessed."""

import pytest
from tests.core.report.hl7v2_messages import MESSAGE, line, message, refusals, screening, warnings

from sceau.core.report.errors import Trouble
from sceau.core.report.model import Sex


class TestThePerson:
    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({5: ""}, "PID-5"),
            ({5: "Exemple"}, "PID-5.2"),
            ({5: "^Inès"}, "PID-5.1"),
            ({5: '""'}, "PID-5"),
            ({7: ""}, "PID-7"),
            ({8: ""}, "PID-8"),
        ],
    )
    def test_names_birth_and_sex_are_needed(self, change: dict[int, str], where: str) -> None:
        assert refusals(message(PID=change)) == [(Trouble.MISSING, where, "")]

    def test_everything_missing_is_told_at_once(self) -> None:
        assert [where for _, where, _ in refusals(message(PID={5: "", 7: "", 8: ""}, SPM={4: ""}))] == [
            "PID-5",
            "PID-7",
            "PID-8",
            "SPM-4",
        ]

    def test_without_a_pid_nobody_is_named(self) -> None:
        assert [where for _, where, _ in refusals(message(PID=None))] == ["PID-5", "PID-7", "PID-8"]

    def test_two_people_in_one_message_are_refused(self) -> None:
        assert refusals(message(line("PID", MESSAGE["PID"]))) == [(Trouble.BAD_SHAPE, "PID[2]", "")]

    @pytest.mark.parametrize("born", ["1995", "199503", "19950231", "00000101", "hier", "19950307X"])
    def test_a_birth_that_is_no_day_is_refused(self, born: str) -> None:
        assert refusals(message(PID={7: born})) == [(Trouble.UNREADABLE, "PID-7", "")]

    @pytest.mark.parametrize(
        ("code", "sex"), [("F", Sex.FEMALE), ("M", Sex.MALE), ("O", Sex.OTHER), ("U", Sex.UNKNOWN), ("A", Sex.OTHER)]
    )
    def test_the_sex_is_of_table_0001(self, code: str, sex: Sex) -> None:
        assert screening(message(PID={8: code})).patient.sex is sex
        assert refusals(message(PID={8: "X"})) == [(Trouble.UNKNOWN_VALUE, "PID-8", "")]

    @pytest.mark.parametrize(
        ("name", "given"),
        [
            ("Exemple^Inès^Marie Anne^^^^L", ("Inès", "Marie", "Anne")),  # elsewhere: the others only
            ("Exemple^Inès^Inès Marie^^^^L", ("Inès", "Marie")),  # in France: the whole list
            ("Exemple^Anne Marie^Anne Marie Inès^^^^L", ("Anne Marie", "Inès")),
            ("Exemple^Inès", ("Inès",)),
            ("Autre^Nom^^^^^D~Exemple^Inès^^^^^L", ("Inès",)),
            ("Mariée^Inès^^^^^L~Exemple^Inès^^^^^B", ("Inès",)),
        ],
    )
    def test_the_birth_names_are_found(self, name: str, given: tuple[str, ...]) -> None:
        patient = screening(message(PID={5: name})).patient
        assert (patient.family, patient.given) == ("Exemple", given)

    def test_used_names_stand_beside_them(self) -> None:
        patient = screening(message(PID={5: "Exemple^Inès^^^^^L~Usage^Ina^^^^^D"})).patient
        assert (patient.used_family, patient.used_given) == ("Usage", "Ina")

    def test_a_name_of_an_unknown_kind_is_refused_without_repeating_it(self) -> None:
        assert refusals(message(PID={5: "Exemple^Inès^^^^^q7x"})) == [(Trouble.UNKNOWN_VALUE, "PID-5.7", "")]

    @pytest.mark.parametrize("name", ["Exem\\X0D\\ple", "Exem\\X00\\ple", "Exem\\X1B\\ple"])
    def test_control_characters_do_not_pass_by_escapes(self, name: str) -> None:
        assert refusals(message(PID={5: f"{name}^Inès"})) == [(Trouble.CONTROL_CHARACTER, "PID-5.1", "")]

    @pytest.mark.parametrize(
        ("sent", "read"),
        [
            ("A\\T\\B", "A&B"),
            ("\\XC3A9\\t\\XC3\\\\XA9\\", "été"),
            ("A\\H\\B\\N\\", "AB"),
            ("A\\Zz\\B", "A\\Zz\\B"),
            ("A\\B", "A\\B"),
            ("\\XFF\\A", "\\XFF\\A"),
        ],
    )
    def test_escapes_are_undone_once(self, sent: str, read: str) -> None:
        assert screening(message(PID={5: f"{sent}^Inès"})).patient.family == read

    def test_an_ins_is_known_by_its_authority(self) -> None:
        sent = "77^^^LABO^PI~195037505612351^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
        ins = screening(message(PID={3: sent})).patient.ins
        assert ins is not None
        assert ins.value == "195037505612351"
        assert refusals(message(PID={3: sent.replace("12351", "12352")})) == [(Trouble.BAD_CHECK_DIGIT, "PID-3.1", "")]

    def test_an_ins_of_an_identity_not_validated_is_left_out(self) -> None:
        sent = message(PID={3: "195037505612351^^^&1.2.250.1.213.1.4.10&ISO^INS", 32: "PROV"})
        assert screening(sent).patient.ins is None
        assert warnings(sent) == [(Trouble.LEFT_OUT, "PID-3.1", "")]

    @pytest.mark.parametrize(
        ("contacts", "phone"),
        [
            ("06 12 34 56 78", "+33612345678"),
            ("^PRN^PH^^33^6^12345678", "+33612345678"),
            ("^PRN^CP^^^^^^^^^0612345678", "+33612345678"),
            ("^NET^Internet^ines@example.org~(123)456-7890^PRN^PH^^1^212^5550123", "+12125550123"),
            ("(123)456-7890", "(123)456-7890"),
            ("", None),
        ],
    )
    def test_a_phone_is_read_from_its_parts_or_as_written(self, contacts: str, phone: str | None) -> None:
        assert screening(message(PID={13: contacts})).patient.phone == phone

    def test_a_number_without_a_country_is_not_french_for_who_lives_abroad(self) -> None:
        assert screening(message(PID={11: "^^Kehl^^77694^DEU", 13: "0612345678"})).patient.phone == "0612345678"

    @pytest.mark.parametrize(
        "contacts", ["^NET^Internet^ines@example.org", "0612345678^PRN^^ines@example.org", "ines@example.org^NET"]
    )
    def test_an_email_is_found_wherever_it_stands(self, contacts: str) -> None:
        assert screening(message(PID={13: contacts})).patient.email == "ines@example.org"

    @pytest.mark.parametrize(
        ("address", "department"),
        [
            ("1 rue A^^Lyon^^69003^FRA^H", "69"),
            ("1 rue A^^Ajaccio^^20000^France", "2A"),
            ("^^Basse-Terre^^97100^GLP", "971"),
            ("^^^^^^BDL^^63220~1 rue A^^Lyon^^69003^FR^H", "69"),
            ("1 rue A^^Lyon^^^FRA", None),
            ("1 rue A^^Lyon^^69003", None),
            ("1 Main St^^Boston^MA^02139", "outside"),
            ("1 Musterweg^^Kehl^^77694^DEU", "outside"),
            ("", None),
        ],
    )
    def test_the_department_follows_from_the_country_never_from_digits_alone(self, address: str, department: str | None) -> None:
        assert screening(message(PID={11: address})).patient.department == department

    def test_an_address_has_as_many_lines_as_were_written(self) -> None:
        address = screening(message(PID={11: "Bât. B\\.br\\1 rue A^&Allée&3^Lyon^^^FRA^^BP 7"})).patient.address
        assert address is not None
        assert address.lines == ("Bât. B", "1 rue A", "BP 7")

    def test_the_place_of_birth_is_its_field_or_the_address_of_birth(self) -> None:
        assert screening(message(PID={11: "^^^^^^BDL^^63220"})).patient.birth_place == "63220"
        assert screening(message(PID={11: "^^^^^^BDL^^63220", 23: "Lyon"})).patient.birth_place == "Lyon"

    def test_born_after_the_test_is_refused(self) -> None:
        assert refusals(message(PID={7: "20220101"})) == [(Trouble.BEFORE_BIRTH, "OBR-7", "")]
