"""What may be asked of a keyholder, and the shapes that cross the border. No plain text crosses it but what agents
open (`agent_verbs`).

A question is a tagged structure; a principal's socket decodes the questions of that principal and no others (`QUESTIONS`).
`ingest` gets envelopes whose signature the door has checked, and gives, for each report, facts to be counted and the identity
sealed again for storage. Whoever holds the answer can read nobody's name. Safe to ask twice for the same envelope.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

import msgspec

from sceau.core.codes.loinc import Disease
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.keyholder.agent_verbs import (
    Agent,
    Blind,
    Challenge,
    EnrolAgent,
    Find,
    HasOpen,
    OpenNotes,
    Present,
    RaiseLimit,
    Reveal,
    SealContact,
    SealNote,
    WhoIs,
)
from sceau.core.keyholder.shapes import Question as Question
from sceau.core.keyholder.shapes import SealedAt as SealedAt
from sceau.core.keyholder.shapes import Shape as Shape
from sceau.core.report.model import Reason, Sex, Status
from sceau.core.sealing.errors import Flaw

SKEW = timedelta(minutes=5)
"""By how much an asker's moment may differ from the keyholder's clock; it refuses more with `clock`."""


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


class BlindTokens(Shape, frozen=True):
    """Keyed digests (64 bits, signed) by which persons are looked for, each over several fields at once, under the index key of
    `month` (`2026-11`); None where a field is missing. A closed list of six kinds, of which one serves either name.
    """

    month: str
    ins: int | None
    given_born: int | None
    family_born: int | None
    born_department: int | None
    names_department: int | None
    home: int | None
    phone: int | None


class SealedIdentity(Shape, frozen=True):
    """Identity and contact details, sealed under the key of `day`, bound to the report and the department. `tokens` are those of
    this month, to be kept, then those of the earlier months in which the asker keeps rows, to look there.
    """

    day: date
    sealed: bytes
    tokens: tuple[BlindTokens, ...]


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
    """A report that was not; why is in the sealed reasons."""


class Ingested(Shape, frozen=True, tag="ingested"):
    """An opened envelope: each report in its order, and the reasons for those refused, sealed to the pharmacy."""

    reports: tuple[Accepted | Refused, ...]
    sealed_reasons: bytes


class Unopened(Shape, frozen=True, tag="unopened"):
    """An envelope that could not be opened: no report in it can be named."""

    flaw: Flaw


class AlreadyAcknowledged(Shape, frozen=True, tag="already-acknowledged"):
    """An envelope whose acknowledgement was committed before: it is not opened again."""


Answer = Ingested | Unopened | AlreadyAcknowledged


class Signature(Shape, frozen=True):
    """`key` names the signing key among those published in the registry's key list."""

    key: str
    value: bytes


class CredentialKind(StrEnum):
    PASSWORD = "password"  # noqa: S105
    PASSKEY = "passkey"
    RECOVERY = "recovery"
    WORKSTATION = "workstation"


class Likeness(StrEnum):
    """What `compare` says of two sealed identities; `gone` when nobody may open one of them any more (erased, or its day ended)."""

    SAME = "same"
    DIFFERENT = "different"
    DOUBTFUL = "doubtful"
    GONE = "gone"


class Hardening(Shape, frozen=True):
    """`secret` (32 bytes) is what only the keyholder can add to a password, PRF output or code; `days` are the owner's live day
    secrets (32 bytes each) by ISO date, today's and the coming fortnight's among them; empty for an owner that has none.
    """

    secret: bytes
    days: dict[str, bytes]


class Statement(Shape, frozen=True):
    """What was destroyed, signed: `text` is UTF-8 JSON, the signature Ed25519 over `statements.DESTROYED_LABEL` ‖ text."""

    text: bytes
    signature: Signature


class Told(Shape, frozen=True):
    """A keyholder's state, without a secret in it; `log_key` is public, `checkpoint` the size of the log it last signed."""

    service: str
    journal_entries: int
    journal_head: bytes
    unsafe: bool
    live_days: int
    now: datetime
    log_key: bytes
    checkpoint: int
    checkpoint_root: bytes


class Lacked(Shape, frozen=True):
    """What a store does not have of what it was asked about: nothing that needs it opens."""

    credentials: list[UUID]
    days: list[tuple[str, date]]


class Ingest(Question, frozen=True, tag="ingest"):
    """`acknowledged` are envelopes of earlier batches whose acknowledgement is committed since: none of them is opened again.
    `diseases` are all that a software, by its id, may report; one that is not named there may report every one.
    """

    envelopes: list[bytes]
    at: datetime
    acknowledged: list[UUID] = msgspec.field(default_factory=list)
    diseases: dict[UUID, list[Disease]] = msgspec.field(default_factory=dict)


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


class Compare(Question, frozen=True, tag="compare"):
    """Identities, and pairs of their positions; answered pair by pair."""

    identities: list[SealedAt]
    pairs: list[tuple[int, int]]


class SameActs(Question, frozen=True, tag="same-acts"):
    """Identities, and pairs of their positions; whether both were told with one act: same test and pharmacy, within two hours."""

    identities: list[SealedAt]
    pairs: list[tuple[int, int]]


class Keys(Question, frozen=True, tag="keys"):
    """The registry's key list, encoded, and the root's public key."""


class Sponsor(Shape, frozen=True):
    """Somebody of the same owner who is there: a credential with its right input."""

    credential: UUID
    input: bytes


class Enrol(Question, frozen=True, tag="enrol"):
    """A new credential of `owner` (a pharmacy's id; empty for staff without keys). `input` is 32 bytes derived from the password
    (Argon2id), PRF output or code. All but an owner's first need a sponsor, unless the operator asks.
    """

    credential: UUID
    owner: str
    kind: CredentialKind
    input: bytes
    sponsor: Sponsor | None = None


