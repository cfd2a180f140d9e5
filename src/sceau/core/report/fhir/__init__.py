"""The FHIR R4 form: `write` and `read_report` for our own profile, `read_rows` for what others send. No Django.

The profile is `docs/reference/fhir.md`; where we differ from FHIR, `DIVERGENCES.md`.
"""

from sceau.core.report.fhir.read import read_report
from sceau.core.report.fhir.rows import read_rows
from sceau.core.report.fhir.write import write

__all__ = ["read_report", "read_rows", "write"]
