"""Whether two people are one: slips are forgiven, twins and namesakes never merged, and doubt is an answer."""

from itertools import combinations
from typing import Any

import pytest

from sceau.core.keyholder.identity_verbs import Likeness
from sceau.core.keyholder.likeness import compare
from sceau.core.keyholder.traits import Traits

SAME, DOUBTFUL, DIFFERENT = Likeness.SAME, Likeness.DOUBTFUL, Likeness.DIFFERENT
HOME: dict[str, Any] = {"postal": "69003", "city": "LYON", "streets": ("RUEDELEXEMPLE",), "number": "12", "department": "69"}
AWAY: dict[str, Any] = {"phone": "+33639980166", "postal": "13008", "city": "NICE", "streets": ("QUAI",), "number": "4"}
HUGO = Traits(family="LUNEVILLE", given="HUGO", born="19870314", sex="male", phone="+33639980101", **HOME)
INES = Traits(family="LUNEVILLE", given="INES", born="19870314", sex="female", phone="+33639980101", **HOME)
JEAN = Traits(family="MARTIN", given="JEAN", born="19600507", sex="male")


def but(who: Traits, **changed: object) -> Traits:
    fields = {name: getattr(who, name) for name in Traits.__struct_fields__}
    return Traits(**(fields | changed))


@pytest.mark.parametrize(
    ("slip", "again"),
    [
        ("nothing", {}),
        ("a letter of the family name", {"family": "LUNEVILE"}),
        ("two letters changed places", {"family": "LUENVILLE"}),
        ("a letter of the given name", {"given": "HUGOO"}),
        ("day and month swapped", {"born": "19871403"}),
        ("one digit of the birth date", {"born": "19870315"}),
        ("names swapped", {"family": "HUGO", "given": "LUNEVILLE"}),
        ("another telephone", {"phone": "+33639980177"}),
        ("moved house", {"postal": "13008", "city": "MARSEILLE", "streets": ("COURSINVENTE",), "number": "3"}),
        ("sex not told", {"sex": ""}),
        ("no contact details", {"phone": "", "postal": "", "city": "", "streets": (), "number": ""}),
    ],
)
def test_a_slip_is_forgiven(slip: str, again: dict[str, object]) -> None:
    assert compare(HUGO, but(HUGO, **again)) is SAME, slip


def test_a_slip_with_nothing_besides_is_looked_at() -> None:
    bare = but(HUGO, phone="", postal="", city="", streets=(), number="")
    assert compare(bare, but(bare)) is SAME
    for slip in ({"born": "19870315"}, {"family": "LUNEVILE"}, {"given": "HUGOO"}):
        assert compare(bare, but(bare, **slip)) is DOUBTFUL


def test_who_married_is_known_by_the_name_in_use_or_by_home_and_birth_date() -> None:
    bride = but(INES, family="DURAND")
    assert compare(INES, but(INES, family="DURAND", used_family="LUNEVILLE")) is SAME
    assert compare(INES, bride) is SAME
    assert compare(INES, but(bride, phone="", streets=(), number="", postal="", city="")) is not SAME


TWINS = [
    (HUGO, INES),
    (but(HUGO, given="LEO"), but(INES, given="LEA")),
    (but(INES, given="EMMA"), but(INES, given="EMMY")),
    (but(INES, given="LINA"), but(INES, given="LENA")),
    (but(HUGO, given="LUCA"), but(HUGO, given="LUCAS")),
    (but(INES, given="MARIELAURE"), but(INES, given="MARIELOUISE")),
    (but(HUGO, given="JEAN"), but(HUGO, given="JEANPIERRE")),
    (but(HUGO, given="JULIEN"), but(HUGO, given="JULIAN")),
    (but(INES, given="DANIELE"), but(HUGO, given="DANIEL")),
    (but(INES, given="ALIZEE"), but(INES, given="MARGUERITEROSE")),
]


@pytest.mark.parametrize(("one", "other"), TWINS, ids=lambda who: who.given)
def test_twins_are_two(one: Traits, other: Traits) -> None:
    assert compare(one, other) is DIFFERENT
    assert compare(one, but(one)) is SAME


def test_a_twin_written_the_wrong_way_round_is_another_in_either_order() -> None:
    swapped, brother = but(HUGO, family="HUGO", given="LUNEVILLE"), but(HUGO, given="BARNABE")
    assert [compare(swapped, brother), compare(brother, swapped)] == [DIFFERENT, DIFFERENT]
    assert [compare(swapped, HUGO), compare(HUGO, swapped)] == [SAME, SAME]


def test_a_twin_under_the_number_of_the_other_is_looked_at_or_kept_apart() -> None:
    number = "urn:oid:1.2.250.1.213.1.4.10 187036912345678"
    assert compare(but(HUGO, ins=number), but(INES, ins=number, sex="")) is not DIFFERENT
    assert compare(but(HUGO, ins=number), but(INES, ins="urn:oid:1.2.250.1.213.1.4.10 287036954321098")) is DIFFERENT


@pytest.mark.parametrize(
    ("who", "namesake"),
    [
        ("father and son", but(HUGO, born="20110622")),
        ("born on the same day, living elsewhere", but(HUGO, **AWAY)),
        ("the same name in the same town", but(HUGO, born="19920901", **AWAY | {"postal": "69003", "city": "LYON"})),
        ("of the other sex", but(HUGO, sex="female")),
    ],
)  # fmt: skip
def test_namesakes_are_never_merged(who: str, namesake: Traits) -> None:
    assert compare(HUGO, namesake) is not SAME, who


def test_a_household_and_a_village_of_namesakes_stay_apart() -> None:
    births = ("19580412", "19610923", "19870314", "19900105", "20150730", "20171111")
    household = [
        but(HUGO, given=given, born=born)
        for given, born in zip(("PAUL", "ANNE", "HUGO", "ZOE", "LOU", "TOM"), births, strict=True)
    ]
    village = [but(JEAN, born=f"{year}{month:02}07") for year in range(1930, 2000, 10) for month in (2, 11)]
    for one, other in [*combinations(household, 2), *combinations(village, 2)]:
        assert compare(one, other) is not SAME


def test_the_order_does_not_matter() -> None:
    people = [HUGO, INES, JEAN, *(one for pair in TWINS for one in pair)]
    for one, other in combinations(people, 2):
        assert compare(one, other) is compare(other, one)
