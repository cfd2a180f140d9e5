"""Names for people who do not exist: families' of syllables, given names as often as they are borne."""

import random
from itertools import accumulate

from sceau.core.codes.given_names import COMMON

_SYLLABLES = (
    "ba", "cor", "du", "fen", "gri", "lan", "mor", "nel", "pou", "ron", "sal", "ti", "val", "vi", "zan", "bel", "cha", "dre",
)  # fmt: skip
_GIVEN = random.Random(1).sample(sorted(COMMON), len(COMMON))
_OFTEN = list(accumulate(1 / (rank + 20) for rank in range(len(_GIVEN))))
"""The first is borne by one in a hundred, as in France; two people have the same one in three cases of a thousand."""


def family(dice: random.Random) -> str:
    """In small letters."""
    return "".join(dice.choices(_SYLLABLES, k=dice.randrange(2, 5)))


def given(dice: random.Random) -> str:
    """In capitals."""
    return dice.choices(_GIVEN, cum_weights=_OFTEN)[0]
