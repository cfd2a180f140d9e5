"""One person once: whoever comes again is known, twins and namesakes are not, and doubt waits for somebody to look."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from msgspec.structs import replace
from pytest_django import DjangoAssertNumQueries
from stdnum.fr import nir
from tests.plugins.services import acting
from tests.registry.world import Sender, final, hugo

from sceau.core.audit.models import Entry
from sceau.core.codes.identifiers import Ins, InsSystem
from sceau.core.codes.territory import Department
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.identity_verbs import BlindTokens
from sceau.core.keyholder.shapes import SealedAt
from sceau.core.keyholder.tokens import Blinder
from sceau.core.keyholder.traits import traits
from sceau.core.report.model import Address, Patient, ScreeningReport, Sex
from sceau.registry.intake.actions import take_in
from sceau.registry.persons import actions, candidates
from sceau.registry.persons.errors import Decided
from sceau.registry.persons.matching import Arrival, Matched
from sceau.registry.persons.models import Doubt, Identity, Move

NOW = timezone.now()  # the keyholder lets nobody be compared whose days are over
HOME = Address(lines=("12 rue de l'Exemple",), postal_code="69003", city="Lyon")
HUGO = Patient(
    family="LUNEVILLE",
    given=("Hugo",),
    birth_date=date(1987, 3, 14),
    sex=Sex.MALE,
    phone="+33639980101",
    address=HOME,
    department=Department("69"),
)
INES = replace(HUGO, given=("Inès",), sex=Sex.FEMALE)
AWAY = replace(HUGO, phone="+33639980177", address=Address(lines=("4 quai Inventé",), postal_code="69009", city="Lyon"))


def of(patient: Patient) -> ScreeningReport:
    screening = hugo()
    specimen = replace(screening.specimen, taken_at=NOW - timedelta(hours=1))
    return final(replace(screening, patient=patient, specimen=specimen))


def come(sender: Sender, keys: RegistryClient, *people: Patient) -> list[UUID]:
    """They are tested, in one envelope; gives the person each is taken for."""
    reports = [of(one) for one in people]
    sender.arrive(*reports)
    with acting("registry_worker"):
        take_in(keys, limit=10, at=NOW)
    return [person(one) for one in reports]


def person(report: ScreeningReport) -> UUID:
    return Identity.objects.get(report_id=report.id).person_id


def doubts() -> list[tuple[str, Any]]:
    return [(one.department, one.state) for one in Doubt.objects.order_by("id")]


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
@pytest.mark.parametrize(
    ("again", "changed"),
    [
        ("the same", {}),
        ("a slip in the name", {"family": "LUNEVILE"}),
        ("names swapped", {"family": "HUGO", "given": ("Luneville",)}),
        ("day and month swapped", {"birth_date": date(1987, 4, 13)}),
        ("moved", {"address": Address(lines=("4 quai Inventé",), postal_code="13008", city="Marseille")}),
    ],
)
def test_whoever_comes_again_is_known(
    lilas: Sender, keys: RegistryClient, again: str, changed: dict[str, Any], together: bool
) -> None:
    first = replace(HUGO, birth_date=date(1987, 3, 4)) if "birth_date" in changed else HUGO
    changed = changed | ({"birth_date": date(1987, 4, 3)} if "birth_date" in changed else {})
    people = [first, replace(first, **changed)]
    found = come(lilas, keys, *people) if together else [come(lilas, keys, one)[0] for one in people]
    assert len(set(found)) == 1, again
    assert doubts() == []


def test_twins_namesakes_and_the_household_are_persons_of_their_own_in_any_order(lilas: Sender, keys: RegistryClient) -> None:
    family = [
        HUGO,
        INES,
        replace(HUGO, birth_date=date(2015, 7, 30)),
        replace(HUGO, given=("Léo",)),
        replace(INES, given=("Léa",)),
    ]
    for order in list(permutations(family))[::17]:
        Identity.objects.all().delete()
        assert len(set(come(lilas, keys, *order))) == len(family)


def test_a_namesake_born_on_the_same_day_who_lives_elsewhere_is_a_doubt_and_not_merged(
    lilas: Sender, keys: RegistryClient
) -> None:
    (first,) = come(lilas, keys, HUGO)
    (second,) = come(lilas, keys, AWAY)
    assert first != second
    assert doubts() == [("69", "open")]


def test_one_who_resembles_two_joins_one_of_them_and_the_two_stay_two(lilas: Sender, keys: RegistryClient) -> None:
    first, second = (come(lilas, keys, one)[0] for one in (HUGO, AWAY))
    bare = replace(HUGO, phone=None, address=None)
    (third,) = come(lilas, keys, bare)
    assert third in (first, second)
    assert first != second
    assert len(doubts()) == 2


def test_the_national_identity_finds_somebody_whatever_the_name_became(lilas: Sender, keys: RegistryClient) -> None:
    known = replace(INES, ins=numbered("2870369123456"))
    bride = replace(known, family="DURAND", phone=None, address=None, department=Department("13"))
    assert len({come(lilas, keys, one)[0] for one in (known, bride)}) == 1


def test_somebody_said_to_be_one_with_another_is_merged_and_can_be_divided_again(lilas: Sender, keys: RegistryClient) -> None:
    come(lilas, keys, HUGO)
    come(lilas, keys, AWAY)
    doubt = Doubt.objects.get()
    with acting("registry_web"):
        merged = actions.merge(doubt, by="agent:driss", at=NOW)
    assert set(Identity.objects.values_list("person_id", flat=True)) == {merged}
    with acting("registry_web"):
        apart = actions.unmerge([doubt.report_id], by="agent:driss", at=NOW)
    assert dict(Identity.objects.values_list("report_id", "person_id")) == {doubt.report_id: apart, doubt.other_id: merged}
    assert Move.objects.count() == 2
    told = Entry.objects.filter(event__startswith="person").values_list("event", flat=True)
    assert sorted(told) == ["person-divided", "persons-merged"]


def test_a_doubt_is_decided_once(lilas: Sender, keys: RegistryClient) -> None:
    come(lilas, keys, HUGO)
    come(lilas, keys, AWAY)
    doubt = Doubt.objects.get()
    actions.keep_apart(doubt, by="agent:driss", at=NOW)
    with pytest.raises(Decided):
        actions.merge(doubt, by="agent:driss", at=NOW)
    assert Identity.objects.values("person_id").distinct().count() == 2


def test_a_batch_takes_as_many_questions_however_many_people_come(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    crowd = [replace(HUGO, family=f"CROWD{chr(65 + nth)}") for nth in range(20)]
    for people in (crowd[:2], crowd):
        with django_assert_num_queries(1):
            candidates.known([tokens(one) for one in people])


def test_whoever_a_whole_batch_looks_for_is_found_once(db: None) -> None:
    """What finding them weighs goes by how many are known, and not by how many share a token with them."""
    known = Arrival(SealedAt(uuid4(), "69", NOW.date(), b"sealed"), tokens(HUGO))
    actions.store([known], Matched([uuid4()], [], []), at=NOW)
    (found,) = candidates.known([tokens(HUGO)] * 50)
    assert sorted(found.nths) == list(range(50))


def tokens(patient: Patient) -> tuple[BlindTokens, ...]:
    return Blinder({"2023-03": bytes(32)}).tokens(traits(patient))


def numbered(digits: str) -> Ins:
    return Ins(digits + nir.calc_check_digits(digits), InsSystem.TEST)
