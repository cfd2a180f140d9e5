"""The owner's page counts; nobody else of the staff reads it, and no other pharmacy is in it."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.counter.world import Place, file, patient
from tests.plugins.services import acting

from sceau.core.codes.snomed import Result
from sceau.core.report.errors import Problem, Trouble
from sceau.counter.pharmacies.models import Role
from sceau.counter.screenings import unseal
from sceau.counter.screenings.models import Screening
from sceau.counter.visits import actions
from sceau.counter.visits.draft import Draft


@pytest.fixture
def owner(lilas: Place) -> Client:
    return lilas.sign_in("odile@example.org", Role.OWNER)


def test_it_counts_by_day_by_kit_and_by_colleague(owner: Client, lilas: Place, other: Place) -> None:
    now, by = timezone.now(), lilas.present()
    lilas.imports(file(3), at=now)
    Screening.objects.update(outcome="recorded")
    other.imports(file(5), at=now)
    visit = actions.start(actions.add(Draft(patient=patient()), by=by, at=now).id, lilas.kit(), by=by, at=now)
    actions.finish(visit.id, [Result.DETECTED], by=by, at=now)
    with acting("counter_web"):
        page = owner.get("/activity/?period=today")
    assert (page.context["totals"]["recorded"], page.context["totals"]["waiting"]) == (3, 1)
    assert [(one["kit__name"], one["tests"]) for one in page.context["kits"]] == [("Panbio", 1)]
    assert [(one["name"], one["tests"]) for one in page.context["staff"]] == [("Bruno", 1)]


def test_refusals_are_counted_by_reason_in_the_language_of_the_page(
    owner: Client, lilas: Place, other: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (lilas, other):
        place.imports(file(3), at=timezone.now())
    Screening.objects.update(outcome="refused")
    late, kit = Problem(Trouble.IN_THE_FUTURE, "Specimen.collection"), Problem(Trouble.KIT_EXPIRED, "Device")
    monkeypatch.setattr(unseal, "open_refusals", lambda envelope, keys: {0: [late, late], 1: [late, kit]})
    with acting("counter_web"):
        english, french = (owner.get("/activity/", headers={"Accept-Language": one}).context["refused"] for one in ("en", "fr"))
    assert english == [(late.text("en"), 2), ("", 1), (kit.text("en"), 1)]
    assert french == [(late.text("fr"), 2), ("", 1), (kit.text("fr"), 1)]


def test_before_the_first_result_it_says_so(owner: Client) -> None:
    assert "Nothing was reported" in owner.get("/activity/?period=nonsense", headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.PHARMACIST, 403), (Role.ASSISTANT, 403)])
def test_the_owner_alone_reads_it(lilas: Place, role: Role, status: int) -> None:
    assert lilas.sign_in("sam@example.org", role).get("/activity/").status_code == status


def test_a_stranger_does_not(client: Client, db: None) -> None:
    assert client.get("/activity/").status_code == 302


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_as_many_queries_however_much_was_done(
    owner: Client, lilas: Place, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lilas.imports(file(count), at=timezone.now())
    owner.get("/activity/")
    with django_assert_num_queries(QUERIES):
        owner.get("/activity/")


QUERIES = 8
