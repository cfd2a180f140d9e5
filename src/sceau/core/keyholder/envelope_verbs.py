"""What the registry asks about envelopes: to take them in, to sign what is told of them.

`ingest` gets envelopes whose signature the door has checked, and gives, for each report, facts to be counted and the identity
sealed again for storage. Whoever holds the answer can read nobody's name. Safe to ask twice for the same envelope.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

import msgspec

from sceau.core.codes.loinc import Disease
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.keyholder.identity_verbs import Likeness, SealedIdentity
from sceau.core.keyholder.service_verbs import Signature
from sceau.core.keyholder.shapes import Question, SealedAt, Shape
from sceau.core.report.model import Reason, Sex, Status
from sceau.core.sealing.errors import Flaw

ANY_DISEASE: Mapping[UUID, list[Disease]] = MappingProxyType({})
"""No software is kept to some diseases."""


class FoundFact(Shape, frozen=True):
    """One finding, as it may be counted."""

    disease: Disease
    loinc: str
    result: Result


class Facts(Shape, frozen=True):
    """What may lie in clear beside a pseudonymous id. `department` is None when unknown; `age_class` is the tens of years."""

    department: str | None
    age_class: int
    sex: Sex
    specimen: SpecimenType
    taken_on: date
    symptomatic: bool | None
    reason: Reason | None
    findings: tuple[FoundFact, ...]


class Accepted(Shape, frozen=True, tag="accepted"):
    """A report that was understood. A cancellation has neither facts nor identity; a refused consent (`refused`) has no identity.
    `day` is that from which retention counts.
    """

    id: UUID
    lineage: UUID
    replaces: UUID | None
    status: Status
    issued: datetime
    day: date
    facts: Facts | None
    identity: SealedIdentity | None
    refused: bool = False


class Refused(Shape, frozen=True, tag="refused"):
    """A report that was not; why, and where, is in the sealed reasons. `troubles`: of which kinds, to be counted."""

    troubles: tuple[str, ...] = ()


class Ingested(Shape, frozen=True, tag="ingested"):
    """An opened envelope: each report in its order, and the reasons for those refused, sealed to the pharmacy."""

    reports: tuple[Accepted | Refused, ...]
    sealed_reasons: bytes


class Unopened(Shape, frozen=True, tag="unopened"):
    """An envelope that could not be opened: no report in it can be named."""

    flaw: Flaw


class AlreadyAcknowledged(Shape, frozen=True, tag="already-acknowledged"):
    """An envelope whose acknowledgement was committed before: it is not opened again."""


class NotStamped(Shape, frozen=True, tag="not-stamped"):
    """An envelope that no door of the registry took in: it is not opened."""


class NotApproved(Shape, frozen=True, tag="not-approved"):
    """An envelope of software that the keyholder knows no approval of: it is not opened."""


Answer = Ingested | Unopened | AlreadyAcknowledged | NotStamped | NotApproved


class Ingest(Question, frozen=True, tag="ingest"):
    """`acknowledged` are envelopes of earlier batches whose acknowledgement is committed since: none of them is opened again.
    `diseases` are all that a software, by its id, may report; one that is not named there may report every one.
    """

    envelopes: list[bytes]
    at: datetime
    acknowledged: list[UUID] = msgspec.field(default_factory=list)
    diseases: dict[UUID, list[Disease]] = msgspec.field(default_factory=dict)


class StampKey(Question, frozen=True, tag="stamp-key"):
    """The month, and this month's key (32 bytes) under which a door's process stamps what it takes in (`stamps`); `plain`: of the doors
    for what is not sealed.
    """

    plain: bool


class Readmit(Question, frozen=True, tag="readmit"):
    """Lets acknowledged envelopes be opened again: the database was put back to before they were."""

    envelopes: list[UUID]


class Receipt(Question, frozen=True, tag="receipt"):
    root: bytes
    count: int
    at: datetime


class ReceiptAll(Question, frozen=True, tag="receipt-all"):
    """Those of calls that came at once; answered in their order."""

    receipts: list[Receipt]


class Acknowledge(Question, frozen=True, tag="acknowledge"):
    envelope: UUID
    outcomes: list[str]
    sealed_reasons: bytes
    at: datetime
    flaw: str = ""


class AcknowledgeAll(Question, frozen=True, tag="acknowledge-all"):
    """One batch; answered in its order."""

    acknowledgements: list[Acknowledge]


class Keys(Question, frozen=True, tag="keys"):
    """The registry's key list, encoded, and the root's public key."""


class RegistryKeyholder(Protocol):
    """What the registry's intake and door ask; answered by `clients.RegistryClient`."""

    def ingest(
        self,
        envelopes: Sequence[bytes],
        *,
        at: datetime,
        acknowledged: Sequence[UUID] = (),
        diseases: Mapping[UUID, list[Disease]] = ANY_DISEASE,
    ) -> list[Answer]: ...

    def compare(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[Likeness]: ...

    def receipt_all(self, receipts: Sequence[Receipt]) -> list[Signature]: ...

    def acknowledge_all(self, acknowledgements: Sequence[Acknowledge]) -> list[Signature]: ...

    def ask(self, question: Question) -> object: ...
