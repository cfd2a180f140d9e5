"""References, modifiers, and JSON made to break readers: each refused, beside the near miss that is taken."""

import json
from time import process_time
from typing import Any

import pytest
from tests.core.report.fhir_bundles import PARIS, bundle, concept, one, refusals, screening, taken, to, tree
from tests.core.report.fhir_examples import EXAMPLES

from sceau.core.report.errors import ReportError, Trouble
from sceau.core.report.fhir import read_report, read_rows, write

OURS = write(EXAMPLES["covid-19"])


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        (("DiagnosticReport.subject", "{}"), "DiagnosticReport.subject"),
        (("DiagnosticReport.basedOn", ["{}"]), "DiagnosticReport.basedOn"),
        (("DiagnosticReport.result", ["{}"]), "DiagnosticReport.result"),
        (("DiagnosticReport.performer", ["{}"]), "DiagnosticReport.performer"),
        (("result.performer", ["{}"]), "Observation[1].performer"),
        (("result.specimen", "{}"), "Observation[1].specimen"),
        (("result.device", "{}"), "Observation[1].device"),
        (("result.subject", "{}"), "Observation[1].subject"),
        (("Specimen.subject", "{}"), "Specimen.subject"),
        (("ServiceRequest.supportingInfo", ["{}"]), "ServiceRequest.supportingInfo"),
    ],
)
@pytest.mark.parametrize(
    ("target", "trouble"),
    [
        ("https://fhir.example.org/Patient/1", Trouble.FOREIGN_REFERENCE),
        ("http://169.254.169.254/latest", Trouble.FOREIGN_REFERENCE),
        ("Patient/9", Trouble.DANGLING_REFERENCE),
        ("urn:uuid:017e0000-0000-7000-8000-000000000009", Trouble.DANGLING_REFERENCE),
        ("#1", Trouble.DANGLING_REFERENCE),
    ],
)
def test_a_reference_out_of_the_bundle_is_refused(changes: tuple[str, Any], where: str, target: str, trouble: Trouble) -> None:
    path, value = changes
    reference: Any = [to(target)] if isinstance(value, list) else to(target)
    assert (trouble, where) in [(found, place) for found, place, _ in refusals(bundle(path, reference))]


def test_a_reference_by_full_address_is_taken_where_the_bundle_holds_it() -> None:
    text = bundle().decode()
    address = "https://fhir.example.org/Patient/1"
    assert taken(text.replace('"Patient/1"', f'"{address}"').encode()) == taken(bundle())


def test_the_order_may_carry_information_of_other_types() -> None:
    data = bundle("ServiceRequest.supportingInfo", [to("Observation/symptoms"), to("Condition/1")], Condition={"x": "y"})
    assert screening(data).symptomatic is True


def test_two_resources_of_one_name_are_refused() -> None:
    whole = tree()
    whole["entry"][3]["fullUrl"] = whole["entry"][2]["fullUrl"]
    assert (Trouble.DUPLICATE_ID, "Bundle.entry[4].fullUrl", "") in refusals(json.dumps(whole).encode())
    whole = tree(second={"resourceType": "Organization"})
    whole["entry"][-1]["resource"]["id"] = "1"
    assert refusals(json.dumps(whole).encode()) == [(Trouble.DUPLICATE_ID, "Bundle.entry[10].resource.id", "")]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("Patient", "Patient"),
        ("Patient.name.0", "Patient.name"),
        ("result.valueCodeableConcept", "Observation[1].valueCodeableConcept"),
        ("symptoms", "Observation[2]"),
        ("MessageHeader", "MessageHeader"),
    ],
)
def test_a_modifier_extension_on_what_we_read_is_refused_by_name(path: str, where: str) -> None:
    data = bundle(f"{path}.modifierExtension", [{"url": "urn:labo:not", "valueBoolean": True}])
    assert refusals(data) == [(Trouble.UNKNOWN_MODIFIER, f"{where}.modifierExtension", "urn:labo:not")]
    near = bundle(f"{path}.extension", [{"url": "urn:labo:not", "valueBoolean": True}])
    assert taken(near) == taken(bundle())


def test_a_modifier_extension_on_what_nobody_reads_is_nothing_to_us() -> None:
    assert taken(bundle(Endpoint={"modifierExtension": [{"url": "urn:labo:not"}]})) == taken(bundle())


def test_rules_that_we_do_not_know_are_refused() -> None:
    assert refusals(bundle("result.implicitRules", "urn:labo:rules")) == [
        (Trouble.UNKNOWN_MODIFIER, "Observation[1].implicitRules", "urn:labo:rules")
    ]
    whole = tree()
    whole["modifierExtension"] = [{"url": "urn:labo:not"}]
    assert refusals(json.dumps(whole).encode()) == [(Trouble.UNKNOWN_MODIFIER, "Bundle.modifierExtension", "urn:labo:not")]


