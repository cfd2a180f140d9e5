"""Whether two identities are of one person. Pure. Doubt is an answer: what is doubtful is never merged.

Each trait is equal, near (a slip), unknown or different, and weighs for or against (in the manner of Fellegi and Sunter 1969, weights
in bits, set by hand on FEBRL 1 and 2 and on families of our own). A sum says same, doubtful or different. Some things no
sum outweighs: twins (all the same but the given name), parent and child of one name, two national identities.
"""

from enum import IntEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from sceau.core.codes.given_names import COMMON
from sceau.core.keyholder.identity_verbs import Likeness
from sceau.core.keyholder.traits import Traits, spelling


class Level(IntEnum):
    DIFFERENT, UNKNOWN, NEAR, EQUAL = range(4)


DIFFERENT, UNKNOWN, NEAR, EQUAL = Level
SAME_FROM, DOUBTFUL_FROM = 22, 13
_WEIGHTS = {  # bits against (different), unknown, near, equal
    "family": (-4, 0, 7, 9),
    "given": (-6, 0, 6, 8),
    "born": (-7, 0, 8, 12),
    "sex": (-5, 0, 0, 1),
    "ins": (-12, 0, 12, 20),
    "phone": (-1, 0, 5, 8),
    "email": (-1, 0, 5, 8),
    "postal": (-2, 0, 4, 6),
    "street": (-3, 0, 6, 7),
    "city": (-2, 0, 3, 4),
    "number": (-1, 0, 1, 3),
}


class Compared(NamedTuple):
    """One level for each trait, in the order of `_WEIGHTS`."""

    family: Level
    given: Level
    born: Level
    sex: Level
    ins: Level
    phone: Level
    email: Level
    postal: Level
    street: Level
    city: Level
    number: Level

    @property
    def score(self) -> int:
        return sum(weights[level] for weights, level in zip(_WEIGHTS.values(), self, strict=True))


def compare(one: Traits, other: Traits, *, families: bool = True) -> Likeness:
    """`SAME`, `DIFFERENT`, or `DOUBTFUL` where somebody has to look. `families=False` is for data known to hold neither
    twins nor parents and children of one name: somebody whose given name or birth date was written over looks like one.
    """
    levels = levels_of(one, other)
    score = levels.score
    if score < DOUBTFUL_FROM or (families and _siblings(levels)):
        return Likeness.DIFFERENT
    return Likeness.SAME if score >= SAME_FROM and not _against(levels, families) else Likeness.DOUBTFUL


def levels_of(one: Traits, other: Traits) -> Compared:
    family, given = _names(one, other)
    return Compared(
        family,
        given,
        _born(one.born, other.born),
        _known(one.sex, other.sex),
        _number(one.ins, other.ins),
        _number(one.phone, other.phone),
        _number(one.email, other.email),
        _number(one.postal, other.postal),
        _street(one, other),
        _words(one.city, other.city),
        _number(one.number, other.number),
    )


def _siblings(levels: Compared) -> bool:
    """Of one family and another given name, and nothing says that the name is wrong: twins, or the same household."""
    return levels.given is DIFFERENT and levels.ins is not EQUAL and levels.family >= NEAR


def _against(levels: Compared, families: bool) -> bool:
    """What no sum outweighs: another sex or birth date, another national identity, names that are not one person's."""
    if levels.ins is EQUAL and (levels.born >= NEAR or min(levels.family, levels.given) >= NEAR):
        return False
    if levels.sex is DIFFERENT or (levels.born is DIFFERENT and families) or _elsewhere(levels):
        return True
    return families and not (_named(levels) and _corroborated(levels))


def _elsewhere(levels: Compared) -> bool:
    """Another home and another telephone, and nothing that only one person has: a namesake, or somebody who moved."""
    home = levels.postal if levels.street is UNKNOWN else levels.street
    return home is DIFFERENT and levels.phone is DIFFERENT and max(levels.ins, levels.email) < NEAR


