"""How near two identities are, trait by trait: equal, near (a slip), unknown, different; and what else bears on who they are. Pure.

Two letters off are two names where many people bear both; a slip is of somebody who has one. What it comes to is `likeness.py`'s.
"""

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import extract_iter

from sceau.core.codes.given_names import COMMON, NAMES
from sceau.core.keyholder.traits import Traits, plain, spelling

GENERATION = 14
"""Years between parent and child, at the least."""
_CONVENTIONS = ("0101", "3112", "1231")
"""Written where nobody knows the day: it says the year, and no more."""
_MOBILE = ("+336", "+337", "+590690", "+590691", "+594694", "+596696", "+596697", "+262692", "+262693", "+262639")
_SHORTEST, _PART, _ENDINGS = 4, 3, frozenset(
    {("", "A"), ("", "E"), ("", "NE"), ("", "TE"), ("", "LE"), ("O", "A"), ("E", "A"), ("", "INE"), ("", "ETTE"), ("I", "A")}
)  # fmt: skip
"""What makes a man's name a woman's, in the languages of those who live here."""


_KIND, _OFF = re.compile(
    "^(RUE|AVENUE|AVE?|BOULEVARD|B(?:OU|L)?L?V?D|PLACE|PL|ALLEES?|IMPASSE|IMP|CHEMIN|CHE|ROUTE|RTE|QUAI|COURS|SQUARE|PASSAGE|RESIDENCE|RES)"
    "(DELA|DES|DU|DE|D|L)?"
), 5  # fmt: skip


class Level(IntEnum):
    DIFFERENT, UNKNOWN, NEAR, EQUAL = range(4)


DIFFERENT, UNKNOWN, NEAR, EQUAL = Level


class Compared(NamedTuple):
    """One level for each trait."""

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


class Hints(NamedTuple):
    """What bears on two who are alike, and is either so or not."""

    rare: bool
    """Both bear one given name, but for a slip, and few others do."""
    two_names: bool
    """Of the given names, either is one that many bear, and they are not the same."""
    in_part: bool
    """The given names are alike, and twins' may be: one of two that begin alike, other second names, a slip as near to another name."""
    own_phone: bool
    """The telephone that they share is in somebody's pocket, not in a house."""
    by_year: bool
    """Of their birth dates, one stands for a day that nobody knows."""


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
        _words(plain(one.city), plain(other.city)),
        _number(one.number, other.number),
        _known(one.department, other.department),
        generation=born < EQUAL and _years(one.born, other.born) >= GENERATION,
    )


def strangers(one: Traits, other: Traits) -> bool:
    """By another given name, under no number that may be one: most who share a token by chance, told before all else is looked at."""
    return _number(one.ins, other.ins) < NEAR and _names(one, other)[1] is DIFFERENT


def hints_of(one: Traits, other: Traits, levels: Compared) -> Hints:
    given = levels.given
    return Hints(
        rare=given >= NEAR and _rare(one) and _rare(other),
        two_names=given is DIFFERENT and one.given in COMMON and other.given in COMMON,
        in_part=given >= NEAR and (_in_part(one, other) or (given is NEAR and _of_two(one, other))),
        own_phone=levels.phone is EQUAL and one.phone.startswith(_MOBILE),
        by_year=one.born[:4] == other.born[:4] and (one.born[4:] in _CONVENTIONS or other.born[4:] in _CONVENTIONS),
    )


def _names(one: Traits, other: Traits) -> tuple[Level, Level]:
    """Of family and given name, straight or one for the other, whichever is nearer; a name in use counts like the birth name."""
    straight = _family(one, other), _given(one, other)
    if max(straight) is EQUAL or not _crossed(one, other):
        return straight
    crossed = _part(one.family, other.given), _part(one.given, other.family)
    # Where only one of the two agrees, it is the family's name: a twin's, when either is written the wrong way round.
    return max(straight, (max(crossed), min(crossed)), key=sum)


def _crossed(one: Traits, other: Traits) -> bool:
    return one.family[:1] == other.given[:1] or one.given[:1] == other.family[:1]


def _family(one: Traits, other: Traits) -> Level:
    level = _scrawl(one.family, other.family)
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
    level = _by_part(one.parts, other.parts) if len(one.parts) == len(other.parts) > 1 else _slip(mine, theirs)
    two_sexes = level is NEAR and not (one.sex and one.sex == other.sex) and _of_either_sex(mine, theirs)
    return DIFFERENT if two_sexes else level


