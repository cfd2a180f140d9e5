"""The model's own refusals, told by the FHIR path that the value came from.

The model checks what the fields of a report must be together; it names its own fields, which a sender of FHIR does not know.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sceau.core.report.errors import ReportError
from sceau.core.report.fhir.notes import Notes

T = TypeVar("T")
_PATHS = {
    "patient.family": "Patient.name.family",
    "patient.given": "Patient.name.given",
    "patient.birth_date": "Patient.birthDate",
    "patient.used_family": "Patient.name.family",
    "patient.used_given": "Patient.name.given",
    "patient.birth_place": "Patient.extension[patient-birthPlace]",
    "patient.phone": "Patient.telecom",
    "patient.email": "Patient.telecom",
    "address.lines": "Patient.address.line",
    "address.postal_code": "Patient.address.postalCode",
    "address.city": "Patient.address.city",
    "address.country": "Patient.address.country",
    "performer": "Organization.identifier",
    "performer.name": "Organization.name",
    "specimen.taken_at": "Specimen.collection.collectedDateTime",
    "kit.name": "Device.deviceName",
    "kit.manufacturer": "Device.manufacturer",
    "kit.lot": "Device.lotNumber",
    "kit.expiry": "Device.expirationDate",
    "findings": "DiagnosticReport.result",
    "test.loinc": "DiagnosticReport.code",
    "onset": "Observation.valueDateTime",
    "issued": "DiagnosticReport.issued",
    "replaces": "DiagnosticReport.extension[replaces]",
    "screening": "DiagnosticReport.result",
}


def built(make: Callable[[], T], notes: Notes, findings: Callable[[], Mapping[str, str]] = dict) -> T | None:
    """What `make` builds, or None with its problems noted by path; `findings` tells where each test's result was given."""
    try:
        return make()
    except ReportError as error:
        for problem in error.problems:
            path = findings().get(problem.detail) if problem.where == "findings" else None
            notes.refuse(problem.trouble, path or _PATHS.get(problem.where, problem.where), problem.detail)
        return None
