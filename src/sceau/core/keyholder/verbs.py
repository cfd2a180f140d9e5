"""Which questions each principal of a service may ask of its keyholder, and what answers them. No plain text crosses that border but
what agents open (`agent_verbs`).

A question is a tagged structure; a principal's socket decodes the questions of that principal and no others (`QUESTIONS`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sceau.core.keyholder.agent_verbs import (
    Agent,
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
from sceau.core.keyholder.credential_verbs import End, Enrol, Evaluate, Hardening, Lacked, Lacking
from sceau.core.keyholder.envelope_verbs import (
    Acknowledge,
    AcknowledgeAll,
    Answer,
    Ingest,
    Keys,
    Readmit,
    Receipt,
    ReceiptAll,
    StampKey,
)
from sceau.core.keyholder.identity_verbs import Blind, BlindTokens, Compare, Forget, Likeness, SameActs
from sceau.core.keyholder.secret_verbs import AddressToken, DoorKey, OpenSecret, OpenSecrets, OpenStaff, SealSecret, SubjectToken
from sceau.core.keyholder.service_verbs import Attest, Attested, Checkpoint, Health, Retire, Signature, Statement, Told
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.software_verbs import AccessKey, AddKey, EndKey, Lend, SignIn, TellSoftware

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
            TellSoftware,
            AddKey,
            EndKey,
            SignIn,
            Lend,
            AccessKey,
            StampKey,
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
        "doors": (StampKey, AccessKey, Health),
        "operator": (
            *_STAFF,
            Keys,
            Retire,
            Forget,
            Readmit,
            Checkpoint,
            Attested,
            Lacking,
            Challenge,
            WhoIs,
            EnrolAgent,
            TellSoftware,
            AddKey,
        ),
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
    TellSoftware: bytes,
    AddKey: bool,
    EndKey: datetime,
    SignIn: str,
    Lend: str,
    AccessKey: bytes,
    StampKey: tuple[str, bytes],
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
