"""The front door: what a file is, by what is in it."""

import bz2
import gzip
import io
import zipfile
from importlib import resources

import pytest
from tests.core.report.csv_files import PARIS, SIMPLEREPORT, TEMPLATE, text

from sceau.core.report import files
from sceau.core.report.csv import template
from sceau.core.report.errors import ReportError
from sceau.core.report.reading import Reading
from sceau.demo import samples

NAME = {"nom_naissance": "LŒUVRE-ÉTÉ"}
HL7 = b"MSH|^~\\&|A|B|C|D|20220107||ORU^R01^ORU_R01|1|P|2.5.1\rPID|1\r"


def read(data: bytes) -> Reading:
    return files.read(data, PARIS)


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(ReportError) as error:
        read(data)
    first = error.value.problems[0]
    return first.trouble.value, first.detail


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (text(TEMPLATE, delimiter=";").encode(), "csv:sceau"),
        (text(SIMPLEREPORT).encode(), "csv:simplereport"),
        (b'{"resourceType": "Bundle"}', "fhir"),
        (b'{"resourceType": "Bundle"}\n{"resourceType": "Bundle"}\n', "fhir"),
        (b'{\n  "resourceType": "Bundle"\n}\n', "fhir"),
        (HL7, "hl7v2"),
        (b"FHS|^~\\&\rBHS|^~\\&\r" + HL7 + b"BTS|1\rFTS|1\r", "hl7v2"),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, form: str) -> None:
    for start in (b"", b"\xef\xbb\xbf", b"\r\n"):
        assert read(start + data).form == form


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_in_any_of_its_usual_forms(encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""
    found = read((mark + text(TEMPLATE | NAME)).encode(encoding))
    [row] = found.rows
    assert row.statement is not None
    assert row.statement.screening.patient.family == NAME["nom_naissance"]
    assert found.warnings == ()


def test_windows_1252_is_read_and_said() -> None:
    found = read(text(TEMPLATE | NAME).encode("cp1252"))
    [row] = found.rows
    assert row.statement is not None
    assert row.statement.screening.patient.family == NAME["nom_naissance"]
    assert [warning.trouble.value for warning in found.warnings] == ["read-as-cp1252"]


def test_fhir_in_windows_1252_is_read_and_said() -> None:
    found = read('{"resourceType": "Bundle", "language": "é"}'.encode("cp1252"))
    assert [warning.trouble.value for warning in found.warnings] == ["read-as-cp1252"]
    assert len(list(found.rows)) == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", ("file-empty", "")),
        (b"\xef\xbb\xbf \r\n\t", ("file-empty", "")),
        (b"bonjour", ("file-unknown", "")),
        (b"<?xml version='1.0'?><Bundle/>", ("file-unknown", "XML")),
        (b"%PDF-1.7", ("file-unknown", "PDF")),
        (gzip.compress(b"a,b"), ("file-unknown", "gzip")),
        (bz2.compress(b"a,b"), ("file-unknown", "bzip2")),
        (zipped("results.csv"), ("file-unknown", "ZIP")),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), ("file-unknown", "Excel (.xlsx)")),
        (zipped("mimetype", "content.xml"), ("file-unknown", "OpenDocument (.ods)")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("file-unknown", "Excel (.xls)")),
        (b"a,b\n\0,1", ("file-nul", "")),
        (b"\xff\xfea", ("unreadable", "UTF-16")),
        (b"nom;pr\x81nom\xff", ("file-unknown", "")),
    ],
)
def test_what_is_no_file_of_reports_is_refused_by_name(data: bytes, why: tuple[str, str]) -> None:
    assert refused(data) == why


def test_every_refusal_says_what_to_do_in_both_languages() -> None:
    with pytest.raises(ReportError) as error:
        read(gzip.compress(b"a,b"))
    [problem] = error.value.problems
    assert problem.text("fr").startswith("fichier : format non reconnu (gzip) : envoyez du CSV")
    assert problem.text("en").startswith("file: format not recognised (gzip): send CSV")


def test_the_bundled_sample_shows_results_taken_and_two_rows_refused() -> None:
    found = read((resources.files(samples) / "depistages.csv").read_bytes())
    rows = list(found.rows)
    assert (found.form, found.total, len(rows)) == ("csv:sceau", 20, 20)
    assert [row.number for row in rows if row.problems] == [9, 14]
    diseases = {finding.disease for row in rows if row.statement for finding in row.statement.screening.findings}
    assert len(diseases) == 5
    assert {row.statement.status.value for row in rows if row.statement} == {"final", "corrected", "entered-in-error"}
    assert {row.statement.sender for row in rows if row.statement} == {"750123457"}


def test_the_sample_has_the_template_s_columns() -> None:
    assert (resources.files(samples) / "depistages.csv").read_bytes().startswith(template().encode())
