"""Whose identity it is that arrives: somebody known, somebody new, or a doubt that a human has to settle. Set-based, a batch at a time.

The database finds candidates by blind tokens, the keyholder compares; nobody is merged by doubt, and two persons already there
are never merged here, whatever a third resembles.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from uuid_utils.compat import uuid7

from sceau.core.keyholder.identity_verbs import BlindTokens, Likeness
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.persons import candidates


class Comparer(Protocol):
    def compare(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[Likeness]: ...


class Arrival(NamedTuple):
    """A sealed identity with its tokens, this month's first."""

    identity: SealedAt
    tokens: tuple[BlindTokens, ...]


class Matched(NamedTuple):
    """The person of each arrival, in order, and pairs of identities that may be of one person but are not of the same yet; `met` are
    the arrivals who are somebody known, or who came earlier in the batch.
    """

    persons: list[UUID]
    doubts: list[tuple[SealedAt, SealedAt]]
    met: list[int]


class _Pair(NamedTuple):
    """An arrival and, by their places among the identities compared, what it is held against."""

    nth: int
    against: int


def match(arrivals: Sequence[Arrival], comparer: Comparer) -> Matched:
    """Raises what the comparer raises; writes nothing."""
    tokens = [one.tokens for one in arrivals]
    found = candidates.known(tokens)
    identities = [*(one.identity for one in arrivals), *(one.identity for one in found)]
    pairs = [_Pair(later, earlier) for earlier, later in candidates.among(tokens)]
    pairs += [_Pair(one.nth, place) for place, one in enumerate(found, len(arrivals))]
    answers = _compared(identities, pairs, comparer) if pairs else []
    return _settle(identities, [one.person for one in found], len(arrivals), list(zip(pairs, answers, strict=True)))


def _compared(identities: Sequence[SealedAt], pairs: Sequence[_Pair], comparer: Comparer) -> list[Likeness]:
    """Most who arrive share nothing with anybody: those are not sent, to be opened for nothing."""
    met = sorted({place for pair in pairs for place in pair})
    place = {one: nth for nth, one in enumerate(met)}
    return comparer.compare([identities[one] for one in met], [(place[pair.nth], place[pair.against]) for pair in pairs])


def _settle(identities: Sequence[SealedAt], known: Sequence[UUID], count: int, told: Sequence[tuple[_Pair, Likeness]]) -> Matched:
    """In the order of arrival: each joins the person whom most of what it equals belongs to; most meet nobody. New persons' ids
    follow one another, so that their index grows at one end; they tell no more of the time than the report's id beside them.
    """
    by_arrival: dict[int, list[tuple[int, Likeness]]] = defaultdict(list)
    for pair, likeness in told:
        by_arrival[pair.nth].append((pair.against, likeness))
    persons: list[UUID] = [uuid7() for _ in range(count)]
    doubts: list[tuple[SealedAt, SealedAt]] = []
    met: list[int] = []
    for nth in sorted(by_arrival):
        owner = {place: persons[place] if place < count else known[place - count] for place, _ in by_arrival[nth]}
        same = Counter(owner[place] for place, likeness in by_arrival[nth] if likeness is Likeness.SAME)
        if same:
            persons[nth] = max(sorted(same), key=same.__getitem__)
            met.append(nth)
        doubts += _doubts(identities, nth, persons[nth], owner, by_arrival[nth])
    return Matched(persons, doubts, met)


def _doubts(
    identities: Sequence[SealedAt], nth: int, person: UUID, owner: dict[int, UUID], told: Sequence[tuple[int, Likeness]]
) -> list[tuple[SealedAt, SealedAt]]:
    """One a person other than the arrival's own, that it resembles."""
    alike = {owner[place]: place for place, likeness in told if likeness in (Likeness.SAME, Likeness.DOUBTFUL)}
    return [(identities[nth], identities[place]) for other, place in alike.items() if other != person]
