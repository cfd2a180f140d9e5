"""Families of our own, as pharmacies write them: what FEBRL has not. Invented, seeded; never a file of real people.

Twins and triplets whose names are as near as parents choose them, sons of their father's name, brides under either name, one
telephone and one mailbox a household; residences of hundreds, hostels of a few names where most were given 1 January; homonyms of one
birth date. Each is tested several times, now and then with a slip. Nobody has a national number, which would be too easy. There are
many times as many twins, homonyms and hostels as anywhere, so that a rule which merges them is seen.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations

from benchmarks import names
from msgspec.structs import replace
from rapidfuzz.distance import OSA

from sceau.core.codes.given_names import COMMON, NAMES
from sceau.core.codes.territory import department_of
from sceau.core.keyholder.traits import Traits, spelling, traits
from sceau.core.report.model import Address, Patient, Sex

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SLIPS = 0.2
"""Of the times that somebody is written down, those with a slip; a fifth of those have two."""
_HOSTEL = ("Diallo", "Traoré", "Diarra", "Koné", "Cissé", "Ba", "Sow", "Keita", "Benali", "Nguyen")

Dice = random.Random
Pairs = set[tuple[str, str]]


def families(seed: int, *, count: int = 1_500) -> tuple[dict[str, Traits], Pairs]:
    """What was written down of so many families, by name, and the pairs that are of one person."""
    dice = Dice(seed)
    written: dict[str, Traits] = {}
    links: Pairs = set()
    for nth, person in enumerate(_people(dice, count)):
        times = [f"{nth}-{time}" for time in range(dice.choice((1, 2, 2, 3, 4)))]
        written |= {time: traits(_as_written(dice, person)) for time in times}
        links |= set(combinations(times, 2))
    return written, links


def _people(dice: Dice, count: int) -> Iterator[Patient]:
    for nth in range(count):
        yield from _family(dice)
        if nth % 25 == 0:
            yield from _residence(dice, 60)
        if nth % 50 == 0:
            yield from _hostel(dice, 40)


def _family(dice: Dice) -> Iterator[Patient]:
    """Parents of two names, children of one; what they share they are reached by."""
    family, address = _name(dice), _address(dice)
    telephone, mail = _telephone(dice), f"{family.lower()}@exemple.fr" if dice.random() < 0.6 else None
    father = _somebody(dice, address, family=family, born=_born(dice, 1940, 1985), email=mail)
    mother = replace(
        father, family=_name(dice), used_family=family, given=(_given(dice),), birth_date=_near(dice, father, years=8)
    )
    yield father
    yield replace(mother, sex=Sex.FEMALE, phone=telephone)
    for given, born in _children(dice, father):
        sex = dice.choice((Sex.FEMALE, Sex.MALE, Sex.UNKNOWN))
        yield replace(father, given=given, birth_date=born, sex=sex, phone=dice.choice((telephone, father.phone, None)))
    if father.given[0].upper() in COMMON and dice.random() < 0.1:  # a homonym of the same birth date, in another department
        there = next(one for one in iter(lambda: _address(dice), None) if one.city != address.city)
        yield _at(replace(father, phone=dice.choice((None, _telephone(dice))), email=None), there)


def _at(who: Patient, address: Address) -> Patient:
    return replace(who, address=address, department=department_of(address.postal_code or ""))


def _children(dice: Dice, father: Patient) -> Iterator[tuple[tuple[str, ...], date]]:
    for nth in range(dice.randrange(4)):
        born, kind = _near(dice, father, years=4, after=28), dice.random()
        if kind < 0.2:
            yield from ((given, born) for given in _twins(dice, 3 if kind < 0.03 else 2))
        elif not nth and kind < 0.4:  # the father's name, and now and then his birthday
            birthday = father.birth_date.month, min(father.birth_date.day, 28)
            yield father.given, date(born.year, *birthday) if kind < 0.25 else born
        else:
            yield (_given(dice),), born


def _twins(dice: Dice, count: int) -> list[tuple[str, ...]]:
    """As near as parents choose them: of all names that people bear the nearest, or one name before other second ones."""
    if dice.random() < 0.1:
        first = dice.choice(("Mohamed", "Maria", "Marie", "Ana"))
        return [(f"{first} {second.capitalize()}",) for second in dice.sample(sorted(COMMON), count)]
    named = [_given(dice)]
    while len(named) < count:
        others = (one for one in dice.sample(_NAMES, 200) if spelling(one) not in {spelling(name.upper()) for name in named})
        named.append(min(others, key=lambda one: _apart(one, named[0])).capitalize())
    return [(one,) for one in named]


def _apart(one: str, other: str) -> int:
    return OSA.distance(one, other.upper())


def _residence(dice: Dice, count: int) -> Iterator[Patient]:
    """Of the old or the young, most of them women; many have the house's telephone."""
    address, first = _address(dice), dice.choice((1930, 2002))
    house = f"+334{dice.randrange(10**8):08}"
    for _ in range(count):
        own = dice.choice((house, house, None, _telephone(dice)))
        yield replace(_somebody(dice, address, family=_name(dice), born=_born(dice, first, first + 6)), phone=own, sex=Sex.FEMALE)


