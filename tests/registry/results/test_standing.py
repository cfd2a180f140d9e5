"""How statements stand to each other: the same whatever the order in which they are looked at."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sceau.core.report.model import Status
from sceau.registry.results.models import Standing
from sceau.registry.results.standing import Statement, standings

NOON = datetime(2023, 3, 1, 12, tzinfo=UTC)
ORIGINAL, SECOND, THIRD, FOURTH = (UUID(int=number) for number in range(1, 5))
CURRENT, SUPERSEDED, CANCELLED = Standing.CURRENT, Standing.SUPERSEDED, Standing.CANCELLED


def original() -> Statement:
    return Statement(ORIGINAL, ORIGINAL, None, Status.FINAL, NOON)


def correction(own: UUID, of: UUID = ORIGINAL, *, hour: int = 1) -> Statement:
    return Statement(own, ORIGINAL, of, Status.CORRECTED, NOON + timedelta(hours=hour))


def cancellation(own: UUID, of: UUID = ORIGINAL) -> Statement:
    return Statement(own, ORIGINAL, of, Status.ENTERED_IN_ERROR, NOON + timedelta(hours=2))


def stand(*statements: Statement) -> list[Standing]:
    """The standing of each, in the order given; asked forwards and backwards."""
    told = standings(statements)
    assert told == standings(statements[::-1])
    return [told[one.id] for one in statements]


def test_a_report_alone_is_current() -> None:
    assert stand(original()) == [CURRENT]


def test_a_correction_supersedes_the_original() -> None:
    assert stand(original(), correction(SECOND)) == [SUPERSEDED, CURRENT]


def test_of_two_corrections_the_one_issued_last_stands() -> None:
    assert stand(original(), correction(SECOND, hour=3), correction(THIRD, hour=1)) == [SUPERSEDED, CURRENT, SUPERSEDED]


def test_of_two_corrections_issued_at_once_one_stands_always_the_same() -> None:
    assert stand(correction(SECOND), correction(THIRD)) == [SUPERSEDED, CURRENT]


def test_a_correction_of_a_correction_supersedes_it_and_leaves_the_original_superseded() -> None:
    assert stand(original(), correction(SECOND), correction(THIRD, SECOND, hour=2)) == [SUPERSEDED, SUPERSEDED, CURRENT]


def test_a_cancellation_cancels_what_it_names() -> None:
    assert stand(original(), cancellation(SECOND)) == [CANCELLED, CURRENT]


def test_a_cancellation_of_the_lineage_cancels_its_corrections_too() -> None:
    assert stand(original(), correction(SECOND), cancellation(THIRD)) == [CANCELLED, CANCELLED, CURRENT]


def test_a_cancellation_of_a_correction_lets_the_original_stand_again() -> None:
    assert stand(original(), correction(SECOND), cancellation(THIRD, SECOND)) == [CURRENT, CANCELLED, CURRENT]


def test_a_cancelled_cancellation_cancels_nothing() -> None:
    assert stand(original(), cancellation(SECOND), cancellation(THIRD, SECOND))[0] is CURRENT


def test_a_cancellation_of_another_cancellation_leaves_the_original_cancelled() -> None:
    another = UUID(int=99)
    assert stand(original(), cancellation(SECOND), cancellation(THIRD, another))[0] is CANCELLED


def test_a_cancellation_without_its_original_cancels_nobody_else() -> None:
    assert stand(correction(SECOND, THIRD), cancellation(FOURTH, UUID(int=99))) == [CURRENT, CURRENT]


@st.composite
def lineages(draw: st.DrawFn) -> list[Statement]:
    """Up to seven statements of one lineage that name one another anyhow."""
    ids = [UUID(int=number) for number in range(1, draw(st.integers(1, 7)) + 1)]
    return [draw(statements(own, ids)) for own in ids]


@st.composite
def statements(draw: st.DrawFn, own: UUID, ids: Sequence[UUID]) -> Statement:
    others = [one for one in ids if one != own]
    status = draw(st.sampled_from(Status)) if others else Status.FINAL
    replaces = None if status is Status.FINAL else draw(st.sampled_from(others))
    return Statement(own, ids[0], replaces, status, NOON + timedelta(hours=draw(st.integers(0, 3))))


@given(lineages(), st.randoms())
def test_any_order_gives_the_same_standings(lineage: list[Statement], random: object) -> None:
    shuffled = list(lineage)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standings(shuffled) == standings(lineage)


@given(lineages())
def test_an_original_counts_unless_something_says_otherwise(lineage: list[Statement]) -> None:
    told = standings(lineage)
    named = {one.replaces for one in lineage}
    assert all(told[one.id] is CURRENT for one in lineage if one.id not in named and one.lineage not in named)


@given(lineages())
def test_only_a_cancellation_cancels_and_only_a_correction_supersedes(lineage: list[Statement]) -> None:
    told, statuses = set(standings(lineage).values()), {one.status for one in lineage}
    assert CANCELLED not in told or Status.ENTERED_IN_ERROR in statuses
    assert SUPERSEDED not in told or Status.CORRECTED in statuses