def _with(value: bytes) -> tuple[bytes, bytes]:
    """A foreign bundle and one of ours, with that JSON somewhere in it."""
    return bundle()[:-1] + b', "x": ' + value + b"}", OURS[:-1] + b',"x":' + value + b"}"


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        (b"[" * 100_000 + b"]" * 100_000, Trouble.TOO_DEEP),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, Trouble.TOO_DEEP),
        (b"1e999", Trouble.UNREADABLE),
        (b"1" * 5000, Trouble.UNREADABLE),
        (b"NaN", Trouble.UNREADABLE),
        (b'"\xff"', Trouble.UNREADABLE),
        (b'"\x00"', Trouble.FILE_NUL),
        (b'"\x01"', Trouble.UNREADABLE),
        (b'{"a":1,"a":1}', Trouble.BAD_SHAPE),
        (b'{"a":1,"\\u0061":2}', Trouble.BAD_SHAPE),
    ],
    ids=["arrays", "objects", "exponent", "digits", "nan", "utf-8", "nul", "control", "key-twice", "key-twice-escaped"],
)
def test_json_made_to_break_readers_is_refused(value: bytes, trouble: Trouble) -> None:
    foreign, ours = _with(value)
    assert [found for found, _, _ in refusals(foreign)] == [trouble]
    with pytest.raises(ReportError) as refusal:
        read_report(ours)
    assert [problem.trouble for problem in refusal.value.problems] == [trouble]


@pytest.mark.parametrize("value", [b"[" * 100 + b"]" * 100, b"1e99", b"1" * 18, '"é"'.encode(), b'"\\u0000"', b'{"a":1,"b":1}'])
def test_json_that_is_only_odd_is_taken(value: bytes) -> None:
    foreign, ours = _with(value)
    assert taken(foreign) == taken(bundle())
    assert read_report(ours) == EXAMPLES["covid-19"]


def test_a_depth_that_parses_but_is_deep_is_a_row_and_no_crash() -> None:
    for depth in range(100, 1000, 100):
        foreign, _ = _with(b"[" * depth + b"]" * depth)
        row = one(foreign)
        assert (row.statement is None) == bool(row.problems)


def test_a_birth_date_given_twice_is_refused_by_its_key() -> None:
    whole = bundle().replace(b'"birthDate"', b'"birthDate": "1990-01-01", "birthDate"')
    assert refusals(whole) == [(Trouble.BAD_SHAPE, "Bundle", "2 × birthDate")]


def test_more_resources_or_reports_than_we_take_are_refused_as_one_row() -> None:
    many = {f"p{number}": {"resourceType": "Practitioner"} for number in range(2000)}
    assert [found for found, _, _ in refusals(bundle(**many))] == [Trouble.TOO_MANY_ROWS]
    reports = {f"d{number}": {"resourceType": "DiagnosticReport"} for number in range(100)}
    assert refusals(bundle(**reports)) == [(Trouble.TOO_MANY_ROWS, "DiagnosticReport", "101 > 100")]


def test_more_references_in_a_list_than_we_follow_are_refused() -> None:
    data = bundle("DiagnosticReport.basedOn", 101 * [to("ServiceRequest/1")])
    assert refusals(data) == [(Trouble.TOO_MANY_ROWS, "DiagnosticReport.basedOn", "101 > 100")]
    assert taken(bundle("DiagnosticReport.basedOn", 100 * [to("ServiceRequest/1")])) == taken(bundle())


def test_a_bundle_made_to_take_long_does_not() -> None:
    observations = {f"r{number}": {"resourceType": "Observation", "code": {"coding": []}} for number in range(100)}
    listed = [to(f"Observation/{name}") for name in observations]
    orders = {f"o{number}": {"resourceType": "ServiceRequest", "supportingInfo": listed} for number in range(100)}
    report = {"resourceType": "DiagnosticReport", "code": concept("94558-4"), "result": listed}
    reports = {f"d{number}": {**report, "basedOn": [to(f"ServiceRequest/{name}") for name in orders]} for number in range(99)}
    data = bundle(**observations, **orders, **reports)
    start = process_time()
    assert len(list(read_rows(data, PARIS).rows)) == 100
    assert process_time() - start < 20


def test_many_keys_given_twice_are_refused_at_once() -> None:
    pairs = ",".join(f'"k{number}":1' for number in range(45_000))
    started = process_time()
    with pytest.raises(ReportError, match="2 ×"):
        read_report(f'{{"resourceType":"Bundle",{pairs},{pairs}}}'.encode())
    assert process_time() - started < 5
