"""The names our profile uses: extension addresses, code systems, identifier systems and the codes of answers.

Follows `docs/reference/fhir.md`. Other writings of the same system that real senders use are read; ours is what is written.
"""

from sceau.core.codes.identifiers import Finess, Rpps
from sceau.core.codes.loinc import Loinc
from sceau.core.report.model import Pregnancy, Status

LINEAGE = "urn:sceau:fhir:lineage"
REPLACES = "urn:sceau:fhir:replaces"
CONSENT = "urn:sceau:fhir:consent"
REASON = "urn:sceau:fhir:reason"
DEPARTMENT = "urn:sceau:fhir:department"
BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
EXTENSIONS = frozenset({LINEAGE, REPLACES, CONSENT, REASON, DEPARTMENT, BIRTH_PLACE})

URIS = "urn:ietf:rfc:3986"
UUID_PREFIX = "urn:uuid:"
CANCELLED_CODE = Loinc("11502-2")  # laboratory report: a cancellation names no test

FINESS_SYSTEMS = frozenset({Finess.URI, "https://finess.esante.gouv.fr", "http://finess.esante.gouv.fr"})
RPPS_SYSTEMS = frozenset({Rpps.URI, "https://rpps.esante.gouv.fr", "http://rpps.esante.gouv.fr"})
KNOWN_TYPES = {"CLIA": "urn:oid:2.16.840.1.113883.4.7"}  # identifier types that say their system

YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
YES_NO_SYSTEMS = frozenset({YES_NO, "http://terminology.hl7.org/ValueSet/v2-0136", "HL70136"})
YES_NO_CODES: dict[str, bool | None] = {"Y": True, "N": False, "UNK": None, "U": None}
SNOMED_YES_NO: dict[str, bool | None] = {"373066001": True, "373067005": False, "261665006": None}
SNOMED_PREGNANCY = {
    "77386006": Pregnancy.PREGNANT,
    "60001007": Pregnancy.NOT_PREGNANT,
    "261665006": Pregnancy.UNKNOWN,
}

STATUSES = {
    "final": Status.FINAL,
    "corrected": Status.CORRECTED,
    "amended": Status.CORRECTED,
    "appended": Status.CORRECTED,
    "entered-in-error": Status.ENTERED_IN_ERROR,
}
PRODUCTION_SYSTEMS = frozenset({"http://terminology.hl7.org/CodeSystem/v2-0103", "HL70103"})
TEST_DATA = "HTEST"  # v3-ActReason: test health data
