"""Whether two identities are of one person. Pure. Doubt is an answer: what is doubtful is never merged.

The same: equal national identities, or the same family and first given name, birth date and sex with nothing against it.
Different: unequal national identities, or neither name nor birth date in common. Twins share family name and birth date and
differ in the given name: doubtful at most.
"""

from datetime import date

from sceau.core.keyholder.tokens import plain, sound
from sceau.core.keyholder.verbs import Likeness
from sceau.core.report.model import Patient, Sex


def compare(one: Patient, other: Patient) -> Likeness:
    if one.ins and other.ins and one.ins.system == other.ins.system:
        if one.ins.value != other.ins.value:
            return Likeness.DIFFERENT
        return Likeness.SAME if one.birth_date == other.birth_date else Likeness.DOUBTFUL
    named, born = _named(one, other), one.birth_date == other.birth_date
    if named is Likeness.SAME and born and _sex(one, other):
        return Likeness.SAME
    if named is Likeness.DIFFERENT or not (born or _mistyped(one.birth_date, other.birth_date)):
        return Likeness.DIFFERENT
    return Likeness.DOUBTFUL


def _named(one: Patient, other: Patient) -> Likeness:
    """By family and first given name: equal, alike (sound, married name, given and family swapped), or other."""
    given = plain(one.given[0]) == plain(other.given[0])
    if given and plain(one.family) == plain(other.family):
        return Likeness.SAME
    families = {plain(name) for name in (one.family, one.used_family) if name} & {
        plain(name) for name in (other.family, other.used_family) if name
    }
    swapped = {plain(one.family), plain(one.given[0])} == {plain(other.family), plain(other.given[0])}
    alike = sound(plain(one.family)) == sound(plain(other.family)) and sound(plain(one.given[0])) == sound(plain(other.given[0]))
    return Likeness.DOUBTFUL if (families and given) or swapped or alike else Likeness.DIFFERENT


def _sex(one: Patient, other: Patient) -> bool:
    return one.sex == other.sex or Sex.UNKNOWN in (one.sex, other.sex)


def _mistyped(one: date, other: date) -> bool:
    """Day and month swapped, or one of day, month and year wrong."""
    same = sum((one.year == other.year, one.month == other.month, one.day == other.day))
    return same == 2 or (one.year, one.month, one.day) == (other.year, other.day, other.month)
