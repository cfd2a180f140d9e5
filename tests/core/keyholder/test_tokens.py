"""Blind tokens: frozen bytes, and what must or must not change one."""

import pytest
from tests.core.keyholder.test_likeness import but

from sceau.core.keyholder.identity_verbs import BlindTokens
from sceau.core.keyholder.tokens import Blinder
from sceau.core.keyholder.traits import Traits

KEY, MONTH = bytes(range(32)), "2026-11"
HUGO = Traits(
    family="LUNEVILLE",
    given="HUGO",
    born="19870314",
    sex="male",
    ins="urn:oid:1.2.250.1.213.1.4.10 187036912345678",
    phone="+33639980101",
    postal="69003",
    number="12",
    department="69",
)
FROZEN = BlindTokens(
    MONTH,
    7256321656161209618,
    -2300623739324434592,
    1175871390081988237,
    -7240784295944902582,
    -2698244845820490834,
    -641113324968137623,
    -511063263975155600,
)


def tokens(who: Traits, key: bytes = KEY) -> BlindTokens:
    (found,) = Blinder({MONTH: key}).tokens(who)
    return found


def shared(one: BlindTokens, other: BlindTokens) -> set[str]:
    fields = one.__struct_fields__[1:]
    return {field for field in fields if getattr(one, field) is not None and getattr(one, field) == getattr(other, field)}


def test_the_bytes_are_those_of_the_specification() -> None:
    assert tokens(HUGO) == FROZEN


def test_under_another_key_nothing_is_alike() -> None:
    assert shared(tokens(HUGO), tokens(HUGO, bytes(32))) == set()


def test_each_month_has_a_set_of_its_own() -> None:
    first, second = Blinder({"2026-11": KEY, "2026-10": bytes(32)}).tokens(HUGO)
    assert (first, second.month) == (FROZEN, "2026-10")


def test_swapped_names_meet_in_the_others_place() -> None:
    swapped = tokens(but(HUGO, family="HUGO", given="LUNEVILLE"))
    assert (swapped.given_born, swapped.family_born) == (FROZEN.family_born, FROZEN.given_born)
    assert {"names_department", "home"} <= shared(FROZEN, swapped)


@pytest.mark.parametrize(
    ("slip", "lost"),
    [
        ({"family": "LUNEVILE"}, set()),  # it sounds the same
        ({"family": "BERTRAND"}, {"family_born", "names_department", "home", "phone"}),
        ({"born": "19871403"}, set()),  # day and month swapped
        ({"born": "19870315"}, {"given_born", "family_born", "born_department"}),
        ({"department": "13"}, {"born_department", "names_department"}),
    ],
)
def test_a_slip_loses_what_holds_the_field_and_no_more(slip: dict[str, str], lost: set[str]) -> None:
    assert set(FROZEN.__struct_fields__[1:]) - shared(FROZEN, tokens(but(HUGO, **slip))) == lost


@pytest.mark.parametrize(
    ("field", "columns"), [("ins", {"ins"}), ("phone", {"phone"}), ("number", {"home"}), ("postal", {"home"})]
)
def test_what_is_missing_has_no_token(field: str, columns: set[str]) -> None:
    found = tokens(but(HUGO, **{field: ""}))
    assert {column for column in found.__struct_fields__[1:] if getattr(found, column) is None} == columns
