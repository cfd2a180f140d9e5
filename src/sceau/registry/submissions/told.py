"""The JSON shapes in which senders of plain reports are answered, at once and later. No person in any of them."""

from datetime import datetime
from uuid import UUID

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where (a column, a field), which kind of problem, and the words for people with the fix."""

    where: str
    trouble: str
    text: str


class RowTold(msgspec.Struct, frozen=True):
    """A row that was refused; 0 is the whole file."""

    row: int
    problems: list[Place]


class TableTold(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of a table at once. Rows that are not refused were taken."""

    submission: UUID | None
    rows: int
    taken: int
    refused: list[RowTold]
    warnings: list[Place] = []


class SubmissionTold(msgspec.Struct, frozen=True, kw_only=True):
    """One submission as it stands: `waiting`, `done` or `set-aside`; how many rows had which outcome."""

    id: UUID
    finess: str
    form: str
    received_at: datetime
    state: str
    rows: int
    counts: dict[str, int]
    reasons: dict[str, int]


class SubmissionWhole(SubmissionTold, frozen=True, kw_only=True):
    """With the outcome of each row, in order: `waiting` until it is known."""

    outcomes: list[str]


class SubmissionsTold(msgspec.Struct, frozen=True, kw_only=True):
    """The latest first; `next` is what `before` takes for those that follow."""

    submissions: list[SubmissionTold]
    next: UUID | None = None
