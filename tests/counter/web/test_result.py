"""One result's page: did it arrive, what was told, and what can be done about it; nothing of it for another pharmacy."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.counter.world import FakeRegistry, Place, file, problem
from tests.plugins.services import acting

from sceau.core.problems import ProblemType
from sceau.counter.pharmacies.models import Pharmacy, Role
from sceau.counter.relay import actions as relay
from sceau.counter.screenings.models import Screening

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def report(lilas: Place) -> UUID:
    lilas.imports(file(1, positive=lambda nth: True), at=timezone.now())
    return Screening.objects.get().id


def read(client: Client, pk: UUID) -> Any:
    with acting("counter_web"):
        return client.get(f"/results/{pk}/", headers=ENGLISH)


def corrected(client: Client, pk: UUID, **change: str) -> Any:
    """The form as it is shown, with a change."""
    form = read(client, pk).context["form"]
    told = {name: form[name].value() or "" for name in form.fields}
    told |= {"born": "12031985", "taken_at": "2022-01-07T09:12"} | change
    with acting("counter_web"):
        return client.post(f"/results/{pk}/correct", told, headers=ENGLISH, follow=True)


def test_it_says_who_what_and_whether_it_arrived(amina: Client, report: UUID) -> None:
    page = read(amina, report)
    told = page.context["told"]
    assert (told["patient"], told["result"], told["state"]) == ("TESTARD- Hugo", "positive", "to send")
    assert page.headers["Cache-Control"].count("no-store")


def test_it_is_corrected_and_both_stay_in_the_history(amina: Client, report: UUID) -> None:
    page = corrected(amina, report, found_0="260415000")
    assert page.status_code == 200
    assert (page.context["told"]["what"], page.context["told"]["result"]) == ("Correction", "negative")
    assert [(one["result"], one["state"]) for one in page.context["history"]] == [("positive", "replaced")]


def test_a_correction_that_changes_nothing_is_not_sent(amina: Client, report: UUID) -> None:
    form = read(amina, report).context["form"]
    page = corrected(amina, report, taken_at=form["taken_at"].value().strftime("%Y-%m-%dT%H:%M"), born=form["born"].value())
    assert b"nothing is sent" in page.content
    assert Screening.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"), [("born", "31021985"), ("taken_at", "2999-01-01T00:00"), ("found_0", "x"), ("family", "")]
)
def test_a_wrong_correction_changes_nothing_and_says_where(amina: Client, report: UUID, field: str, wrong: str) -> None:
    page = corrected(amina, report, **{field: wrong})
    assert (page.status_code, field in page.context["form"].errors) == (422, True)
    assert Screening.objects.count() == 1


def test_it_is_cancelled_and_can_be_no_more(amina: Client, report: UUID) -> None:
    for _ in range(2):
        page = amina.post(f"/results/{report}/cancel", headers=ENGLISH, follow=True)
    assert (page.context["told"]["state"], page.context["can_change"]) == ("cancelled", False)
    assert Screening.objects.count() == 2


def test_what_the_registry_refused_says_why_and_is_mended(
    amina: Client, lilas: Place, report: UUID, registry: FakeRegistry
) -> None:
    Screening.objects.update(outcome="refused")
    assert "Mend and send again" in read(amina, report).content.decode()
    assert corrected(amina, report, found_0="260415000").context["told"]["state"] == "to send"


def test_a_stopped_one_says_so(amina: Client, lilas: Place, report: UUID, registry: FakeRegistry) -> None:
    registry.refuse = problem(ProblemType.BAD_ENVELOPE, 403)
    relay.deliver(registry, at=timezone.now())
    assert read(amina, report).context["told"]["tone"] == "stopped"


@pytest.mark.parametrize(("role", "shown"), [(Role.ASSISTANT, False), (Role.PHARMACIST, True), (Role.OWNER, True)])
def test_an_assistant_reads_and_changes_nothing(lilas: Place, report: UUID, role: Role, shown: bool) -> None:
    sam = lilas.sign_in("sam@example.org", role)
    assert read(sam, report).context["can_change"] is shown
    sam.post(f"/results/{report}/cancel")
    assert Screening.objects.filter(undone=True).exists() is shown


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", "correct"), ("post", "cancel")])
@pytest.mark.parametrize(("who", "status"), [("chloe", 404), ("client", 302)])
def test_nobody_elses(request: pytest.FixtureRequest, report: UUID, who: str, status: int, method: str, path: str) -> None:
    client: Client = request.getfixturevalue(who)
    assert getattr(client, method)(f"/results/{report}/{path}").status_code == status
    assert Screening.objects.count() == 1


@pytest.mark.parametrize("path", ["correct", "cancel"])
def test_reading_changes_nothing(amina: Client, report: UUID, path: str) -> None:
    assert amina.get(f"/results/{report}/{path}").status_code == 405


def test_on_paper_there_is_what_stands_and_no_other(amina: Client, chloe: Client, report: UUID) -> None:
    assert "TESTARD- Hugo" in amina.get(f"/results/{report}/proof").content.decode()
    assert chloe.get(f"/results/{report}/proof").status_code == 404
    amina.post(f"/results/{report}/cancel")
    assert amina.get(f"/results/{report}/proof").status_code == 302


def test_an_unknown_one_is_not_found(amina: Client) -> None:
    assert read(amina, uuid4()).status_code == 404


def test_a_copy_moved_to_another_pharmacy_stays_shut(chloe: Client, other: Place, report: UUID) -> None:
    Screening.objects.update(pharmacy=Pharmacy.objects.get(pk=other.pharmacy.pk))
    page = read(chloe, report)
    assert (page.status_code, "TESTARD" in page.content.decode()) == (410, False)


@pytest.mark.parametrize("length", [1, 3])
def test_the_page_takes_as_many_queries_however_long_the_history(
    amina: Client, report: UUID, length: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for result in ("260415000", "419984006", "260415000")[:length]:
        report = UUID(str(corrected(amina, report, found_0=result).context["told"]["id"]))
    with django_assert_num_queries(QUERIES):
        read_page = amina.get(f"/results/{report}/")
    assert len(read_page.context["history"]) == length


QUERIES = 7
