"""Whose identity it is that arrives: somebody known, somebody new, or a doubt that a human has to settle. Set-based, a batch at a time.

The database finds candidates by blind tokens, the keyholder compares; nobody is merged by doubt, and two persons already there
are never merged here, whatever a third resembles.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from sceau.core.keyholder.identity_verbs import BlindTokens, Likeness
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.persons import candidates
from sceau.registry.persons.belonging import owners


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
    pairs += [_Pair(nth, place) for place, one in enumerate(found, len(arrivals)) for nth in one.nths]
    answers = _compared(identities, pairs, comparer) if pairs else []
    return _settle(identities, [one.person for one in found], len(arrivals), list(zip(pairs, answers, strict=True)))


def _compared(identities: Sequence[SealedAt], pairs: Sequence[_Pair], comparer: Comparer) -> list[Likeness]:
    """Most who arrive share nothing with anybody: those are not sent, to be opened for nothing."""
    met = sorted({place for pair in pairs for place in pair})
    place = {one: nth for nth, one in enumerate(met)}
    return comparer.compare([identities[one] for one in met], [(place[pair.nth], place[pair.against]) for pair in pairs])


def _settle(identities: Sequence[SealedAt], known: Sequence[UUID], count: int, told: Sequence[tuple[_Pair, Likeness]]) -> Matched:
    owner = owners(count, known, [(*pair, likeness) for pair, likeness in told])
    by_arrival: dict[int, list[tuple[int, Likeness]]] = defaultdict(list)
    for pair, likeness in told:
        by_arrival[pair.nth].append((pair.against, likeness))
    met = [nth for nth, found in by_arrival.items() if any(owner[place] == owner[nth] for place, _ in found)]
    doubts = [doubt for nth, found in by_arrival.items() for doubt in _doubts(identities, nth, owner, found)]
    return Matched(owner[:count], doubts, met)


def _doubts(
    identities: Sequence[SealedAt], nth: int, owner: Sequence[UUID], told: Sequence[tuple[int, Likeness]]
) -> list[tuple[SealedAt, SealedAt]]:
    """One a person other than the arrival's own, that it resembles."""
    alike = {owner[place]: place for place, likeness in told if likeness in (Likeness.SAME, Likeness.DOUBTFUL)}
    return [(identities[nth], identities[place]) for other, place in alike.items() if other != owner[nth]]
