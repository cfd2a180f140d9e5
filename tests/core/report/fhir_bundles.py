"""A bundle of a laboratory that is not ours, of an invented person, to be changed part by part; and what became of it.

`bundle("Patient.birthDate", None)` takes something out, `bundle("Patient.gender", "male")` puts it in; a path is a resource's name
here and keys or places inside it.
"""

import json
from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

from sceau.core.report.errors import Trouble
from sceau.core.report.fhir import read_rows
from sceau.core.report.model import Screening
from sceau.core.report.reading import Row, Statement

PARIS = ZoneInfo("Europe/Paris")
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
Resources = dict[str, dict[str, Any]]


def concept(code: str, system: str | None = LOINC) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code} if system else {"code": code}]}


def to(name: str) -> dict[str, str]:
    return {"reference": name}


def _resources() -> Resources:
    return {
        "MessageHeader": {"source": {"name": "LABO", "endpoint": "urn:oid:1.2.3.9"}},
        "DiagnosticReport": {
            "identifier": [{"value": "R-1"}],
            "basedOn": [to("ServiceRequest/1")],
            "status": "final",
            "code": concept("94558-4"),
            "subject": to("Patient/1"),
            "effectiveDateTime": "2021-12-24T10:15:00+01:00",
            "issued": "2021-12-24T11:00:00+01:00",
            "specimen": [to("Specimen/1")],
            "result": [to("Observation/result")],
        },
        "Patient": {
            "identifier": [{"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "188046912345672"}],
            "name": [{"family": "Exemple", "given": ["Inès", "Marie"]}],
            "gender": "female",
            "birthDate": "1995-03-07",
            "address": [{"line": ["1 rue des Lilas"], "city": "Lyon", "postalCode": "69003", "country": "FRA"}],
        },
        "Organization": {"identifier": [{"system": "urn:oid:1.2.3.4", "value": "LAB-7"}], "name": "Labo Exemple"},
        "Specimen": {
            "type": concept("258500001", SNOMED),
            "subject": to("Patient/1"),
            "collection": {"collectedDateTime": "2021-12-24T10:10:00+01:00"},
        },
        "Device": {"manufacturer": "Exemple SA", "deviceName": [{"name": "Test Exemple", "type": "model-name"}]},
        "ServiceRequest": {"status": "completed", "intent": "order", "supportingInfo": [to("Observation/symptoms")]},
        "result": {
            "resourceType": "Observation",
            "status": "final",
            "code": concept("94558-4"),
            "subject": to("Patient/1"),
            "performer": [to("Organization/1")],
            "valueCodeableConcept": concept("260373001", SNOMED),
            "specimen": to("Specimen/1"),
            "device": to("Device/1"),
        },
        "symptoms": {
            "resourceType": "Observation",
            "status": "final",
            "code": concept("95419-8"),
            "subject": to("Patient/1"),
            "valueCodeableConcept": concept("Y", "HL70136"),
        },
    }


def tree(*changes: Any, **more: dict[str, Any]) -> dict[str, Any]:
    """The bundle as a tree: changes are paths, each followed by its value; `more` are resources to add."""
    resources = deepcopy({**_resources(), **more})
    for path, value in zip(changes[::2], changes[1::2], strict=True):
        _put(resources, path.split("."), value)
    return {
        "resourceType": "Bundle",
        "type": "message",
        "entry": [_entry(name, part) for name, part in resources.items() if part],
    }


def _entry(name: str, part: dict[str, Any]) -> dict[str, Any]:
    kind = part.get("resourceType", name)
    number = "1" if kind == name else name
    return {"fullUrl": f"{kind}/{number}", "resource": {"resourceType": kind, "id": number, **part}}


def _put(node: Any, path: list[str], value: Any) -> None:
    *way, last = [int(part) if part.isdigit() else part for part in path]
    for step in way:
        node = node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value


def bundle(*changes: Any, **more: dict[str, Any]) -> bytes:
    return json.dumps(tree(*changes, **more), ensure_ascii=False).encode()


def one(data: bytes) -> Row:
    [row] = read_rows(data, PARIS).rows
    return row


def taken(data: bytes) -> Statement:
    row = one(data)
    assert row.problems == ()
    assert row.statement is not None
    return row.statement


def screening(data: bytes) -> Screening:
    return taken(data).screening


def refusals(data: bytes) -> list[tuple[Trouble, str, str]]:
    row = one(data)
    assert row.statement is None
    return [(problem.trouble, problem.where, problem.detail) for problem in row.problems]


def warnings(data: bytes) -> dict[str, str]:
    """What was left out or assumed, by place."""
    taken(data)
    return {warning.where: warning.detail for warning in one(data).warnings}