def _by_part(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Level:
    """Of `Thi Hoa` and `Thi Hoan`, only what is not the same in both is looked at."""
    apart = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
    return min(_part(a, b) for a, b in apart) if apart else EQUAL


def _part(mine: str, theirs: str) -> Level:
    level = _slip(mine, theirs)
    two = (mine in NAMES and theirs in NAMES) or min(len(mine), len(theirs)) < _SHORTEST
    return DIFFERENT if level is NEAR and two else level


def _of_either_sex(mine: str, theirs: str) -> bool:
    same = 0
    for a, b in zip(mine, theirs, strict=False):
        if a != b:
            break
        same += 1
    return same > 3 and tuple(sorted((mine[same:], theirs[same:]), key=lambda end: (len(end), end == "A"))) in _ENDINGS


def _in_part(one: Traits, other: Traits) -> bool:
    mine, theirs = one.given, other.given
    if one.family != other.family and one.family in NAMES and other.family in NAMES:
        return mine == theirs  # it may be the family's: both are written the wrong way round
    if mine == theirs:
        return bool(one.others and other.others) and not _shared(one.others, other.others)
    if mine + "".join(one.others) == theirs + "".join(other.others):
        return False
    shorter, longer = sorted((mine, theirs), key=len)
    return shorter in NAMES and longer.startswith(shorter) and len(longer) - len(shorter) >= _PART


def _of_two(one: Traits, other: Traits) -> bool:
    """A slip of one name that is as near to another."""
    pairs = ((one.given, other.given), (one.given, other.family), (one.family, other.given))
    return any(_slip(mine, theirs) is NEAR and _unclear(mine, theirs) for mine, theirs in pairs)


def _unclear(mine: str, theirs: str) -> bool:
    if (mine in NAMES) is (theirs in NAMES):
        return False
    written, name = (theirs, mine) if mine in NAMES else (mine, theirs)
    near = _near(written)
    off = near[name] if name in near else OSA.distance(written, name)
    others = (apart for other, apart in near.items() if spelling(other) != spelling(name))
    return any(apart < off or apart == off > 1 for apart in others)


@lru_cache(maxsize=20_000)
def _near(written: str) -> dict[str, int]:
    """The names that this may be a slip of, and how many letters are off."""
    return {name: int(apart) for name, apart, _ in extract_iter(written, NAMES, scorer=OSA.distance, score_cutoff=2)}


def _shared(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Of the further given names, any; an initial is one."""
    return any(a[:1] == b[:1] and (len(a) == 1 or len(b) == 1 or _slip(a, b) >= NEAR) for a in mine for b in theirs)


def _slip(one: str, other: str) -> Level:
    """One letter off in three and more, two in six and more, or the first six and more."""
    if not one or not other:
        return UNKNOWN
    if one == other:
        return EQUAL
    shortest = min(len(one), len(other))
    distance = OSA.distance(one, other, score_cutoff=2)
    near = (distance == 1 and shortest >= 3) or (distance == 2 and shortest >= 6)
    return NEAR if near or (shortest >= 6 and (one.startswith(other) or other.startswith(one))) else DIFFERENT


def _scrawl(one: str, other: str) -> Level:
    """Of family names, which twins share: as a slip, and two letters off in four, or three in eight, or one within the other."""
    if not one or not other:
        return UNKNOWN
    if one == other:
        return EQUAL
    shortest = min(len(one), len(other))
    most = 3 if shortest >= 8 else 2 if shortest >= 4 else 1
    within = shortest >= 4 and (one.startswith(other) or other.startswith(one))
    return NEAR if within or (shortest >= 3 and OSA.distance(one, other, score_cutoff=most) <= most) else DIFFERENT


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


def _rare(who: Traits) -> bool:
    """Whether few bear this given name, and it is one: not the family's, written the wrong way round."""
    return who.given not in COMMON and (who.given in NAMES or who.family not in COMMON)


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
    here, there = filter(None, map(plain, one.streets)), list(filter(None, map(plain, other.streets)))
    return max((_way(mine, theirs) for mine in here for theirs in there), default=UNKNOWN)


def _way(one: str, other: str) -> Level:
    """A letter in five may be off, of what stands behind the kind of way; half the streets begin alike."""
    if one == other:
        return EQUAL
    mine, theirs = _called(one), _called(other)
    if mine == theirs:
        return EQUAL
    most = max(1, min(len(mine), len(theirs)) // _OFF)
    return NEAR if OSA.distance(mine, theirs, score_cutoff=most) <= most else DIFFERENT


@lru_cache(maxsize=50_000)
def _called(way: str) -> str:
    return _KIND.sub("", way, count=1) or way
