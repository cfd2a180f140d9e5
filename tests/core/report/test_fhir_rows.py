"""Files of FHIR: one bundle or one a line, a row for each report, and what makes two rows the same."""

import json
from copy import deepcopy
from typing import Any

import pytest
from tests.core.report.fhir_bundles import PARIS, bundle, concept, one, refusals, taken, to, tree, warnings

from sceau.core.report.errors import ReportError, Trouble
from sceau.core.report.fhir import read_rows
from sceau.core.report.reading import Row

CULTURE = {"resourceType": "DiagnosticReport", "status": "final", "code": concept("600-7"), "subject": to("Patient/1")}


def rows(data: bytes) -> list[Row]:
    reading = read_rows(data, PARIS)
    found = list(reading.rows)
    assert reading.form == "fhir"
    assert [row.number for row in found] == list(range(1, reading.total + 1))
    return found


def outcomes(data: bytes) -> list[Trouble | None]:
    """The first problem of each row, None where it is taken."""
    return [row.problems[0].trouble if row.problems else None for row in rows(data)]


def test_one_bundle_a_line() -> None:
    assert outcomes(bundle() + b"\n\n" + bundle("Patient.gender", None) + b"\r\n") == [None, None]


@pytest.mark.parametrize("indent", [1, 4, "\t"])
def test_one_bundle_over_many_lines(indent: int | str) -> None:
    assert outcomes(json.dumps(tree(), indent=indent).encode()) == [None]


def test_a_byte_order_mark_is_skipped() -> None:
    assert outcomes(b"\xef\xbb\xbf" + bundle()) == [None]


def test_a_line_that_cannot_be_read_does_not_spoil_the_others() -> None:
    lines = [bundle(), bundle()[:-40], b'{"resourceType": "Patient"}', bundle("Patient.name", None), bundle()]
    assert outcomes(b"\n".join(lines)) == [None, Trouble.FILE_TRUNCATED, Trouble.NOT_A_BUNDLE, Trouble.MISSING, None]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'{"resourceType": "Patient"}', "resourceType: Patient"),
        (b'{"resourceType": "bundle"}', "resourceType: bundle"),
        (b'{"resourceType": "Dupont, 1 rue de la Paix"}', "resourceType: \u2013"),
        (b'{"nom": "Dupont"}', "resourceType: \u2013"),
        (b"[1]", "JSON: array"),
        (b"7", "JSON: value"),
    ],
)
def test_json_that_is_no_bundle_is_told_what_it_is_and_what_to_send(line: bytes, found: str) -> None:
    """And nothing of what it says."""
    (problem,) = rows(bundle() + b"\n" + line)[1].problems
    assert (problem.trouble, problem.where, problem.detail) == (Trouble.NOT_A_BUNDLE, "JSON", found)
    assert f"({found})" in problem.text("fr")
    assert "Bundle" in problem.text("fr")


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", Trouble.FILE_EMPTY),
        (b" \n\r\n", Trouble.FILE_EMPTY),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", Trouble.FILE_UNKNOWN),
        (b"MSH|^~\\&|", Trouble.FILE_UNKNOWN),
        (b"[]", Trouble.FILE_UNKNOWN),
        (b"{}\n" * 10_001, Trouble.TOO_MANY_ROWS),
    ],
)
def test_what_is_no_such_file_is_refused_whole(data: bytes, trouble: Trouble) -> None:
    with pytest.raises(ReportError) as refusal:
        read_rows(data, PARIS)
    assert [problem.trouble for problem in refusal.value.problems] == [trouble]


def test_a_file_of_as_many_rows_as_we_take_is_taken() -> None:
    assert read_rows(b"{}\n" * 10_000, PARIS).total == 10_000


def test_every_report_of_a_bundle_is_a_row() -> None:
    data = bundle(culture=CULTURE) + b"\n" + bundle()
    assert outcomes(data) == [None, Trouble.NOT_A_SCREENING, None]
    screening, culture, alone = rows(data)
    assert culture.problems[0].where == "DiagnosticReport[2].code"
    assert screening.canonical == alone.canonical != culture.canonical


def test_a_bundle_without_a_report_is_one_refused_row() -> None:
    assert refusals(bundle("DiagnosticReport", {})) == [(Trouble.MISSING, "DiagnosticReport", "")]


def test_a_bundle_that_cannot_be_read_is_as_many_rows_as_it_has_reports() -> None:
    twice = deepcopy(tree(culture=CULTURE))
    twice["entry"].append(twice["entry"][2])
    assert outcomes(json.dumps(twice).encode()) == [Trouble.DUPLICATE_ID] * 2


# What makes two rows the same.


