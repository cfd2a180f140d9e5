"""Small files of each dialect, of invented persons, to change one cell of; and how tests read them."""

import csv
import io
from zoneinfo import ZoneInfo

from sceau.core.report.csv import read_rows
from sceau.core.report.model import Screening
from sceau.core.report.reading import Reading, Row

PARIS = ZoneInfo("Europe/Paris")

TEMPLATE = {
    "numero_dossier": "D-1",
    "statut": "définitif",
    "emis_le": "07/01/2022 09:20",
    "nom_naissance": "LUNEVILLE",
    "prenoms_naissance": "Hugo",
    "date_naissance": "14/03/1987",
    "sexe": "M",
    "etablissement_nom": "Pharmacie des Lilas",
    "etablissement_finess": "750123457",
    "prelevement_type": "nasal",
    "prelevement_le": "07/01/2022 09:05",
    "test_loinc": "94558-4",
    "resultat_covid_19": "positif",
}
SIMPLEREPORT = {
    "accession_number": "A-1",
    "test_result_status": "F",
    "date_result_released": "12/21/2021 15:30 EST",
    "test_result_date": "12/21/2021 15:00 EST",
    "patient_last_name": "Vaillant",
    "patient_first_name": "Rosa",
    "patient_middle_name": "",
    "patient_dob": "1/20/1962",
    "patient_gender": "F",
    "patient_phone_number": "555-010-2800",
    "patient_email": "rosa@example.org",
    "patient_street": "1 Sample Street",
    "patient_city": "Sampleton",
    "patient_state": "AL",
    "patient_zip_code": "35226",
    "patient_race": "Asian",
    "testing_lab_name": "Sample Lab",
    "testing_lab_clia": "01D0000001",
    "specimen_type": "Nasal Swab",
    "specimen_collection_date": "12/21/2021 14:00 EST",
    "order_test_date": "12/20/2021 14:00 EST",
    "test_performed_code": "94534-5",
    "test_result": "Detected",
    "equipment_model_name": "Sample Device",
    "symptomatic_for_disease": "Y",
    "illness_onset_date": "12/19/2021",
    "pregnant": "N",
}
REPORTSTREAM = {
    "Result_ID": "R-1",
    "Date_result_released": "20211222",
    "Test_date": "20211221",
    "Patient_last_name": "Vaillant",
    "Patient_first_name": "Rosa",
    "Patient_DOB": "19620120",
    "Patient_gender": "U",
    "Patient_zip_code": "35226",
    "Testing_lab_name": "Sample Lab",
    "Testing_lab_CLIA": "01D0000001",
    "Specimen_type_code": "445297001",
    "Specimen_collection_date_time": "202112211400-0500",
    "Ordered_test_code": "94558-4",
    "Test_result_code": "260415000",
}


def text(*rows: dict[str, str], delimiter: str = ",") -> str:
    """A file whose columns are those of the rows."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def reading(*rows: dict[str, str], delimiter: str = ",") -> Reading:
    return read_rows(text(*rows, delimiter=delimiter), PARIS)


def row(base: dict[str, str], **changes: str) -> Row:
    """The one row of a file, with some cells changed."""
    [only] = reading(base | changes).rows
    return only


def screening(base: dict[str, str], **changes: str) -> Screening:
    """What a row that is taken states."""
    taken = row(base, **changes)
    assert taken.problems == ()
    assert taken.statement is not None
    return taken.statement.screening


def refusals(base: dict[str, str], **changes: str) -> list[tuple[str, str, str]]:
    """Why a row is refused: where, what, detail."""
    refused = row(base, **changes)
    assert refused.statement is None
    return [(problem.where, problem.trouble.value, problem.detail) for problem in refused.problems]


def warnings(base: dict[str, str], **changes: str) -> list[tuple[str, str, str]]:
    """What a row that is taken leaves out or assumes."""
    taken = row(base, **changes)
    assert taken.statement is not None
    return [(problem.where, problem.trouble.value, problem.detail) for problem in taken.warnings]
