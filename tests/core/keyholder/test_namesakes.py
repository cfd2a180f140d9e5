"""People who are easily taken for each other, as pharmacies write them: never merged, each in either order. Beside each, who is one."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from msgspec.structs import replace
from stdnum.fr import nir

from sceau.core.codes.identifiers import Ins, InsSystem
from sceau.core.codes.territory import Department
from sceau.core.keyholder.identity_verbs import Likeness
from sceau.core.keyholder.likeness import told
from sceau.core.keyholder.traits import traits
from sceau.core.report.model import Address, Patient, Sex

HOME = Address(lines=("12 rue de l'Exemple",), postal_code="69003", city="Lyon")
NEIGHBOUR = Address(lines=("85 avenue Inventée",), postal_code="69003", city="Lyon")
NICE = Address(lines=("4 quai Fictif",), postal_code="06000", city="Nice")
HUGO = Patient(
    family="Lunéville", given=("Hugo",), birth_date=date(2009, 3, 14), sex=Sex.MALE, phone="+33639980101", address=HOME,
    email="famille@exemple.fr", department=Department("69"),
)  # fmt: skip
INES = replace(HUGO, given=("Inès",), sex=Sex.FEMALE)
JEAN = replace(HUGO, family="Martin", given=("Jean",), birth_date=date(1960, 5, 7), email=None)
MAMADOU = replace(HUGO, family="Diallo", given=("Mamadou",), birth_date=date(1985, 1, 1), phone="+33639980111", email=None)
ALONE: dict[str, Any] = {"phone": None, "email": None}


def named(given: str, *more: str, **changed: Any) -> Patient:
    """One of Hugo's household, born with him; of no sex that is told unless it is."""
    return replace(HUGO, **({"sex": Sex.UNKNOWN} | changed), given=(given, *more))


def ins(value: str) -> Ins:
    return Ins(value + nir.calc_check_digits(value), InsSystem.TEST)


def likeness(one: Patient, other: Patient) -> Likeness:
    found = told(traits(one), traits(other))
    assert told(traits(other), traits(one)) is found
    return found


