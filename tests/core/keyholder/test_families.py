"""Invented families with twins, hostels and homonyms: nobody is taken for another, and most are known again."""

from collections import defaultdict
from itertools import combinations

import pytest
from benchmarks.families import families

from sceau.core.keyholder.identity_verbs import Likeness
from sceau.core.keyholder.likeness import told
from sceau.core.keyholder.traits import Traits


@pytest.mark.parametrize("seed", [11, 12])
def test_nobody_is_taken_for_another_and_most_are_known_again(seed: int) -> None:
    written, links = families(seed, count=100)
    same = {pair for pair in met(written) if told(written[pair[0]], written[pair[1]]) is Likeness.SAME}
    assert same - links == set()
    assert len(same & links) > 0.9 * len(links)


def met(written: dict[str, Traits]) -> set[tuple[str, str]]:
    """Pairs that have a birth date, or either name, in common."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for name, who in written.items():
        for value in {who.born, who.family, who.given} - {""}:
            blocks[value].append(name)
    return {tuple(sorted(pair)) for block in blocks.values() for pair in combinations(block, 2)}  # type: ignore[misc] # of two
