"""Whose each arrival is, by what it was compared with. Pure: persons there already are never merged, whatever a third resembles."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from sceau.core.keyholder.identity_verbs import Likeness


def owners(count: int, known: Sequence[UUID], told: Iterable[tuple[int, int, Likeness]]) -> list[UUID]:
    """The persons of `count` arrivals and then of the `known`, by their places; `told` are an arrival's place, the place of what came
    before it, and how alike they are.

    In the order of arrival, each joins the person whom most of what it equals belongs to, unless more of that person's identities are
    somebody else's than equal it: a twin who resembles one slip of the other's name. Most meet nobody. New persons' ids follow one
    another, so that their index grows at one end; they tell no more of the time than the report's id beside them.
    """
    by_arrival: dict[int, list[tuple[int, Likeness]]] = defaultdict(list)
    for nth, against, likeness in told:
        by_arrival[nth].append((against, likeness))
    persons = [uuid7() for _ in range(count)]
    for nth in sorted(by_arrival):
        met = [(persons[place] if place < count else known[place - count], likeness) for place, likeness in by_arrival[nth]]
        persons[nth] = _whose(met) or persons[nth]
    return [*persons, *known]


def _whose(met: Sequence[tuple[UUID, Likeness]]) -> UUID | None:
    """Nobody known, if `None`."""
    same = Counter(person for person, likeness in met if likeness is Likeness.SAME)
    others = Counter(person for person, likeness in met if likeness is Likeness.DIFFERENT)
    likely = [person for person, times in same.items() if times >= others[person]]
    return max(sorted(likely), key=same.__getitem__) if likely else None
