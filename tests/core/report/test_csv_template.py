"""Our own template: what a pharmacy may write in it, and what is refused by the column's name."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.core.report.csv_files import PARIS, TEMPLATE, reading, refusals, row, screening, text, warnings

from sceau.core.codes.identifiers import Ins, InsSystem
from sceau.core.codes.snomed import Result
from sceau.core.codes.territory import OUTSIDE
from sceau.core.report.csv import read_rows, template
from sceau.core.report.csv.rows import DIALECTS
from sceau.core.report.model import Consent, Status

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "csv.md"
INS = {"ins": "195037505612351", "ins_systeme": "TEST"}
ADDRESS = {"adresse": "12 rue des Lilas", "code_postal": "75020", "commune": "Paris"}


def test_a_row_is_a_whole_statement() -> None:
    statement = row(TEMPLATE).statement
    assert statement is not None
    assert (statement.sender, statement.accession, statement.status) == ("750123457", "D-1", Status.FINAL)
    assert statement.issued == datetime(2022, 1, 7, 9, 20, tzinfo=PARIS)
    assert statement.screening.patient.birth_date == date(1987, 3, 14)
    assert statement.screening.consent is Consent.NOT_NEEDED
    assert reading(TEMPLATE).form == "csv:sceau"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("31/12/2021 14:05", datetime(2021, 12, 31, 14, 5, tzinfo=PARIS)),
        ("31/12/2021 14h05", datetime(2021, 12, 31, 14, 5, tzinfo=PARIS)),
        ("31/12/2021", datetime(2021, 12, 31, 12, tzinfo=PARIS)),
        ("2021-12-31", datetime(2021, 12, 31, 12, tzinfo=PARIS)),
        ("2021-12-31 14:05", datetime(2021, 12, 31, 14, 5, tzinfo=PARIS)),
        ("2021-12-31T14:05:30Z", datetime(2021, 12, 31, 14, 5, 30, tzinfo=UTC)),
        ("2021-12-31T14:05-03:00", datetime(2021, 12, 31, 14, 5, tzinfo=timezone(timedelta(hours=-3)))),
    ],
)
def test_times_are_french_or_iso(said: str, meant: datetime) -> None:
    assert screening(TEMPLATE, prelevement_le=said).specimen.taken_at == meant


@pytest.mark.parametrize("said", ["12/31/2021", "31/12/21", "31.12.2021", "30/02/2021", "2021-13-01", "25:00", "2021-W52-5"])
def test_other_dates_are_not_guessed(said: str) -> None:
    assert refusals(TEMPLATE, prelevement_le=said) == [("prelevement_le", "unreadable", "")]


def test_given_names_are_parted_by_commas_and_keep_their_spaces() -> None:
    patient = screening(TEMPLATE, prenoms_naissance="Jean-Luc, Anne Marie ,, Zoé").patient
    assert patient.given == ("Jean-Luc", "Anne Marie", "Zoé")


def test_a_combined_kit_has_a_column_for_each_disease() -> None:
    findings = screening(
        TEMPLATE, test_loinc="97099-6", resultat_covid_19="N", resultat_grippe_a="détecté", resultat_grippe_b="Négatif"
    ).findings
    assert [(finding.loinc, finding.result) for finding in findings] == [
        ("97097-0", Result.NOT_DETECTED),
        ("80382-5", Result.DETECTED),
        ("80383-3", Result.NOT_DETECTED),
    ]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"resultat_covid_19": ""}, [("resultat_covid_19", "result-missing", "94558-4")]),
        ({"resultat_grippe_a": "P"}, [("resultat_grippe_a", "result-foreign", "94558-4")]),
        ({"resultat_covid_19": "", "resultat_grippe_a": "P"}, [("resultat_grippe_a", "result-foreign", "94558-4")]),
        ({"resultat_covid_19": "?"}, [("resultat_covid_19", "unknown-value", "")]),
        ({"test_loinc": "94558-5"}, [("test_loinc", "bad-check-digit", "94558-5")]),
        ({"statut": ""}, [("statut", "missing", "")]),
        ({"statut": "x"}, [("statut", "unknown-value", "")]),
        ({"statut": "corrigé", "numero_dossier": ""}, [("remplace", "replaces-missing", "")]),
        ({"remplace": "D-0"}, [("remplace", "replaces-unexpected", "")]),
        ({"etablissement_finess": "750123456"}, [("etablissement_finess", "bad-check-digit", "")]),
        ({"etablissement_finess": ""}, [("etablissement_finess", "no-identifier", "")]),
        ({"etablissement_numero": "7"}, [("etablissement_systeme", "missing", "")]),
        ({**INS, "ins": "195037505612352"}, [("ins", "bad-check-digit", "")]),
        ({**INS, "ins_systeme": ""}, [("ins_systeme", "missing", "")]),
        ({**INS, "ins_systeme": "?"}, [("ins_systeme", "unknown-value", "")]),
        ({"departement": "99"}, [("departement", "unknown-code", "")]),
        ({"kit_nom": "Test", "kit_peremption": "06/01/2022"}, [("kit_peremption", "kit-expired", "")]),
        ({"consentement": "peut-être"}, [("consentement", "unknown-value", "")]),
    ],
)
def test_what_is_wrong_is_said_by_the_name_of_its_column(changes: dict[str, str], refused: list[tuple[str, str, str]]) -> None:
    columns = {"remplace": "", "etablissement_systeme": "", "ins_systeme": "", "resultat_grippe_a": ""}
    assert refusals(TEMPLATE | columns, **changes) == refused


def test_an_ins_has_its_number_and_its_system() -> None:
    assert screening(TEMPLATE, **INS).patient.ins == Ins("195037505612351", InsSystem.TEST)
    assert screening(TEMPLATE, **INS | {"ins_systeme": InsSystem.TEST.value}).patient.ins is not None


@pytest.mark.parametrize(
    ("changes", "department"),
    [
        (ADDRESS, "75"),
        (ADDRESS | {"code_postal": "20200"}, "2B"),
        (ADDRESS | {"pays": "FR", "code_postal": "97410"}, "974"),
        (ADDRESS | {"pays": "DE"}, OUTSIDE),
        (ADDRESS | {"code_postal": "1000"}, None),
        (ADDRESS | {"departement": "2a"}, "2A"),
        (ADDRESS | {"departement": "1"}, "01"),
        (ADDRESS | {"departement": "hors France"}, OUTSIDE),
        (ADDRESS | {"departement": "inconnu"}, None),
        ({}, None),
    ],
)
def test_the_department_is_stated_or_that_of_a_french_address(changes: dict[str, str], department: str | None) -> None:
    assert screening(TEMPLATE, **changes).patient.department == department


def test_a_correction_has_the_number_of_what_it_corrects() -> None:
    corrected = row(TEMPLATE, statut="corrigé").statement
    renumbered = row(TEMPLATE, statut="annulé", remplace="D-0").statement
    assert corrected is not None
    assert renumbered is not None
    assert (corrected.status, corrected.accession) == (Status.CORRECTED, "D-1")
    assert (renumbered.status, renumbered.accession) == (Status.ENTERED_IN_ERROR, "D-0")


def test_a_foreign_laboratory_has_a_number_and_its_system() -> None:
    changes = {"etablissement_finess": "", "etablissement_systeme": "CLIA", "etablissement_numero": "01D0000001"}
    statement = row(TEMPLATE, **changes).statement
    assert statement is not None
    assert statement.sender == "CLIA|01D0000001"


def test_a_french_telephone_number_is_kept_as_e_164() -> None:
    assert screening(TEMPLATE, telephone="01 42 34 56 78").patient.phone == "+33142345678"
    assert screening(TEMPLATE, telephone="poste 12").patient.phone == "poste 12"


def test_a_kit_without_a_name_is_left_out_and_said() -> None:
    assert ("kit_nom", "left-out", "missing") in warnings(TEMPLATE, kit_lot="L1", kit_nom="")


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://example.org")', "@SUM(A1)"])
def test_a_name_that_is_a_formula_is_refused(formula: str) -> None:
    assert refusals(TEMPLATE, nom_naissance=formula) == [("nom_naissance", "bad-shape", formula[0])]


def test_a_formula_in_a_field_we_can_do_without_is_left_out() -> None:
    assert ("commune", "left-out", "bad-shape") in warnings(TEMPLATE, commune="=1+1")


def test_a_spreadsheet_may_use_another_separator_case_or_spaces_in_the_header() -> None:
    header, *rest = text(TEMPLATE, delimiter=";").split("\r\n")
    file = "\r\n".join([header.upper().replace("_", " "), *rest])
    for delimiter in (";", ",", "\t"):
        [row] = read_rows(file.replace(";", delimiter), PARIS).rows
        assert row.problems == ()


def test_the_template_is_the_header_of_what_we_read() -> None:
    names = template().strip().split(";")
    assert set(TEMPLATE) < set(names)
    assert len(names) == len(set(names)) == 43


def test_every_column_of_every_dialect_that_is_read_is_in_the_reference() -> None:
    reference = REFERENCE.read_text(encoding="utf-8")
    missing = [column.name for dialect in DIALECTS for column in dialect.columns if f"`{column.name}`" not in reference]
    assert missing == []
