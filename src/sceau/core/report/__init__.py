"""The structured statement of one screening, and its forms: FHIR R4, HL7 v2.5.1, CSV. No Django, no network, no files."""
