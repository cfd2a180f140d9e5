"""How near two identities are, trait by trait: equal, near (a slip), unknown, different; and what else bears on who they are. Pure.

Two letters off are two names where many people bear both; a slip is of somebody who has one. What it comes to is `likeness.py`'s.
"""

from enum import IntEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from sceau.core.codes.given_names import COMMON, NAMES
from sceau.core.keyholder.traits import Traits, spelling

GENERATION = 14
"""Years between parent and child, at the least."""
_CONVENTIONS = ("0101", "3112", "1231")
"""Written where nobody knows the day: it says the year, and no more."""
_MOBILE = ("+336", "+337", "+590690", "+590691", "+594694", "+596696", "+596697", "+262692", "+262693", "+262639")
_SHORTEST, _PART, _ENDINGS = 4, 3, frozenset(
    {("", "A"), ("", "E"), ("", "NE"), ("", "TE"), ("", "LE"), ("O", "A"), ("E", "A"), ("", "INE"), ("", "ETTE"), ("I", "A")}
)  # fmt: skip
"""What makes a man's name a woman's, in the languages of those who live here."""


class Level(IntEnum):
    DIFFERENT, UNKNOWN, NEAR, EQUAL = range(4)


DIFFERENT, UNKNOWN, NEAR, EQUAL = Level


class Compared(NamedTuple):
    """One level for each trait; then what is either so or not."""

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
    department: Level
    generation: bool
    """Born so far apart that the one may be the other's parent."""
    rare: bool
    """Both bear one given name, but for a slip, and few others do."""
    two_names: bool
    """Of the given names, either is one that many bear, and they are not the same."""
    in_part: bool
    """The given names are alike as far as the shorter goes, and twins' may be: one of two that begin alike, or other second names."""
    own_phone: bool
    """The telephone that they share is in somebody's pocket, not in a house."""


def levels_of(one: Traits, other: Traits) -> Compared:
    family, given = _names(one, other)
    born = _born(one.born, other.born)
    phone = _number(one.phone, other.phone)
    return Compared(
        family,
        given,
        born,
        _known(one.sex, other.sex),
        _number(one.ins, other.ins),
        phone,
        _number(one.email, other.email),
        _number(one.postal, other.postal),
        _street(one, other),
        _words(one.city, other.city),
        _number(one.number, other.number),
        _known(one.department, other.department),
        generation=born < EQUAL and _years(one.born, other.born) >= GENERATION,
        rare=given >= NEAR and one.given not in COMMON and other.given not in COMMON,
        two_names=one.given != other.given and one.given in COMMON and other.given in COMMON,
        in_part=_in_part(one, other),
        own_phone=phone is EQUAL and one.phone.startswith(_MOBILE),
    )


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
    level = max(_slip(one.family, other.family), _scrawl(one.family, other.family))
    if level is EQUAL or not (one.used_family or other.used_family):
        return level
    used = {one.family, one.used_family} & {other.family, other.used_family} - {""}
    return EQUAL if used else level


def _given(one: Traits, other: Traits) -> Level:
    """Two names that people bear are two names, however alike, unless they are spellings of one. So are a man's and a woman's,
    and names of few letters.
    """
    mine, theirs = one.given, other.given
    if mine == theirs or ((one.used_given or other.used_given) and {mine, one.used_given} & {theirs, other.used_given} - {""}):
        return EQUAL if mine and theirs else UNKNOWN
    if mine in NAMES and theirs in NAMES:
        return NEAR if spelling(mine) == spelling(theirs) else DIFFERENT
    if _of_either_sex(mine, theirs) and not (one.sex and one.sex == other.sex):
        return DIFFERENT
    return _by_part(one.parts, other.parts) if len(one.parts) == len(other.parts) > 1 else _slip(mine, theirs)


def _by_part(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Level:
    """Of `Thi Hoa` and `Thi Hoan`, only what is not the same in both is looked at."""
    apart = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
    return min(_part(a, b) for a, b in apart) if apart else EQUAL


def _part(mine: str, theirs: str) -> Level:
    if (mine in NAMES and theirs in NAMES) or min(len(mine), len(theirs)) < _SHORTEST:
        return DIFFERENT
    return _slip(mine, theirs)


def _of_either_sex(mine: str, theirs: str) -> bool:
    same = 0
    for a, b in zip(mine, theirs, strict=False):
        if a != b:
            break
        same += 1
    return same > 3 and tuple(sorted((mine[same:], theirs[same:]), key=lambda end: (len(end), end == "A"))) in _ENDINGS


def _in_part(one: Traits, other: Traits) -> bool:
    mine, theirs = one.given, other.given
    if mine == theirs:
        return bool(one.others and other.others) and not _shared(one.others, other.others)
    if mine + "".join(one.others) == theirs + "".join(other.others):
        return False
    shorter, longer = sorted((mine, theirs), key=len)
    return shorter in NAMES and longer.startswith(shorter) and len(longer) - len(shorter) >= _PART


def _shared(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Of the further given names, any; an initial is one."""
    return any(a[:1] == b[:1] and (len(a) == 1 or len(b) == 1 or _slip(a, b) >= NEAR) for a in mine for b in theirs)


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


def _scrawl(one: str, other: str) -> Level:
    """Of family names, which twins share: two letters off in four and more, or three in eight."""
    most = 3 if min(len(one), len(other)) >= 8 else 2
    return NEAR if min(len(one), len(other)) >= 4 and OSA.distance(one, other, score_cutoff=most) <= most else DIFFERENT


def _born(one: str, other: str) -> Level:
    """Near when one digit is off, two neighbours changed places, or all but one of day, month and year agree, swapped or not. A day
    that stands for one that nobody knows agrees with nothing but itself, and with that nearly.
    """
    if not one or not other:
        return UNKNOWN
    if one[4:] in _CONVENTIONS and one[4:] == other[4:]:
        return NEAR if one == other else DIFFERENT
    if one == other:
        return EQUAL
    agree = (one[:4] == other[:4]) + (one[4:6] == other[4:6]) + (one[6:] == other[6:])
    swapped = one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]
    return NEAR if agree == 2 or swapped or OSA.distance(one, other, score_cutoff=1) == 1 else DIFFERENT


def _years(one: str, other: str) -> int:
    return abs(int(one[:4]) - int(other[:4])) if one and other else 0


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
