"""What the registry asks about sealed identities: whether two are of one person, by what to look for them, to forget one. None is
opened (`agent_verbs.Reveal` does that).
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from sceau.core.keyholder.shapes import Question, SealedAt, Shape


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


class Likeness(StrEnum):
    """What `compare` says of two sealed identities; `gone` when nobody may open one of them any more (erased, or its day ended)."""

    SAME = "same"
    DIFFERENT = "different"
    DOUBTFUL = "doubtful"
    GONE = "gone"


class Compare(Question, frozen=True, tag="compare"):
    """Identities, and pairs of their positions; answered pair by pair."""

    identities: list[SealedAt]
    pairs: list[tuple[int, int]]


class SameActs(Question, frozen=True, tag="same-acts"):
    """Identities, and pairs of their positions; whether both were told with one act: same test and pharmacy, within two hours."""

    identities: list[SealedAt]
    pairs: list[tuple[int, int]]


class Forget(Question, frozen=True, tag="forget"):
    """A tombstone each: identities of these reports will not be opened or compared any more. One statement names them all. The intake
    says of which screenings (`lineages`) consent was refused; the operator need not.
    """

    reports: list[UUID]
    lineages: list[UUID] = msgspec.field(default_factory=list)


class Blind(Question, frozen=True, tag="blind"):
    """The blind tokens of stored identities, this month's first; empty for one that is gone or does not open at its place."""

    identities: list[SealedAt]