TWINS = [
    ("Hugo", "Inès"), ("Lina", "Léna"), ("Mathis", "Mathieu"), ("Léo", "Léa"), ("Emma", "Emmy"), ("Julien", "Julian"),
    ("Lucas", "Luca"), ("Marie-Laure", "Marie-Louise"), ("Jean-Paul", "Jean-Pierre"), ("Daniel", "Danièle"),
    ("Rafael", "Rafaela"), ("João", "Joana"), ("Francisco", "Francisca"), ("Adriano", "Adriana"), ("Mário", "Mária"),
    ("Hassan", "Hussein"), ("Hassan", "Hassane"), ("Aïcha", "Aïssa"), ("Fatou", "Fatma"), ("Fatoumata", "Fatimata"),
    ("Adama", "Awa"), ("Amin", "Amine"), ("Karim", "Karima"), ("Mohamed Ali", "Mohamed Amine"),
    ("Mohamed-Amin", "Mohamed-Amir"), ("Abdel Karim", "Abdel Karima"), ("Thi Hoa", "Thi Hoan"), ("Minh An", "Minh Anh"),
    ("Bao An", "Bao Anh"), ("Nguyen Van", "Nguyen Vy"), ("Maria João", "Maria Joana"), ("Ana Sofia", "Ana Luísa"),
    ("Ayoub", "Ayman"), ("Yanis", "Yacine"), ("Zoé", "Chloé"), ("Anna", "Anne"), ("Elena", "Elina"), ("Milo", "Mila"),
    ("Noé", "Noa"), ("Maëlle", "Maëlys"), ("Louis", "Louise"), ("Jeanne", "Jean"), ("Valentin", "Valentine"),
    ("Eléa", "Elea-Rose"), ("Barnabé", "Anselme"), ("Seyhan", "Seyhane"), ("Kerwan", "Kerwane"), ("Alix", "Alex"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_twins_of_one_home_telephone_and_birth_date_are_two(one: str, other: str) -> None:
    assert likeness(named(one), named(other)) is not Likeness.SAME
    assert likeness(named(one), named(one)) is Likeness.SAME


@pytest.mark.parametrize("sex", [Sex.FEMALE, Sex.MALE])
def test_twins_of_one_sex_are_two(sex: Sex) -> None:
    for one, other in TWINS[:10]:
        assert likeness(named(one, sex=sex), named(other, sex=sex)) is Likeness.DIFFERENT


@pytest.mark.parametrize("names", [("Alma", "Alba", "Elma"), ("Tom", "Tim", "Théo"), ("Ilyes", "Ilyan", "Ilan")])
def test_triplets_are_three(names: tuple[str, ...]) -> None:
    for one, other in combinations(names, 2):
        assert likeness(named(one), named(other)) is Likeness.DIFFERENT


def test_twins_who_bear_their_first_name_in_common_are_two_by_the_second() -> None:
    amine, yassine = named("Mohamed", "Amine"), named("Mohamed", "Yassine")
    assert likeness(amine, yassine) is not Likeness.SAME
    assert likeness(named("Mohamed"), named("Mohamed Yassine")) is not Likeness.SAME
    assert likeness(amine, named("Mohamed Amine")) is Likeness.SAME
    assert likeness(amine, named("Mohamed", "A.")) is Likeness.SAME
    assert likeness(named("Jean", "Paul", "Marie"), named("Jean", "Marie")) is Likeness.SAME


def test_the_newborn_who_have_no_names_yet_are_nobody_for_sure() -> None:
    for one, other in [
        ("Bébé 1", "Bébé 2"),
        ("Bébé", "Hugo"),
        ("Nouveau-né", "Nouveau-né"),
        ("Jumeau A", "Jumeau B"),
        ("X", "Inès"),
    ]:
        assert likeness(named(one), named(other)) is not Likeness.SAME
    number = ins("1090369123456")
    assert likeness(named("Bébé", ins=number, sex=Sex.MALE), named("Hugo", ins=number, sex=Sex.MALE)) is Likeness.SAME


def test_a_twin_under_the_number_of_the_other_waits_for_somebody_to_look() -> None:
    number = ins("1090369123456")
    hugo, lea = replace(HUGO, ins=number), replace(INES, given=("Léa",), ins=number)
    assert likeness(hugo, lea) is Likeness.DOUBTFUL
    assert likeness(hugo, replace(lea, sex=Sex.MALE)) is Likeness.DOUBTFUL
    assert likeness(hugo, replace(lea, ins=ins("2090369123789"))) is Likeness.DIFFERENT
    assert likeness(hugo, replace(hugo, family="Durand")) is Likeness.SAME


def test_no_two_national_numbers_are_one_slip_apart() -> None:
    for number in ("1090369123456", "2851275001002"):
        valid = number + nir.calc_check_digits(number)
        slips = {valid[:at] + digit + valid[at + 1 :] for at in range(15) for digit in "0123456789"} - {valid}
        slips |= {valid[:at] + valid[at + 1] + valid[at] + valid[at + 2 :] for at in range(12)} - {valid}
        assert [one for one in slips if nir.calc_check_digits(one[:13]) == one[13:]] == []


def test_a_child_under_the_number_of_a_parent_is_another_and_nobody_has_to_look() -> None:
    number = ins("1790369123456")
    father = replace(HUGO, given=("Paul",), birth_date=date(1979, 6, 2), ins=number)
    for child in (replace(HUGO, ins=number), named("Bébé", ins=number)):
        assert likeness(father, child) is Likeness.DIFFERENT
    assert likeness(father, replace(father, birth_date=HUGO.birth_date)) is Likeness.SAME


@pytest.mark.parametrize("born", [date(1935, 3, 14), date(1979, 3, 14), date(1981, 7, 2), date(1989, 3, 14), date(1995, 3, 14)])
def test_parent_and_child_of_one_name_at_one_address_are_two_even_with_one_birthday(born: date) -> None:
    assert likeness(HUGO, replace(HUGO, birth_date=born)) is not Likeness.SAME
    assert likeness(HUGO, replace(HUGO, birth_date=date(2008, 3, 14))) is Likeness.SAME


def test_parent_and_child_whose_birth_dates_have_nothing_in_common_need_nobody_to_look() -> None:
    assert likeness(HUGO, replace(HUGO, birth_date=date(1981, 7, 2))) is Likeness.DIFFERENT
    assert likeness(HUGO, replace(HUGO, birth_date=date(2001, 7, 2))) is Likeness.DOUBTFUL


@pytest.mark.parametrize("where", [NEIGHBOUR, NICE], ids=["in one town", "in two towns"])
@pytest.mark.parametrize("phone", [None, "+33639980177"], ids=["no telephone", "another telephone"])
def test_who_shares_name_and_birth_date_and_lives_elsewhere_is_not_merged(where: Address, phone: str | None) -> None:
    homonym = replace(JEAN, address=where, phone=phone)
    assert likeness(JEAN, homonym) is not Likeness.SAME
    assert likeness(JEAN, replace(homonym, phone=JEAN.phone)) is Likeness.SAME
    anselme = replace(JEAN, given=("Anselme",))  # whom few are called
    moved = replace(homonym, given=("Anselme",))
    assert (likeness(anselme, moved) is Likeness.SAME) is (phone is None)


def test_namesakes_in_one_town_born_nearly_on_one_day_are_two() -> None:
    bare = replace(JEAN, address=Address(lines=(), postal_code="69003", city="Lyon"), phone=None)
    for born in (date(1960, 5, 8), date(1960, 7, 5), date(1961, 5, 7), date(1960, 5, 17)):
        assert likeness(bare, replace(bare, birth_date=born)) is not Likeness.SAME
    assert likeness(JEAN, replace(JEAN, birth_date=date(1960, 5, 8))) is Likeness.SAME


def test_cousins_of_one_name_and_the_siblings_of_one_initial_are_two() -> None:
    assert likeness(HUGO, replace(HUGO, birth_date=date(2010, 11, 2))) is not Likeness.SAME
    for given in ("Hector", "Hélène", "H.", "Henri", "Hu"):
        assert likeness(HUGO, named(given, birth_date=date(2011, 3, 14))) is not Likeness.SAME
        assert likeness(HUGO, named(given)) is not Likeness.SAME


def test_a_household_that_shares_telephone_and_mail_is_as_many_as_it_is() -> None:
    births = (date(1978, 3, 14), date(1980, 3, 14), date(2009, 3, 14), date(2009, 3, 14), date(2011, 3, 14), date(2019, 3, 14))
    household = [
        named(given, birth_date=born)
        for given, born in zip(("Paul", "Paule", "Hugo", "Inès", "Hélo", "Paulin"), births, strict=True)
    ]
    for one, other in combinations(household, 2):
        assert likeness(one, other) is not Likeness.SAME


def test_those_who_were_given_the_first_of_january_are_not_one_by_that() -> None:
    for born in (date(1986, 1, 1), date(1984, 1, 1), date(1958, 1, 1)):
        assert likeness(MAMADOU, replace(MAMADOU, birth_date=born, phone="+33639980122")) is not Likeness.SAME
        assert likeness(MAMADOU, replace(MAMADOU, birth_date=born)) is not Likeness.SAME
    assert likeness(MAMADOU, replace(MAMADOU, phone="+33639980122")) is not Likeness.SAME
    assert likeness(MAMADOU, replace(MAMADOU, family="Traoré", phone=None)) is not Likeness.SAME
    assert likeness(MAMADOU, replace(MAMADOU)) is Likeness.SAME


@pytest.mark.parametrize("phone", ["+33478000000", None])
def test_in_a_residence_many_have_one_name_or_one_birth_date(phone: str | None) -> None:
    jeanne = replace(JEAN, given=("Jeanne",), sex=Sex.FEMALE, birth_date=date(1932, 4, 12), phone=phone)
    assert likeness(jeanne, replace(jeanne, family="Durand")) is not Likeness.SAME
    assert likeness(jeanne, replace(jeanne, birth_date=date(1933, 10, 2))) is not Likeness.SAME
    assert likeness(jeanne, replace(jeanne, given=("Suzanne",))) is Likeness.DIFFERENT
    assert likeness(jeanne, replace(jeanne, family="Durand", used_family="Martin")) is Likeness.SAME


def test_who_married_is_known_by_what_only_she_has() -> None:
    bride = replace(INES, family="Durand")
    assert likeness(INES, bride) is Likeness.SAME
    assert likeness(INES, replace(bride, **ALONE)) is Likeness.DOUBTFUL
    assert likeness(INES, replace(bride, used_family="LUNEVILLE", **ALONE)) is Likeness.SAME
    assert likeness(replace(INES, given=("Domnine",)), replace(bride, given=("Domnine",), **ALONE)) is Likeness.SAME


def test_two_in_a_marriage_of_one_name_are_two() -> None:
    dominique = replace(JEAN, given=("Dominique",))
    wife = replace(dominique, family="Durand", used_family="Martin", sex=Sex.FEMALE, birth_date=date(1962, 9, 30))
    assert likeness(dominique, wife) is not Likeness.SAME
    assert likeness(dominique, replace(wife, sex=Sex.UNKNOWN, birth_date=date(1960, 9, 30))) is not Likeness.SAME


@pytest.mark.parametrize(
    "changed",
    [
        {"given": ("HUGO",), "family": "LUNEVILLE"},
        {"given": ("Hugoo",)},
        {"given": ("Hug0",)},
        {"family": "Luneviel"},
        {"family": "L'unéville"},
        {"phone": None},
        {"family": "Lunéville-Durand"},
        {"given": ("Lunéville",), "family": "Hugo"},
        {"birth_date": date(2009, 3, 15)},
        {"address": None},
        {"given": ("Hugo", "Paul", "Émile")},
        {"address": NICE},
        {"phone": "+33639980177"},
        {"email": None},
    ],
)
def test_a_slip_is_of_one_person(changed: dict[str, Any]) -> None:
    assert likeness(HUGO, replace(HUGO, **changed)) is Likeness.SAME


def test_a_slip_that_is_nearer_to_another_name_waits_for_somebody_to_look() -> None:
    for written in ("Zandré", "Yaelel", "Emihie"):
        for name in ("Andrew", "Maëlle", "Émilio"):
            assert likeness(named(written), named(name)) is not Likeness.SAME
    assert likeness(named("Aminaotu"), named("Aminata")) is Likeness.DOUBTFUL
    assert likeness(named("Aminaotu"), named("Aminatou")) is Likeness.SAME


def test_twins_written_the_wrong_way_round_both_times_are_two() -> None:
    milas = [replace(HUGO, family=given, given=("Pouvaldre",), sex=Sex.UNKNOWN) for given in ("Mila", "Milana", "Zoé")]
    for one, other in combinations(milas, 2):
        assert likeness(one, other) is not Likeness.SAME


def test_a_slip_beside_another_telephone_waits_for_somebody_to_look() -> None:
    for slip in ({"given": ("Hugoo",)}, {"birth_date": date(2009, 3, 15)}):
        assert likeness(HUGO, replace(HUGO, **slip)) is Likeness.SAME
        assert likeness(HUGO, replace(HUGO, **slip, phone="+33639980177")) is Likeness.DOUBTFUL  # the mailbox is the household's


@pytest.mark.parametrize(
    "home", [None, NICE, replace(NICE, lines=HOME.lines)], ids=["untold", "another", "street of one name elsewhere"]
)
def test_another_family_of_one_given_name_and_birth_date_is_nobody_s_to_look_at(home: Address | None) -> None:
    """Everybody has some six of them: a queue of all would be longer than the day."""
    stranger = replace(JEAN, **ALONE, family="Bernard", address=home)
    assert likeness(replace(JEAN, **ALONE), stranger) is Likeness.DIFFERENT
    assert likeness(replace(JEAN, **ALONE), replace(stranger, address=HOME)) is Likeness.DOUBTFUL
    assert likeness(JEAN, replace(stranger, phone=JEAN.phone)) is not Likeness.DIFFERENT