def _named(levels: Compared) -> bool:
    """By given name and family name; by the given name alone for somebody who married, of one birth date and one home."""
    if levels.given < NEAR:
        return levels.given is UNKNOWN and levels.family >= NEAR
    home = max(levels.phone, levels.email, min(levels.postal, levels.street))
    return levels.family >= UNKNOWN or (levels.born is EQUAL and home >= NEAR)


def _corroborated(levels: Compared) -> bool:
    """A slip in name or birth date is one if something besides agrees; many people are called Jean Martin."""
    besides = max(levels.ins, levels.phone, levels.email, levels.postal, levels.street)
    return besides >= NEAR or min(levels.family, levels.given, levels.born) is EQUAL


def _names(one: Traits, other: Traits) -> tuple[Level, Level]:
    """Of family and given name, straight or one for the other, whichever is nearer; a name in use counts like the birth name."""
    straight = _family(one, other), _given(one, other)
    if max(straight) is EQUAL or not _crossed(one, other):
        return straight
    crossed = _slip(one.family, other.given), _slip(one.given, other.family)
    # Where only one of the two agrees, it is the family's name: a twin's, when either is written the wrong way round.
    return max(straight, (max(crossed), min(crossed)), key=sum)


def _crossed(one: Traits, other: Traits) -> bool:
    return one.family[:1] == other.given[:1] or one.given[:1] == other.family[:1]


def _family(one: Traits, other: Traits) -> Level:
    level = _slip(one.family, other.family)
    if level is EQUAL or not (one.used_family or other.used_family):
        return level
    used = {one.family, one.used_family} & {other.family, other.used_family} - {""}
    return EQUAL if used else level


def _given(one: Traits, other: Traits) -> Level:
    """Two names that many people bear are two names, however alike, unless they are spellings of one."""
    mine, theirs = one.given, other.given
    if mine == theirs or ((one.used_given or other.used_given) and {mine, one.used_given} & {theirs, other.used_given} - {""}):
        return EQUAL if mine and theirs else UNKNOWN
    if mine in COMMON and theirs in COMMON:
        return NEAR if spelling(mine) == spelling(theirs) else DIFFERENT
    return _slip(mine, theirs)


def _slip(one: str, other: str) -> Level:
    """One letter off in three and more, two in six and more, or one within the other."""
    if not one or not other:
        return UNKNOWN
    if one == other:
        return EQUAL
    shortest = min(len(one), len(other))
    distance = OSA.distance(one, other, score_cutoff=2)
    near = (distance == 1 and shortest >= 3) or (distance == 2 and shortest >= 6)
    return NEAR if near or (shortest >= 4 and (one.startswith(other) or other.startswith(one))) else DIFFERENT


def _born(one: str, other: str) -> Level:
    """Near when one digit is off, two neighbours changed places, or all but one of day, month and year agree, swapped or not."""
    if not one or not other:
        return UNKNOWN
    if one == other:
        return EQUAL
    agree = (one[:4] == other[:4]) + (one[4:6] == other[4:6]) + (one[6:] == other[6:])
    swapped = one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]
    return NEAR if agree == 2 or swapped or OSA.distance(one, other, score_cutoff=1) == 1 else DIFFERENT


def _known(one: str, other: str) -> Level:
    if not one or not other:
        return UNKNOWN
    return EQUAL if one == other else DIFFERENT


def _number(one: str, other: str) -> Level:
    if not one or not other:
        return UNKNOWN
    if one == other:
        return EQUAL
    return NEAR if OSA.distance(one, other, score_cutoff=1) == 1 else DIFFERENT


def _words(one: str, other: str) -> Level:
    if not one or not other:
        return UNKNOWN
    if one == other:
        return EQUAL
    return NEAR if JaroWinkler.similarity(one, other, score_cutoff=0.88) else DIFFERENT


def _street(one: Traits, other: Traits) -> Level:
    """Any line of the one against any of the other."""
    levels = [_words(mine, theirs) for mine in one.streets if mine for theirs in other.streets if theirs]
    return max(levels, default=UNKNOWN)
