"""Whether two identities are of one person. Pure. Doubt is an answer: what is doubtful is never merged.

Each trait weighs for or against by its level (in the manner of Fellegi and Sunter 1969, weights in bits, set by hand on FEBRL 1 and 2
and on families of our own). A sum says same, doubtful or different. Some things no sum outweighs: twins (all the same but the given
name), parent and child of one name, namesakes under one roof or in one town.
"""

from sceau.core.keyholder.identity_verbs import Likeness
from sceau.core.keyholder.levels import DIFFERENT, EQUAL, NEAR, UNKNOWN, Compared, Hints, Level, hints_of, levels_of, strangers
from sceau.core.keyholder.traits import Traits

SAME_FROM, DOUBTFUL_FROM = 22, 13
_WEIGHTS = (  # bits against (different), unknown, near, equal; in the order of `Compared`
    (-4, 0, 7, 9),  # family
    (-6, 0, 6, 8),  # given
    (-7, 0, 8, 12),  # born
    (-5, 0, 0, 1),  # sex
    (-12, 0, 12, 20),  # ins
    (-1, 0, 5, 8),  # phone
    (-1, 0, 5, 8),  # email
    (-2, 0, 4, 6),  # postal
    (-3, 0, 6, 7),  # street
    (-2, 0, 3, 4),  # city
    (-1, 0, 1, 3),  # number
)


def compare(one: Traits, other: Traits, *, families: bool = True) -> Likeness:
    """`SAME`, `DIFFERENT`, or `DOUBTFUL` where somebody has to look. `families=False` is for data known to hold neither
    twins nor parents and children of one name: somebody whose given name or birth date was written over looks like one.
    """
    if families and strangers(one, other):
        return Likeness.DIFFERENT
    levels = levels_of(one, other)
    score = sum(weights[level] for weights, level in zip(_WEIGHTS, levels, strict=False))
    if score < DOUBTFUL_FROM or (families and _others(levels)):
        return Likeness.DIFFERENT
    if score < SAME_FROM or _against(levels, hints_of(one, other, levels), families):
        return Likeness.DOUBTFUL
    return Likeness.SAME


def told(one: Traits, other: Traits) -> Likeness:
    """The likeness, of which nobody is sure where a given name or a birth date is not known: what is left is a household's."""
    found = compare(one, other)
    known = one.born and other.born and one.given and other.given
    unsure = found is Likeness.SAME and not known and not (one.ins and one.ins == other.ins)
    return Likeness.DOUBTFUL if unsure else found


def _others(levels: Compared) -> bool:
    """Two people, and nothing says that what tells them apart is wrong: twins and the household, parent and child of one name, a child
    under a parent's number, another family name. No two national numbers are one slip apart, by their key: a slip of one is that one.
    """
    if levels.ins >= NEAR:
        return levels.given < NEAR and levels.born is DIFFERENT
    parent = levels.born is DIFFERENT and levels.generation
    return parent or (levels.family is DIFFERENT and (levels.given is UNKNOWN or not _met(levels)))


def _met(levels: Compared) -> bool:
    """A home, a telephone or an e-mail is shared. Without, everybody has some six others of one given name and birth date: 2,000 are
    born in France on a day, and of these three in a thousand bear the same one.
    """
    return max(levels.phone, levels.email, _home(levels)) >= NEAR


def _home(levels: Compared) -> Level:
    """Streets of one name are in every town: the town has to agree as well."""
    return min(levels.street, max(levels.postal, levels.city))


def _against(levels: Compared, hints: Hints, families: bool) -> bool:
    """What no sum outweighs: another sex or birth date, another home, names that are not one person's."""
    if levels.ins >= NEAR and (levels.born >= NEAR or min(levels.family, levels.given) >= NEAR):
        return families and _twin_with_the_number(levels, hints)
    if levels.sex is DIFFERENT or (levels.born is DIFFERENT and families) or _elsewhere(levels, hints, families):
        return True
    return families and not (_named(levels, hints) and _corroborated(levels, hints))


def _twin_with_the_number(levels: Compared, hints: Hints) -> bool:
    """Two given names that many bear, or two sexes: the number of the one may have been written for the other."""
    return levels.family >= UNKNOWN and levels.given is DIFFERENT and (hints.two_names or levels.sex is DIFFERENT)


def _elsewhere(levels: Compared, hints: Hints, families: bool) -> bool:
    """Another home, and nothing that only one person has: a namesake, or somebody who moved. Where no other telephone is told, a given
    name that few bear is somebody's own.
    """
    home = levels.postal if levels.street is UNKNOWN else levels.street
    if home is DIFFERENT and levels.phone is DIFFERENT:
        return max(levels.ins, levels.email) < NEAR
    if not families or hints.rare or max(levels.ins, levels.email, levels.phone) >= NEAR:
        return False
    return home is DIFFERENT or (home is UNKNOWN and DIFFERENT in (levels.department, levels.phone))


def _named(levels: Compared, hints: Hints) -> bool:
    """By given name and family name; by the given name alone for somebody who married, of one birth date and one home."""
    if hints.in_part:
        return False
    if levels.given < NEAR:
        return levels.given is UNKNOWN and levels.family >= NEAR
    return levels.family >= UNKNOWN or (levels.born is EQUAL and _one_home(levels, hints))


def _one_home(levels: Compared, hints: Hints) -> bool:
    """Of two who bear one given name and have one birth date: a residence has hundreds, of the names that many bear."""
    if hints.own_phone or levels.email is EQUAL:
        return True
    return hints.rare and max(levels.phone, _home(levels)) >= NEAR


def _corroborated(levels: Compared, hints: Hints) -> bool:
    """A slip in name or birth date is one if something besides agrees; many are called Jean Martin, and have a neighbour who is."""
    if min(levels.family, levels.given, levels.born) is EQUAL:
        return True
    personal = max(levels.ins, levels.phone, levels.email) >= NEAR
    if levels.family is EQUAL and levels.phone is DIFFERENT and levels.ins < NEAR:
        return False  # a slip and another telephone: two things are off, and a household has one mailbox
    if levels.born < EQUAL and levels.generation:
        return levels.ins >= NEAR
    if levels.born is NEAR and not hints.rare and (hints.by_year or min(levels.family, levels.given) < EQUAL):
        return hints.own_phone or max(levels.ins, levels.email) >= NEAR
    if levels.born < EQUAL:
        return personal or _one_roof(levels, hints)
    return personal or max(levels.postal, levels.street) >= NEAR


def _one_roof(levels: Compared, hints: Hints) -> bool:
    """Of two who were born on nearly one day: a town is enough for a name that few bear."""
    return levels.street >= NEAR or (hints.rare and levels.postal >= NEAR)
