"""What is asked about agents and by them: who they are, that they are there, whom they open, and what they write down. No plain text
crosses the border but what `reveal` and `open-notes` open.
"""

from datetime import date
from uuid import UUID

from sceau.core.keyholder.shapes import Question, SealedAt, Shape


class Opens(Shape, frozen=True):
    """What a touch is for: the identities of these reports (or contacts), for that purpose, and nothing else."""

    reports: tuple[UUID, ...]
    purpose: str


class Challenge(Question, frozen=True, tag="challenge"):
    """A WebAuthn challenge for an agent; with `agrees`, one that only serves to agree to what has that digest (an agent's record, a
    decision on software); with `opens`, one whose token opens that alone. Without either its token opens nobody.
    """

    agent: str
    agrees: bytes = b""
    opens: Opens | None = None


class WhoIs(Question, frozen=True, tag="who-is"):
    """The record of an agent as enrolled; None for nobody."""

    agent: str


class Assertion(Shape, frozen=True):
    """A WebAuthn assertion, as the browser gave it (all bytes raw)."""

    agent: str
    credential_id: bytes
    authenticator_data: bytes
    client_data_json: bytes
    signature: bytes


class Agent(Shape, frozen=True):
    """`public_key` is COSE (CBOR); `departments` empty means none, `("*",)` all; roles: agent, supervisor, authority."""

    agent: str
    role: str
    departments: tuple[str, ...]
    credential_id: bytes
    public_key: bytes


class EnrolAgent(Question, frozen=True, tag="enrol-agent"):
    """Needs the assertions of two different authority members over challenges for this very agent record (its SHA-256)."""

    agent: Agent
    approvals: list[Assertion]


class Present(Question, frozen=True, tag="present"):
    """Exchanges an assertion for a token (32 bytes) of at most 30 minutes."""

    assertion: Assertion


class Reveal(Question, frozen=True, tag="reveal"):
    """Opens one identity for an agent who touched for it and this purpose; gives the patient, or the contact, as JSON."""

    token: bytes
    identity: SealedAt
    purpose: str


class Find(Question, frozen=True, tag="find"):
    """The blind tokens of somebody an agent looks for (JSON of `report.model.Patient`), one for each live month."""

    token: bytes
    patient: bytes
    purpose: str


class SealContact(Question, frozen=True, tag="seal-contact"):
    """Seals somebody exposed to a case (JSON of `exposed.Exposed`) whom the agent who opened the case writes down, as identity `id`
    of the case's department and day.
    """

    token: bytes
    case: UUID
    id: UUID
    department: str
    day: date
    contact: bytes


class Noted(Shape, frozen=True):
    """A note about a case or a contact of it; `case` is the report whose opening lets it be written and read."""

    id: UUID
    case: UUID
    department: str
    day: date


class SealNote(Question, frozen=True, tag="seal-note"):
    token: bytes
    at: Noted
    text: str


class OpenNotes(Question, frozen=True, tag="open-notes"):
    """Notes of the case that this token opens, in their order."""

    token: bytes
    notes: list[tuple[Noted, bytes]]


class HasOpen(Question, frozen=True, tag="has-open"):
    """Whether this token's agent has these identities (by report, each with its department) open; refuses like `reveal`."""

    token: bytes
    identities: list[tuple[UUID, str]]


class RaiseLimit(Question, frozen=True, tag="raise-limit"):
    """A supervisor who is there lets an agent open more people an hour, for a reason."""

    token: bytes
    agent: str
    limit: int
    reason: str