class Evaluate(Question, frozen=True, tag="evaluate"):
    credential: UUID
    input: bytes


class End(Question, frozen=True, tag="end"):
    """Ends a credential: its secret is destroyed, so that its slot is dead in every backup too."""

    credential: UUID


class SealSecret(Question, frozen=True, tag="seal-secret"):
    """Seals a small secret of the service (a second factor's seed) for its database; `name` says what it is, and binds it."""

    name: str
    secret: bytes


class OpenSecret(Question, frozen=True, tag="open-secret"):
    name: str
    sealed: bytes


class OpenSecrets(Question, frozen=True, tag="open-secrets"):
    """Names and sealed secrets, opened in their order; None for one that does not open. A page of colleagues is one question."""

    secrets: list[tuple[str, bytes]]


class OpenStaff(Question, frozen=True, tag="open-staff"):
    """As `open-secrets`, of names and addresses of the staff alone: what a process that sends e-mail needs, and no second factor."""

    secrets: list[tuple[str, bytes]]


class AddressToken(Question, frozen=True, tag="address-token"):
    """A keyed digest (32 bytes) of a staff member's e-mail address, however it is written: what an account is found by."""

    address: str


class SubjectToken(Question, frozen=True, tag="subject-token"):
    """A keyed digest (32 bytes) of whom an OpenID Connect issuer means by a subject: what a link is found by."""

    issuer: str
    subject: str


class DoorKey(Question, frozen=True, tag="door-key"):
    """The key (32 bytes) under which the web process digests what it counts at the door: no database has it."""


class Retire(Question, frozen=True, tag="retire"):
    """Destroys the keys of every day whose retention, by the keyholder's own regimes, ended before `on`, which is not to come."""

    on: date


class Forget(Question, frozen=True, tag="forget"):
    """A tombstone: identities of this report will not be opened or compared any more."""

    report: UUID


class Checkpoint(Question, frozen=True, tag="checkpoint"):
    """Signs the log's size and root, if `consistency` (RFC 6962) proves it an extension of what was last signed."""

    size: int
    root: bytes
    consistency: list[bytes]


class Attest(Question, frozen=True, tag="attest"):
    """An HMAC (32 bytes) for each statement about rows of a `kind` that the asker is about to tell its log."""

    kind: str
    statements: list[bytes]


class Attested(Question, frozen=True, tag="attested"):
    """Whether each statement has the HMAC that `attest` gave for it."""

    kind: str
    statements: list[tuple[bytes, bytes]]


class Health(Question, frozen=True, tag="status"):
    """How the keyholder fares."""


class Lacking(Question, frozen=True, tag="lacking"):
    """Which of these the store does not have: credentials, and days with their owner (a pharmacy's id; empty at the registry)."""

    credentials: list[UUID]
    days: list[tuple[str, date]]


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


_STAFF: tuple[type[Question], ...] = (
    Enrol,
    Evaluate,
    End,
    SealSecret,
    OpenSecret,
    OpenSecrets,
    AddressToken,
    SubjectToken,
    DoorKey,
    Attest,
    Health,
)
QUESTIONS: dict[str, dict[str, tuple[type[Question], ...]]] = {
    "counter": {
        "web": _STAFF,
        "worker": (Checkpoint, Retire, Attest, Attested, Health),
        "operator": (*_STAFF, Retire, Checkpoint, Attested, Lacking),
    },
    "registry": {
        "web": (
            *_STAFF,
            Receipt,
            ReceiptAll,
            Keys,
            Challenge,
            Present,
            WhoIs,
            Reveal,
            Find,
            EnrolAgent,
            RaiseLimit,
            SealContact,
            SealNote,
            OpenNotes,
            HasOpen,
        ),
        "worker": (
            Ingest,
            Compare,
            SameActs,
            Blind,
            Forget,
            Acknowledge,
            AcknowledgeAll,
            OpenStaff,
            Checkpoint,
            Retire,
            Attest,
            Attested,
            Health,
        ),
        "operator": (*_STAFF, Keys, Retire, Forget, Readmit, Checkpoint, Attested, Lacking, Challenge, WhoIs, EnrolAgent),
    },
}
"""By service and principal: which questions its socket understands."""

ANSWERS: Mapping[type[Question], Any] = {
    Ingest: list[Answer],
    Readmit: int,
    Receipt: Signature,
    ReceiptAll: list[Signature],
    Acknowledge: Signature,
    AcknowledgeAll: list[Signature],
    Compare: list[Likeness],
    SameActs: list[bool],
    Keys: tuple[bytes, bytes],
    Enrol: Hardening,
    Evaluate: Hardening,
    End: Statement,
    SealSecret: bytes,
    OpenSecret: bytes,
    OpenSecrets: list[bytes | None],
    OpenStaff: list[bytes | None],
    AddressToken: bytes,
    SubjectToken: bytes,
    DoorKey: bytes,
    Retire: Statement,
    Forget: Statement,
    Checkpoint: Signature,
    Attest: list[bytes],
    Attested: list[bool],
    Health: Told,
    Lacking: Lacked,
    Challenge: bytes,
    EnrolAgent: None,
    Present: bytes,
    WhoIs: Agent | None,
    SealContact: bytes,
    SealNote: bytes,
    OpenNotes: list[str],
    HasOpen: None,
    Blind: list[tuple[BlindTokens, ...]],
    RaiseLimit: None,
    Reveal: bytes,
    Find: list[BlindTokens],
}
