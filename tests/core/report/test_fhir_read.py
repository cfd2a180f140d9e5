"""`read_report` is strict: every refusal beside the same bundle with only that thing right, which is taken."""

import json
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from tests.core.report.fhir_examples import EXAMPLES

from sceau.core.report.errors import ReportError, Trouble
from sceau.core.report.fhir import read_report, write

Change = Callable[[dict[str, Any]], object]
WHOLE = write(EXAMPLES["covid-19"])


def part(bundle: dict[str, Any], kind: str) -> dict[str, Any]:
    """The first resource of that type."""
    found: dict[str, Any] = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind)
    return found


def without(url: str, kind: str = "DiagnosticReport") -> Change:
    def change(bundle: dict[str, Any]) -> None:
        resource = part(bundle, kind)
        resource["extension"] = [one for one in resource["extension"] if not one["url"].endswith(url)]

    return change


def saying(url: str, value: object, kind: str = "DiagnosticReport") -> Change:
    def change(bundle: dict[str, Any]) -> None:
        [found] = [one for one in part(bundle, kind)["extension"] if one["url"].endswith(url)]
        found["valueUri" if "valueUri" in found else "valueCode"] = value

    return change


def at(kind: str, **fields: object) -> Change:
    return lambda bundle: part(bundle, kind).update(fields)


def last(**fields: object) -> Change:
    return lambda bundle: bundle["entry"][-1]["resource"].update(fields)


def changed(change: Change) -> bytes:
    bundle = json.loads(WHOLE)
    change(bundle)
    return json.dumps(bundle).encode()


def refusals(data: bytes) -> set[tuple[Trouble, str]]:
    with pytest.raises(ReportError) as refusal:
        read_report(data)
    return {(problem.trouble, problem.where) for problem in refusal.value.problems}


def test_the_bundle_unchanged_is_taken_however_it_is_laid_out() -> None:
    assert read_report(changed(lambda bundle: None)) == EXAMPLES["covid-19"]


@pytest.mark.parametrize(
    ("change", "trouble", "where"),
    [
        (lambda bundle: bundle.pop("identifier"), Trouble.MISSING, "Bundle.identifier"),
        (lambda bundle: bundle["identifier"].update(system="urn:x"), Trouble.UNKNOWN_SYSTEM, "Bundle.identifier"),
        (lambda bundle: bundle["identifier"].update(value="urn:uuid:7"), Trouble.BAD_SHAPE, "Bundle.identifier.value"),
        (lambda bundle: bundle.update(type="message"), Trouble.UNKNOWN_VALUE, "Bundle.type"),
        (lambda bundle: bundle["entry"].pop(0), Trouble.MISSING, "DiagnosticReport"),
        (
            lambda bundle: bundle["entry"].append({"resource": bundle["entry"][0]["resource"]}),
            Trouble.BAD_SHAPE,
            "DiagnosticReport",
        ),
        (without("lineage"), Trouble.MISSING, "DiagnosticReport.extension[lineage]"),
        (saying("lineage", "urn:uuid:7"), Trouble.BAD_SHAPE, "DiagnosticReport.extension[lineage]"),
        (without("consent"), Trouble.MISSING, "DiagnosticReport.extension[consent]"),
        (saying("consent", "perhaps"), Trouble.UNKNOWN_VALUE, "DiagnosticReport.extension[consent]"),
        (saying("reason", "curiosity"), Trouble.UNKNOWN_VALUE, "DiagnosticReport.extension[reason]"),
        (saying("reason", 7), Trouble.BAD_SHAPE, "DiagnosticReport.extension[reason]"),
        (saying("department", "20", kind="Patient"), Trouble.UNKNOWN_CODE, "Patient.extension[department]"),
        (at("DiagnosticReport", status="corrected"), Trouble.REPLACES_MISSING, "DiagnosticReport.extension[replaces]"),
        (at("DiagnosticReport", issued="2022-01-10T10:00:00"), Trouble.NO_TIME_ZONE, "DiagnosticReport.issued"),
        (at("DiagnosticReport", issued="2022-01-10"), Trouble.NO_TIME_ZONE, "DiagnosticReport.issued"),
        (at("DiagnosticReport", issued=None), Trouble.MISSING, "DiagnosticReport.issued"),
        (at("Patient", identifier=[{"system": "urn:x", "value": "1"}]), Trouble.UNKNOWN_VALUE, "Patient.identifier"),
        (
            at("Device", udiCarrier=[{"deviceIdentifier": "+A99912345"}]),
            Trouble.UNKNOWN_VALUE,
            "Device.udiCarrier.deviceIdentifier",
        ),
        (at("Device", deviceName=[]), Trouble.UNKNOWN_VALUE, "Device.deviceName"),
        (last(code={"coding": [{"system": "http://loinc.org", "code": "95418-0"}]}), Trouble.UNKNOWN_VALUE, "Observation.code"),
        (lambda bundle: part(bundle, "DiagnosticReport")["result"].pop(), Trouble.RESULT_FOREIGN, "Observation[3]"),
    ],
)
def test_what_the_profile_asks_for_must_be_there(change: Change, trouble: Trouble, where: str) -> None:
    assert (trouble, where) in refusals(changed(change))


def test_every_problem_is_told_at_once() -> None:
    def change(bundle: dict[str, Any]) -> None:
        part(bundle, "Patient").update(name=[], birthDate="1988")
        part(bundle, "Organization").update(identifier=[])
        without("consent")(bundle)

    assert refusals(changed(change)) == {
        (Trouble.MISSING, "Patient.name"),
        (Trouble.UNREADABLE, "Patient.birthDate"),
        (Trouble.NO_IDENTIFIER, "Organization.identifier"),
        (Trouble.MISSING, "DiagnosticReport.extension[consent]"),
    }


def test_an_ordinary_extension_of_somebody_else_is_passed_over() -> None:
    data = changed(at("Specimen", extension=[{"url": "urn:x", "valueString": "y"}]))
    assert read_report(data) == EXAMPLES["covid-19"]


def test_a_modifier_extension_is_refused_by_name() -> None:
    with pytest.raises(ReportError) as refusal:
        read_report(changed(at("Specimen", modifierExtension=[{"url": "urn:x:not", "valueBoolean": True}])))
    [problem] = refusal.value.problems
    assert (problem.trouble, problem.where, problem.detail) == (
        Trouble.UNKNOWN_MODIFIER,
        "Specimen.modifierExtension",
        "urn:x:not",
    )


def test_a_cancellation_is_read_without_what_it_might_carry() -> None:
    def change(bundle: dict[str, Any]) -> None:
        extension = {"url": "urn:sceau:fhir:replaces", "valueUri": "urn:uuid:017e0000-0000-7000-8000-000000000009"}
        part(bundle, "DiagnosticReport").update(status="entered-in-error")
        part(bundle, "DiagnosticReport")["extension"].append(extension)

    assert read_report(changed(change)).screening is None


def test_reading_takes_no_longer_than_a_few_writings() -> None:
    report = EXAMPLES["covid-19"]
    assert _fastest(lambda: read_report(WHOLE)) < 6 * _fastest(lambda: write(report))


def _fastest(act: Callable[[], object]) -> float:
    def once() -> float:
        start = process_time()
        for _ in range(200):
            act()
        return process_time() - start

    return min(once() for _ in range(5))
