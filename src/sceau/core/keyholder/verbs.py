"""What the registry may ask of its keyholder, and the shapes that cross the border. No plain text crosses it.

`ingest` gets envelopes whose signature the door has checked, and gives, for each report, facts to be counted and the identity
sealed again for storage. Whoever holds the answer can read nobody's name. Safe to ask twice for the same envelope.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from sceau.core.codes.loinc import Disease
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.report.model import Reason, Sex, Status
from sceau.core.sealing.errors import Flaw


class FoundFact(NamedTuple):
    """One finding, as it may be counted."""

    disease: Disease
    loinc: str
    result: Result


class Facts(NamedTuple):
    """What may lie in clear beside a pseudonymous id. `department` is None when unknown; `age_class` is the tens of years."""

    department: str | None
    age_class: int
    sex: Sex
    specimen: SpecimenType
    taken_on: date
    symptomatic: bool | None
    reason: Reason | None
    findings: tuple[FoundFact, ...]


class SealedIdentity(NamedTuple):
    """Identity and contact details, sealed under the key of `day`, bound to the report and the department."""

    day: date
    sealed: bytes


class Accepted(NamedTuple):
    """A report that was understood. A cancellation has neither facts nor identity; a refused consent has no identity."""

    id: UUID
    lineage: UUID
    replaces: UUID | None
    status: Status
    issued: datetime
    facts: Facts | None
    identity: SealedIdentity | None


class Refused(NamedTuple):
    """A report that was not; why is in the sealed reasons."""


class Ingested(NamedTuple):
    """An opened envelope: each report in its order, and the reasons for those refused, sealed to the pharmacy."""

    reports: tuple[Accepted | Refused, ...]
    sealed_reasons: bytes


class Unopened(NamedTuple):
    """An envelope that could not be opened: no report in it can be named."""

    flaw: Flaw


class Signature(NamedTuple):
    """`key` names the signing key among those published in the registry's key list."""

    key: str
    value: bytes


class RegistryKeyholder(Protocol):
    def ingest(self, envelopes: Sequence[bytes], *, at: datetime) -> list[Ingested | Unopened]: ...

    def receipt(self, root: bytes, count: int, *, at: datetime) -> Signature: ...

    def acknowledge(
        self, envelope: UUID, outcomes: Sequence[str], sealed_reasons: bytes, *, at: datetime, flaw: str = ""
    ) -> Signature: ...