def _hostel(dice: Dice, count: int) -> Iterator[Patient]:
    """Of workers from a few villages: ten family names, some thirty given ones, and for most no birth date but a year."""
    address, given = _address(dice), dice.sample(sorted(COMMON), 30)
    for _ in range(count):
        born = _born(dice, 1955, 2000)
        born = born.replace(month=1, day=1) if dice.random() < 0.6 else born
        who = _somebody(dice, address, family=dice.choice(_HOSTEL), born=born)
        yield replace(who, given=(dice.choice(given).capitalize(),), sex=Sex.MALE)


def _somebody(dice: Dice, address: Address, *, family: str, born: date, email: str | None = None) -> Patient:
    return Patient(
        family=family,
        given=(_given(dice), *([_given(dice)] if dice.random() < 0.2 else [])),
        birth_date=born,
        sex=Sex.MALE,
        phone=_telephone(dice) if dice.random() < 0.8 else None,
        email=email,
        address=address,
        department=department_of(address.postal_code or ""),
    )


def _as_written(dice: Dice, who: Patient) -> Patient:
    who = replace(who, given=who.given[: dice.randrange(1, 3)], used_family=dice.choice((who.used_family, None)))
    while dice.random() < _SLIPS:
        who = dice.choice(_WAYS)(dice, who)
    return who


def _letter(dice: Dice, name: str) -> str:
    """One letter left out, doubled, another, or changed with its neighbour."""
    place = dice.randrange(1, max(2, len(name)))
    before, here, after = name[:place], name[place : place + 1], name[place + 1 :]
    written = after, here + here + after, dice.choice(_LETTERS).lower() + after, after[:1] + here + after[1:]
    return before + dice.choice(written)


def _date(dice: Dice, born: date) -> date:
    """Day and month changed with each other, another day, or another year near it."""
    if born.day <= 12 and dice.random() < 0.5:
        return born.replace(day=born.month, month=born.day)
    if dice.random() < 0.5:
        return born.replace(day=dice.randrange(1, 29))
    return born.replace(year=born.year + dice.choice((-1, 1, 10)), day=min(born.day, 28))


_WAYS: tuple[Callable[[Dice, Patient], Patient], ...] = (
    lambda dice, who: replace(who, family=_letter(dice, who.family)),
    lambda dice, who: replace(who, given=(_letter(dice, who.given[0]), *who.given[1:])),
    lambda dice, who: replace(who, family=who.given[0], given=(who.family,)),
    lambda dice, who: replace(who, birth_date=_date(dice, who.birth_date)),
    lambda dice, who: replace(who, phone=_telephone(dice)),
    lambda dice, who: replace(who, phone=None, email=None),
    lambda dice, who: replace(who, address=_address(dice, who.department)),
    lambda dice, who: replace(who, address=None),
    lambda dice, who: replace(who, family=who.used_family or who.family),
    lambda dice, who: replace(who, sex=Sex.UNKNOWN),
)

_NAMES = sorted(NAMES)


def _given(dice: Dice) -> str:
    """One in ten bears a name that no list has."""
    if dice.random() < 0.1:
        return _name(dice)
    return names.given(dice).capitalize()


def _name(dice: Dice) -> str:
    return names.family(dice).capitalize()


def _address(dice: Dice, department: str | None = None) -> Address:
    department = department or dice.choice(("13", "31", "33", "59", "69", "75"))
    postal = f"{department}{dice.randrange(0, 200, 10):03}"
    way = f"{dice.choice(('rue', 'avenue', 'rue de la', 'place du'))} {_name(dice)}"
    return Address(lines=(f"{dice.randrange(1, 200)} {way}",), postal_code=postal, city=_name(Dice(department)))


def _telephone(dice: Dice) -> str:
    return f"+336{dice.randrange(10**8):08}"


def _born(dice: Dice, first: int, last: int) -> date:
    return date(first, 1, 1) + timedelta(days=dice.randrange((last - first) * 365))


def _near(dice: Dice, who: Patient, *, years: int, after: int = 0) -> date:
    return min(who.birth_date + timedelta(days=after * 365 + dice.randrange(-years * 365, years * 365)), date(2026, 1, 1))
