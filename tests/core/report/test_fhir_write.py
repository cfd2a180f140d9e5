"""What `write` writes: the frozen bytes, bundles that FHIR's own schema accepts, and the page that shows them."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from msgspec.structs import replace
from tests.core.report import strategies
from tests.core.report.fhir_examples import EXAMPLES, INES, PAGE, VECTORS, section

from sceau.core.codes.identifiers import Finess, ForeignIdentifier
from sceau.core.codes.loinc import Disease
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.fhir import read_report, write
from sceau.core.report.model import Address, Patient, Performer, ScreeningReport, Status


def resources(report: ScreeningReport) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(write(report))["entry"]]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_bytes_are_frozen(name: str) -> None:
    frozen = (VECTORS / f"{name}.json").read_bytes()
    assert write(EXAMPLES[name]) == frozen
    assert read_report(frozen) == EXAMPLES[name]


def test_there_is_an_example_for_each_disease_and_a_file_for_each_example() -> None:
    assert {disease.value for disease in Disease} <= EXAMPLES.keys()
    assert {path.stem for path in VECTORS.glob("*.json")} == EXAMPLES.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_shows_what_is_written(name: str) -> None:
    assert section(name) in PAGE.read_text(encoding="utf-8")


@given(strategies.reports())
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_is_fhir_r4(report: ScreeningReport) -> None:
    Bundle.model_validate_json(write(report))


@given(strategies.reports())
def test_the_same_report_gives_the_same_bytes(report: ScreeningReport) -> None:
    assert write(report) == write(read_report(write(report)))


def test_the_report_comes_first_under_its_own_id() -> None:
    report = EXAMPLES["covid-19"]
    bundle = json.loads(write(report))
    assert bundle["identifier"]["value"] == f"urn:uuid:{report.id}" == bundle["entry"][0]["fullUrl"]
    assert bundle["entry"][0]["resource"]["resourceType"] == "DiagnosticReport"


def test_a_cancellation_names_nobody() -> None:
    [only] = resources(EXAMPLES["cancellation"])
    assert only["status"] == "entered-in-error"
    assert only["code"]["coding"] == [{"system": "http://loinc.org", "code": "11502-2"}]
    assert {extension["url"] for extension in only["extension"]} == {"urn:sceau:fhir:lineage", "urn:sceau:fhir:replaces"}


def test_no_two_resources_of_different_reports_share_a_name() -> None:
    names = [entry["fullUrl"] for name in EXAMPLES for entry in json.loads(write(EXAMPLES[name]))["entry"]]
    apart = write(replace(EXAMPLES["covid-19"], id=UUID(int=7), lineage=UUID(int=7)))
    names += [entry["fullUrl"] for entry in json.loads(apart)["entry"]]
    assert len({name[:-2] for name in names}) == 2  # the examples' ids differ in the last byte only: real ones never do


@pytest.mark.parametrize(
    "offset",
    [timedelta(minutes=9, seconds=21), timedelta(hours=-14, minutes=-30), timedelta(hours=23)],
    ids=["seconds", "far-west", "far-east"],
)
def test_an_offset_that_fhir_cannot_write_keeps_the_instant(offset: timedelta) -> None:
    report = replace(EXAMPLES["cancellation"], issued=datetime(2022, 1, 10, 12, tzinfo=timezone(offset)))
    Bundle.model_validate_json(write(report))
    assert read_report(write(report)).issued == report.issued


def test_a_time_keeps_the_offset_it_was_written_with() -> None:
    report = replace(EXAMPLES["cancellation"], issued=datetime(2022, 1, 10, 12, tzinfo=timezone(timedelta(hours=11))))
    assert read_report(write(report)).issued.utcoffset() == timedelta(hours=11)


def test_a_blank_optional_field_is_written_as_absent() -> None:
    blank = Patient(
        family="EXEMPLE",
        given=("INÈS",),
        birth_date=INES.birth_date,
        sex=INES.sex,
        email="",
        used_family="",
        address=Address(lines=("",)),
    )
    screening = EXAMPLES["rsv"].screening
    assert screening is not None
    report = replace(EXAMPLES["rsv"], screening=replace(screening, patient=blank))
    Bundle.model_validate_json(write(report))
    read = read_report(write(report)).screening
    assert read is not None
    assert read.patient == INES


def test_a_finess_is_not_written_as_a_foreign_number() -> None:
    screening = EXAMPLES["rsv"].screening
    assert screening is not None
    performer = Performer(name="Pharmacie", foreign=ForeignIdentifier(Finess.URI, "690001235"))
    with pytest.raises(ReportError) as refusal:
        write(replace(EXAMPLES["rsv"], screening=replace(screening, performer=performer)))
    assert refusal.value.problems == (Problem(Trouble.BAD_SHAPE, "performer.foreign", "FINESS"),)


def test_the_status_of_a_correction_is_on_its_results_too() -> None:
    statuses = {part["status"] for part in resources(EXAMPLES["correction"]) if part.get("valueCodeableConcept")}
    assert statuses == {"corrected", "final"}  # the answers to questions are not what was corrected
    assert EXAMPLES["correction"].status is Status.CORRECTED
    assert EXAMPLES["correction"].issued.astimezone(UTC).hour == 10
