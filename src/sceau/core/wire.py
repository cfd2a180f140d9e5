"""The JSON shapes that counter and registry exchange beside envelopes. Binary values are base64, times ISO 8601 with zone."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from sceau.core.problems import ProblemDetails


class Taken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the door did with one envelope; `id` is None when even its header could not be read."""

    id: UUID | None
    problem: ProblemDetails | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The registry's word that every envelope without a problem is durably stored; `root` is the Merkle root over them, in order."""

    received_at: datetime
    root: bytes
    key: str
    signature: bytes
    envelopes: list[Taken]


class Search(msgspec.Struct, frozen=True):
    envelopes: list[UUID]


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each report of one envelope, in order; the reasons are sealed with the envelope's own key."""

    envelope: UUID
    outcomes: list[str]
    flaw: str
    sealed_reasons: bytes
    acknowledged_at: datetime
    key: str
    signature: bytes


class Acknowledgements(msgspec.Struct, frozen=True):
    acknowledgements: list[Acknowledgement]


class KeyState(StrEnum):
    """What became of a pharmacy's key at the registry. `replaced`: another was asked for before the owner decided; `ended`: another
    was enrolled after it.
    """

    REQUESTED = "requested"
    ENROLLED = "enrolled"
    REFUSED = "refused"
    REPLACED = "replaced"
    ENDED = "ended"


class KeyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A pharmacy's signing key (Ed25519, 32 bytes), which its owner shall confirm; `proof` is its signature over
    `statements.enrolment`. Asked again with the same bytes, it changes nothing and tells the state.
    """

    finess: str
    name: Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]
    public_key: bytes
    proof: bytes
    asked_at: Annotated[datetime, msgspec.Meta(tz=True)]


class KeyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the key that was asked about. For a FINESS that no owner was invited for it is `requested`, and nothing is kept."""

    state: KeyState
    fingerprint: str
