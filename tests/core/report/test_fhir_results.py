"""Test, result, specimen and status in foreign bundles: refused by name where they are not understood, beside what is taken."""

from typing import Any

import pytest
from tests.core.report.fhir_bundles import LOINC, SNOMED, bundle, concept, refusals, screening, taken, to, warnings

from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.report.errors import Trouble
from sceau.core.report.model import Pregnancy, Status


def answer(code: str, **fields: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": concept(code), "subject": to("Patient/1"), **fields}


def both(code: str, system: str | None = LOINC) -> tuple[Any, ...]:
    """The test's code, in the report and in its result."""
    return "DiagnosticReport.code", concept(code, system), "result.code", concept(code, system)


def test_a_bundle_of_a_laboratory_is_a_screening() -> None:
    read = screening(bundle())
    assert [(finding.loinc, finding.result) for finding in read.findings] == [("94558-4", Result.DETECTED)]
    assert read.specimen.type is SpecimenType.NASOPHARYNGEAL
    assert read.specimen.taken_at.isoformat() == "2021-12-24T10:10:00+01:00"
    assert read.symptomatic is True
    assert read.kit is not None
    assert (read.kit.name, read.kit.manufacturer) == ("Test Exemple", "Exemple SA")


@pytest.mark.parametrize(
    ("changes", "trouble", "where", "detail"),
    [
        (both("600-7"), Trouble.NOT_A_SCREENING, "DiagnosticReport.code", "600-7"),
        (both("94558-5"), Trouble.BAD_CHECK_DIGIT, "DiagnosticReport.code.coding.code", "94558-5"),
        (both("COVID"), Trouble.BAD_SHAPE, "DiagnosticReport.code.coding.code", "COVID"),
        (both("94558-4", "x7f3"), Trouble.UNKNOWN_SYSTEM, "DiagnosticReport.code.coding.system", "x7f3"),
        (both("94558-4", None), Trouble.UNKNOWN_SYSTEM, "DiagnosticReport.code.coding.system", ""),
        (("DiagnosticReport.code", None), Trouble.MISSING, "DiagnosticReport.code", ""),
        (("result.code", concept("94558-5")), Trouble.BAD_CHECK_DIGIT, "Observation[1].code.coding.code", "94558-5"),
        (("result.code", concept("94558-4", "x7f3")), Trouble.UNKNOWN_SYSTEM, "Observation[1].code.coding.system", "x7f3"),
        (("result.code", concept("600-7")), Trouble.UNKNOWN_CODE, "Observation[1].code.coding.code", "600-7"),
        (("result.code", concept("80382-5")), Trouble.RESULT_FOREIGN, "Observation[1].code", "80382-5"),
        (("DiagnosticReport.result", []), Trouble.RESULT_MISSING, "DiagnosticReport.result", ""),
        (("result.valueCodeableConcept", None), Trouble.RESULT_MISSING, "Observation[1].valueCodeableConcept", ""),
        (
            ("result.valueCodeableConcept", concept("260373001", "x7f3")),
            Trouble.UNKNOWN_SYSTEM,
            "Observation[1].valueCodeableConcept.coding.system",
            "x7f3",
        ),
        (
            ("result.valueCodeableConcept", concept("10828004", SNOMED)),
            Trouble.UNKNOWN_CODE,
            "Observation[1].valueCodeableConcept.coding.code",
            "10828004",
        ),
        (
            ("result.valueCodeableConcept", concept("260373002", SNOMED)),
            Trouble.BAD_CHECK_DIGIT,
            "Observation[1].valueCodeableConcept.coding.code",
            "260373002",
        ),
        (("Specimen.type", concept("119297000", SNOMED)), Trouble.UNKNOWN_CODE, "Specimen.type.coding.code", "119297000"),
        (("Specimen.type", concept("258500001", "x7f3")), Trouble.UNKNOWN_SYSTEM, "Specimen.type.coding.system", "x7f3"),
        (("Specimen.type", None), Trouble.MISSING, "Specimen.type", ""),
        (("Specimen.status", "unsatisfactory"), Trouble.UNKNOWN_VALUE, "Specimen.status", "unsatisfactory"),
        (("DiagnosticReport.status", "preliminary"), Trouble.UNKNOWN_VALUE, "DiagnosticReport.status", "preliminary"),
        (("DiagnosticReport.status", "registered"), Trouble.UNKNOWN_VALUE, "DiagnosticReport.status", "registered"),
        (("DiagnosticReport.status", "partial"), Trouble.UNKNOWN_VALUE, "DiagnosticReport.status", "partial"),
        (("DiagnosticReport.status", None), Trouble.MISSING, "DiagnosticReport.status", ""),
        (("result.status", "preliminary"), Trouble.UNKNOWN_VALUE, "Observation[1].status", "preliminary"),
        (("result.status", "entered-in-error"), Trouble.UNKNOWN_VALUE, "Observation[1].status", "entered-in-error"),
        (("DiagnosticReport.issued", None), Trouble.MISSING, "DiagnosticReport.issued", ""),
        (("DiagnosticReport.issued", "yesterday"), Trouble.UNREADABLE, "DiagnosticReport.issued", ""),
        (("DiagnosticReport.issued", "2021-12"), Trouble.UNREADABLE, "DiagnosticReport.issued", ""),
        (
            ("Specimen.collection.collectedDateTime", "2021-13-24T10:10:00Z"),
            Trouble.UNREADABLE,
            "Specimen.collection.collectedDateTime",
            "",
        ),
        (
            ("Specimen.collection.collectedDateTime", "1990-12-24T10:10:00Z"),
            Trouble.BEFORE_BIRTH,
            "Specimen.collection.collectedDateTime",
            "",
        ),
        (("Device.expirationDate", "2021-12-01"), Trouble.KIT_EXPIRED, "Device.expirationDate", ""),
        (
            ("Device.udiCarrier", [{"deviceIdentifier": "03400931234563"}]),
            Trouble.BAD_CHECK_DIGIT,
            "Device.udiCarrier.deviceIdentifier",
            "GTIN",
        ),
    ],
)
def test_what_is_not_understood_is_refused_by_name(changes: tuple[Any, ...], trouble: Trouble, where: str, detail: str) -> None:
    assert (trouble, where, detail) in refusals(bundle(*changes))


@pytest.mark.parametrize(
    "changes",
    [
        both("97097-0"),
        ("result.code", {"coding": [{"system": "urn:labo", "code": "AG"}, {"system": LOINC, "code": "94558-4"}]}),
        (
            "result.valueCodeableConcept",
            {"coding": [{"system": SNOMED, "code": "10828004"}, {"system": SNOMED, "code": "260373001"}]},
        ),
        ("Specimen.type", concept("697989009", SNOMED)),
        ("Specimen.status", "available"),
        ("Device.expirationDate", "2021-12-24"),
        ("Device.udiCarrier", [{"deviceIdentifier": "03400931234562"}]),
        ("result.status", "amended"),
    ],
)
def test_what_is_understood_is_taken(changes: tuple[Any, ...]) -> None:
    assert screening(bundle(*changes)).findings[0].result is Result.DETECTED


def test_two_codes_that_contradict_each_other_are_refused() -> None:
    codes = {"coding": [{"system": SNOMED, "code": "260415000"}, {"system": SNOMED, "code": "260373001"}]}
    assert refusals(bundle("result.valueCodeableConcept", codes)) == [
        (Trouble.UNKNOWN_CODE, "Observation[1].valueCodeableConcept.coding.code", "260415000, 260373001")
    ]


def test_a_mistaken_code_and_a_mistaken_system_are_told_at_once() -> None:
    assert refusals(bundle(*both("94558-4", "x7f3"), "Specimen.type", None)) == [
        (Trouble.UNKNOWN_SYSTEM, "DiagnosticReport.code.coding.system", "x7f3"),
        (Trouble.UNKNOWN_SYSTEM, "Observation[1].code.coding.system", "x7f3"),
        (Trouble.MISSING, "Specimen.type", ""),
    ]


@pytest.mark.parametrize(
    ("status", "read"),
    [
        ("final", Status.FINAL),
        ("corrected", Status.CORRECTED),
        ("amended", Status.CORRECTED),
        ("appended", Status.CORRECTED),
        ("entered-in-error", Status.ENTERED_IN_ERROR),
    ],
)
def test_the_statuses_we_take(status: str, read: Status) -> None:
    assert taken(bundle("DiagnosticReport.status", status)).status is read


def test_a_cancellation_says_which_screening() -> None:
    data = bundle("DiagnosticReport.status", "entered-in-error", "result.status", "entered-in-error")
    statement = taken(data)
    assert statement.status is Status.ENTERED_IN_ERROR
    assert statement.screening == screening(bundle())


def test_a_panel_has_a_result_for_each_part() -> None:
    results = [to("Observation/result"), to("Observation/flu")]
    flu = answer("80382-5", valueCodeableConcept=concept("260415000", SNOMED))
    changes = ("DiagnosticReport.code", concept("97099-6"), "result.code", concept("97097-0"), "DiagnosticReport.result", results)
    assert [finding.loinc for finding in screening(bundle(*changes, flu=flu)).findings] == ["97097-0", "80382-5"]


def test_a_part_named_by_the_panels_code_is_refused() -> None:
    assert refusals(bundle(*both("97099-6"))) == [(Trouble.RESULT_FOREIGN, "Observation[1].code", "97099-6")]


def test_a_result_given_twice_is_refused() -> None:
    twice = answer("94558-4", valueCodeableConcept=concept("260415000", SNOMED))
    data = bundle("DiagnosticReport.result", [to("Observation/result"), to("Observation/again")], again=twice)
    assert refusals(data) == [(Trouble.RESULT_TWICE, "DiagnosticReport.result", "")]


def test_questions_beside_the_order_or_among_the_results_are_read() -> None:
    asked = {
        "onset": answer("65222-2", valueDateTime="2021-12-22"),
        "pregnancy": answer("82810-3", valueCodeableConcept=concept("60001007", SNOMED)),
    }
    results = [to("Observation/result"), to("Observation/onset"), to("Observation/pregnancy")]
    read = screening(bundle("DiagnosticReport.result", results, **asked))
    assert (str(read.onset), read.pregnancy, read.symptomatic) == ("2021-12-22", Pregnancy.NOT_PREGNANT, True)


@pytest.mark.parametrize(
    ("value", "symptomatic"),
    [
        (concept("N", "http://terminology.hl7.org/ValueSet/v2-0136"), False),
        (concept("UNK", "HL70136"), None),
        (concept("373066001", SNOMED), True),
    ],
)
def test_answers_as_senders_write_them(value: dict[str, Any], symptomatic: bool | None) -> None:
    assert screening(bundle("symptoms.valueCodeableConcept", value)).symptomatic is symptomatic


def test_an_answer_that_is_not_understood_is_left_out() -> None:
    data = bundle("symptoms.valueCodeableConcept", concept("SOMETIMES", "urn:x"))
    assert screening(data).symptomatic is None
    assert warnings(data)["Observation.value"] == "95419-8"


def test_symptoms_after_the_test_are_refused() -> None:
    results = [to("Observation/result"), to("Observation/onset")]
    late = bundle("DiagnosticReport.result", results, onset=answer("65222-2", valueDateTime="2021-12-26"))
    assert refusals(late) == [(Trouble.ONSET_AFTER_TEST, "Observation.valueDateTime", "")]
    next_day = bundle("DiagnosticReport.result", results, onset=answer("65222-2", valueDateTime="2021-12-25"))
    assert screening(next_day).onset is not None


def test_one_question_answered_twice_is_refused() -> None:
    data = bundle(
        "DiagnosticReport.result",
        [to("Observation/result"), to("Observation/again")],
        again=answer("95419-8", valueBoolean=False),
    )
    assert refusals(data) == [(Trouble.RESULT_TWICE, "Observation[2].code", "95419-8")]


def test_unknown_questions_are_left_out_in_one_warning() -> None:
    results = [to("Observation/result"), to("Observation/work"), to("Observation/home")]
    asked = {"work": answer("95418-0"), "home": answer("95421-4")}
    assert warnings(bundle("DiagnosticReport.result", results, **asked)) == {"Observation.code": "95418-0, 95421-4"}


def test_an_observation_that_nothing_refers_to_is_told() -> None:
    assert warnings(bundle(alone=answer("95418-0"))) == {"Observation": "Observation[3]"}


@pytest.mark.parametrize(
    ("changes", "taken_at"),
    [
        (("Specimen.collection", {"collectedPeriod": {"start": "2021-12-24T09:00:00Z"}}), "2021-12-24T09:00:00+00:00"),
        (("Specimen.collection", None), "2021-12-24T10:15:00+01:00"),
    ],
)
def test_when_the_specimen_was_taken_may_stand_elsewhere(changes: tuple[Any, ...], taken_at: str) -> None:
    assert screening(bundle(*changes)).specimen.taken_at.isoformat() == taken_at


def test_a_time_that_stands_nowhere_is_refused() -> None:
    data = bundle("Specimen.collection", None, "DiagnosticReport.effectiveDateTime", None)
    assert refusals(data) == [(Trouble.MISSING, "Specimen.collection.collectedDateTime", "")]


@pytest.mark.parametrize(("text", "read"), [("2021-12-24T10:10:00", "10:10:00+01:00"), ("2021-12-24", "00:00:00+01:00")])
def test_a_time_without_a_zone_is_read_in_the_pharmacys_with_a_warning(text: str, read: str) -> None:
    data = bundle("Specimen.collection.collectedDateTime", text)
    assert screening(data).specimen.taken_at.isoformat() == f"2021-12-24T{read}"
    assert "Specimen.collection.collectedDateTime" in warnings(data)


def test_a_device_that_tells_nothing_is_left_out() -> None:
    data = bundle("Device.deviceName", None)
    assert screening(data).kit is None
    assert "Device.deviceName" in warnings(data)


def test_a_device_numbered_otherwise_than_by_gtin_keeps_its_name() -> None:
    kit = screening(bundle("Device.udiCarrier", [{"deviceIdentifier": "+A99912345"}])).kit
    assert kit is not None
    assert (kit.name, kit.gtin) == ("Test Exemple", None)
