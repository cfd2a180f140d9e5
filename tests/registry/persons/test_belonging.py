"""Whose an arrival is: the person whom most of what it equals belongs to, and nobody whom it is more unlike than like."""

from uuid import UUID

from sceau.core.keyholder.identity_verbs import Likeness
from sceau.registry.persons.belonging import owners

SAME, DOUBTFUL, DIFFERENT = Likeness.SAME, Likeness.DOUBTFUL, Likeness.DIFFERENT
HUGO, INES = UUID(int=1), UUID(int=2)


def whose(*told: tuple[UUID, Likeness]) -> UUID:
    """Of one arrival, compared with identities of these persons."""
    known = [person for person, _ in told]
    return owners(1, known, [(0, nth, likeness) for nth, (_, likeness) in enumerate(told, 1)])[0]


def test_who_equals_somebody_is_that_person_and_who_equals_nobody_is_new() -> None:
    assert whose((HUGO, SAME)) == HUGO
    assert whose((INES, DIFFERENT), (HUGO, SAME)) == HUGO
    assert whose((HUGO, DOUBTFUL)) not in (HUGO, INES)
    assert whose((HUGO, DIFFERENT)) not in (HUGO, INES)


def test_who_equals_two_persons_joins_the_one_that_more_speaks_for() -> None:
    assert whose((INES, SAME), (HUGO, SAME), (HUGO, SAME)) == HUGO
    assert whose((HUGO, SAME), (INES, SAME)) in (HUGO, INES)


def test_a_twin_who_equals_one_slip_of_the_other_is_not_the_other() -> None:
    assert whose((HUGO, SAME), (HUGO, DIFFERENT), (HUGO, DIFFERENT)) not in (HUGO, INES)
    assert whose((HUGO, SAME), (HUGO, DIFFERENT), (HUGO, DIFFERENT), (INES, SAME)) == INES


def test_a_slip_among_ones_own_is_ones_own_still() -> None:
    assert whose((HUGO, SAME), (HUGO, DIFFERENT)) == HUGO
    assert whose((HUGO, SAME), (HUGO, SAME), (HUGO, DIFFERENT), (HUGO, DOUBTFUL)) == HUGO


def test_arrivals_of_one_batch_belong_together_and_never_bring_two_persons_together() -> None:
    first, second, third, *_ = owners(3, [HUGO, INES], [(0, 3, SAME), (1, 4, SAME), (2, 0, SAME), (2, 1, SAME)])
    assert (first, second) == (HUGO, INES)
    assert third in (HUGO, INES)
