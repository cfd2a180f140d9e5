"""What every service asks about its credentials: what the keyholder adds to a password, a passkey or a code. No password crosses."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sceau.core.keyholder.shapes import Question, Shape


class CredentialKind(StrEnum):
    PASSWORD = "password"  # noqa: S105
    PASSKEY = "passkey"
    RECOVERY = "recovery"
    WORKSTATION = "workstation"


class Hardening(Shape, frozen=True):
    """`secret` (32 bytes) is what only the keyholder can add to a password, PRF output or code; `days` are the owner's live day
    secrets (32 bytes each) by ISO date, today's and the coming fortnight's among them; empty for an owner that has none.
    """

    secret: bytes
    days: dict[str, bytes]


class Lacked(Shape, frozen=True):
    """What a store does not have of what it was asked about: nothing that needs it opens."""

    credentials: list[UUID]
    days: list[tuple[str, date]]


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


class Lacking(Question, frozen=True, tag="lacking"):
    """Which of these the store does not have: credentials, and days with their owner (a pharmacy's id; empty at the registry)."""

    credentials: list[UUID]
    days: list[tuple[str, date]]