def resent(**changes: Any) -> bytes:
    """The bundle as a converter makes it anew: other ids, other times of sending, the same words."""
    text = bundle().decode()
    for number, name in enumerate(("Patient/1", "Specimen/1", "Organization/1", "Device/1", "ServiceRequest/1")):
        kind = name.partition("/")[0]
        text = text.replace(f'"{name}"', f'"{kind}/n{number}"').replace(
            f'"resourceType": "{kind}", "id": "1"', f'"resourceType": "{kind}", "id": "n{number}"'
        )
    again = json.loads(text)
    again.update(id="n", timestamp="2022-01-01T00:00:00Z", identifier={"value": "n"}, meta={"lastUpdated": "2022-01-01"})
    again["entry"][0]["resource"].update(id="n", destination=[{"name": "n"}], meta={"versionId": "2"})
    again["entry"].append({"fullUrl": "Provenance/n", "resource": {"resourceType": "Provenance", "recorded": "2022-01-01"}})
    again.update(changes)
    return json.dumps(again).encode()


def test_the_same_words_sent_again_are_the_same_row() -> None:
    assert resent() != bundle()
    assert taken(resent()) == taken(bundle())
    assert one(resent()).canonical == one(bundle()).canonical


def test_the_order_of_keys_and_the_layout_say_nothing() -> None:
    again = json.dumps(tree(), sort_keys=True, indent=1).encode()
    assert one(again).canonical == one(bundle()).canonical


@pytest.mark.parametrize(
    "changes",
    [
        ("Patient.name.0.given.0", "Hugo"),
        ("DiagnosticReport.identifier.0.value", "R-2"),
        ("DiagnosticReport.issued", "2021-12-24T11:00:01+01:00"),
        ("MessageHeader.source.endpoint", "urn:oid:1.2.3.10"),
        ("result.device", None),
        ("Patient.extension", [{"url": "urn:x", "valueString": "y"}]),
    ],
)
def test_other_words_are_another_row(changes: tuple[Any, ...]) -> None:
    assert one(bundle(*changes)).canonical != one(bundle()).canonical


def test_references_that_lead_elsewhere_are_another_row() -> None:
    twins = {
        "a": {"resourceType": "Device", "deviceName": [{"name": "A"}]},
        "b": {"resourceType": "Device", "deviceName": [{"name": "A"}]},
    }
    first, second = bundle("result.device", to("Device/a"), **twins), bundle("result.device", to("Device/b"), **twins)
    assert one(first).canonical != one(second).canonical


# Who sent it, under which number, in earnest or not.


@pytest.mark.parametrize(
    ("changes", "sender"),
    [
        ((), "urn:oid:1.2.3.9"),
        (("MessageHeader.source.endpoint", None), "LABO"),
        (("MessageHeader", None), "urn:oid:1.2.3.4|LAB-7"),
    ],
)
def test_the_sender(changes: tuple[Any, ...], sender: str) -> None:
    assert taken(bundle(*changes)).sender == sender


def _typed(code: str, value: str) -> dict[str, Any]:
    return {"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": code}]}, "value": value}


@pytest.mark.parametrize(
    ("changes", "accession"),
    [
        ((), "R-1"),
        (("DiagnosticReport.identifier", [{"value": "time"}, _typed("PLAC", "P-1"), _typed("FILL", "F-1")]), "F-1"),
        (("DiagnosticReport.identifier", [{"value": "first"}, {"value": "second"}]), "first"),
        (("DiagnosticReport.identifier", None, "ServiceRequest.identifier", [_typed("PLAC", "P-1")]), "P-1"),
        (("DiagnosticReport.identifier", None, "Specimen.accessionIdentifier", {"value": "S-1"}), "S-1"),
        (("DiagnosticReport.identifier", [{}]), None),
    ],
)
def test_the_accession(changes: tuple[Any, ...], accession: str | None) -> None:
    assert taken(bundle(*changes)).accession == accession


def test_a_report_that_does_not_say_when_it_was_issued_was_when_it_was_sent() -> None:
    again = tree("DiagnosticReport.issued", None)
    again["timestamp"] = "2021-12-24T12:00:00Z"
    assert taken(json.dumps(again).encode()).issued.isoformat() == "2021-12-24T12:00:00+00:00"


@pytest.mark.parametrize(
    ("tag", "refused"),
    [
        ({"system": "http://terminology.hl7.org/CodeSystem/v2-0103", "code": "P"}, False),
        ({"system": "http://terminology.hl7.org/CodeSystem/v2-0103", "code": "T"}, True),
        ({"system": "http://terminology.hl7.org/CodeSystem/v2-0103", "code": "D"}, True),
        ({"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}, True),
        ({"system": "urn:labo", "code": "T"}, False),
    ],
)
def test_messages_that_are_no_production_are_refused(tag: dict[str, str], refused: bool) -> None:
    data = bundle("MessageHeader.meta", {"tag": [tag]})
    expected = [(Trouble.NOT_FOR_PRODUCTION, "MessageHeader.meta", tag["code"])]
    assert refusals(data) == expected if refused else taken(data)


def test_what_nobody_here_reads_is_told_in_few_words() -> None:
    extensions = [{"url": f"urn:labo:{number}", "valueString": "x"} for number in range(12)]
    data = bundle("Patient.extension", extensions, "Specimen.extension", extensions, Endpoint={"status": "active"})
    listed = ", ".join(f"urn:labo:{number}" for number in range(10))
    assert warnings(data) == {"extension": f"{listed} (+2)", "Bundle.entry.resource": "Endpoint"}
