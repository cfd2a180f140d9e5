"""What a software sent plain, and what became of it: its own submissions and nobody else's. Never a body, never a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

import msgspec

from sceau.registry.intake.enums import InboxState, Outcome
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.submissions.models import Submission
from sceau.registry.submissions.told import SubmissionsTold, SubmissionTold, SubmissionWhole

MOST = 100
WAITING = InboxState.WAITING.value


Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which submissions: of an establishment, of a form (`csv` is every table), received within, before one in the list."""

    finess: Annotated[str, msgspec.Meta(pattern="^[0-9AB]{9}$")] | None = None
    form: Literal["fhir", "hl7v2", "csv"] | None = None
    since: Moment | None = None
    until: Moment | None = None
    before: UUID | None = None


class _Envelope(NamedTuple):
    """An envelope of the inbox, as far as its sender may know."""

    state: str
    reports: int
    outcomes: Sequence[str]


def one(submission: UUID, *, software: UUID) -> SubmissionWhole | None:
    """One with every row's outcome; None for what is not this software's."""
    found = Submission.objects.filter(id=submission, software_id=software).first()
    return _whole(found, _inbox([found])) if found else None


def several(asked: Filter, *, software: UUID) -> SubmissionsTold:
    """The latest first, at most `MOST`."""
    conditions = {
        "finess": asked.finess,
        "received_at__gte": asked.since and asked.since.astimezone(UTC),  # some offsets are none of PostgreSQL's
        "received_at__lt": asked.until and asked.until.astimezone(UTC),
        "id__lt": asked.before,
        "form__startswith": asked.form,
    }
    given = {name: value for name, value in conditions.items() if value is not None}
    rows = list(Submission.objects.filter(software_id=software, **given).order_by("-id")[: MOST + 1])
    shown, inbox = rows[:MOST], _inbox(rows[:MOST])
    return SubmissionsTold(submissions=[_told(row, inbox) for row in shown], next=shown[-1].id if len(rows) > MOST else None)


def _inbox(rows: Iterable[Submission]) -> dict[UUID, _Envelope]:
    """The envelopes of these, in one query."""
    ids = [envelope for row in rows for envelope in row.envelopes]
    found = InboxEnvelope.objects.filter(id__in=ids).values_list("id", "state", "reports", "outcomes")
    return {name: _Envelope(state, reports, outcomes or [WAITING] * reports) for name, state, reports, outcomes in found}


def _outcomes(row: Submission, inbox: dict[UUID, _Envelope]) -> list[str]:
    """Of each row in order: refused at the door, or what the envelopes say in turn."""
    taken = (outcome for envelope in row.envelopes for outcome in inbox[envelope].outcomes)
    refused = set(row.refused)
    return [Outcome.REFUSED.value if number in refused else next(taken) for number in _numbers(row)]


def _numbers(row: Submission) -> Sequence[int]:
    return range(1, row.rows + 1)


def _state(row: Submission, inbox: dict[UUID, _Envelope]) -> str:
    states = {inbox[envelope].state for envelope in row.envelopes}
    waiting = [state for state in (InboxState.SET_ASIDE, InboxState.WAITING) if state in states]
    return (waiting or [InboxState.DONE])[0].value


def _told(row: Submission, inbox: dict[UUID, _Envelope]) -> SubmissionTold:
    whole = _whole(row, inbox)
    return SubmissionTold(**{name: getattr(whole, name) for name in SubmissionTold.__struct_fields__})


def _whole(row: Submission, inbox: dict[UUID, _Envelope]) -> SubmissionWhole:
    outcomes = _outcomes(row, inbox)
    return SubmissionWhole(
        id=row.id,
        finess=row.finess,
        form=row.form,
        received_at=row.received_at,
        state=_state(row, inbox),
        rows=row.rows,
        counts=dict(Counter(outcomes)),
        reasons=row.reasons,
        outcomes=outcomes,
    )
