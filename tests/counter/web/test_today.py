"""Amina's page of the day; Chloé, of another pharmacy, sees and changes nothing of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.counter.world import SAMPLE, FakeRegistry, Place, file, problem
from tests.plugins.services import acting

from sceau.core.accounts.models import User
from sceau.core.accounts.people import Person
from sceau.core.problems import ProblemType
from sceau.counter.pharmacies.models import Role
from sceau.counter.relay import actions
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.models import Screening


def test_anonymous_is_sent_to_sign_in(client: Client, db: None) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/")


def test_a_password_alone_is_sent_to_set_up_a_second_factor(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user(Person("Amina", "amina@example.org"), public_key=b""))
    assert client.get("/").headers["Location"] == "/accounts/2fa/totp/activate/"


def test_amina_sees_each_patient_with_the_result_and_the_state(amina: Client, lilas: Place) -> None:
    lilas.imports(file(2, positive=lambda nth: nth == 1), at=timezone.now())
    with acting("counter_web"):
        page = amina.get("/", headers={"Accept-Language": "en"})
    shown = {(row["patient"], row["results"][0]["text"], row["state"]) for row in page.context["rows"]}
    assert shown == {("TESTARD- Hugo", "negative", "to send"), ("TESTARD-A Hugo", "positive", "to send")}


def test_chloe_sees_nothing_of_it(chloe: Client, lilas: Place) -> None:
    lilas.imports(file(2), at=timezone.now())
    page = chloe.get("/")
    assert (page.status_code, page.context["rows"]) == (200, [])
    assert "TESTARD" not in page.content.decode()


def stopped(place: Place, registry: FakeRegistry) -> Envelope:
    now = timezone.now()
    place.imports(file(1), at=now)
    registry.refuse = problem(ProblemType.BAD_ENVELOPE, 403)
    actions.deliver(registry, at=now)
    return Envelope.objects.get()


@pytest.mark.parametrize(("who", "status", "state"), [("amina", 302, "waiting"), ("chloe", 404, "stopped")])
def test_only_her_own_pharmacy_sends_a_stopped_envelope_again(
    request: pytest.FixtureRequest, lilas: Place, registry: FakeRegistry, who: str, status: int, state: str
) -> None:
    envelope = stopped(lilas, registry)
    client: Client = request.getfixturevalue(who)
    assert client.post(f"/envelopes/{envelope.id}/requeue").status_code == status
    assert Envelope.objects.get().state == state


@pytest.mark.parametrize(("who", "status", "undone"), [("amina", 302, 3), ("chloe", 404, 0)])
def test_only_her_own_pharmacy_undoes_an_import(
    request: pytest.FixtureRequest, lilas: Place, who: str, status: int, undone: int
) -> None:
    source = lilas.imports(file(3), at=timezone.now()).source
    client: Client = request.getfixturevalue(who)
    assert client.post(f"/imports/{source.id}/undo").status_code == status
    assert Screening.objects.filter(undone=True).count() == undone


@pytest.mark.parametrize("path", ["/envelopes/{}/requeue", "/imports/{}/undo"])
def test_reading_changes_nothing(amina: Client, lilas: Place, path: str) -> None:
    source = lilas.imports(file(1), at=timezone.now()).source
    assert amina.get(path.format(source.id)).status_code == 405


@pytest.fixture
def counted(amina: Client, django_assert_num_queries: DjangoAssertNumQueries) -> Callable[[], None]:
    def count() -> None:
        amina.get("/")  # the first of the day makes the coming days' keys
        with django_assert_num_queries(QUERIES):
            amina.get("/")

    return count


QUERIES = 11


@pytest.mark.parametrize("count", [10, 100])
def test_the_page_takes_as_many_queries_however_many_rows(counted: Callable[[], None], lilas: Place, count: int) -> None:
    lilas.imports(file(count), at=timezone.now())
    counted()


def test_of_a_panel_each_part_has_a_tone_of_its_own(amina: Client, lilas: Place) -> None:
    """Who is positive for one thing is not told in red of the others."""
    lilas.imports(SAMPLE.encode(), at=timezone.now())
    page = amina.get("/", headers={"Accept-Language": "en"})
    (orval,) = (row["results"] for row in page.context["rows"] if row["patient"].startswith("D'ORVAL"))
    assert [(one["text"], one["tone"]) for one in orval] == [
        ("COVID-19 negative", "negative"),
        ("Influenza A positive", "positive"),
        ("Influenza B negative", "negative"),
    ]


def test_what_arrived_is_counted_first(amina: Client, lilas: Place) -> None:
    lilas.imports(file(2), at=timezone.now())
    counts = amina.get("/", headers={"Accept-Language": "en"}).context["counts"]
    assert [(one["label"], one["value"]) for one in counts] == [("recorded", 0), ("to send", 2)]


@pytest.mark.parametrize(("role", "shown"), [(Role.OWNER, True), (Role.PHARMACIST, False), (Role.ASSISTANT, False)])
def test_the_way_to_the_owners_pages_is_shown_to_who_may_go(lilas: Place, role: Role, shown: bool) -> None:
    browser = lilas.sign_in("odile@example.org", role)
    assert ('href="/activity/"' in browser.get("/").content.decode()) is shown


def test_of_a_corrected_result_the_one_that_stands_is_told_apart(amina: Client, lilas: Place) -> None:
    """The sample corrects Inès's result and cancels Léandre's: whose cancellation it is can be read."""
    lilas.imports(SAMPLE.encode(), at=timezone.now())
    Screening.objects.filter(outcome="").update(outcome="amended")
    rows = amina.get("/", headers={"Accept-Language": "en"}).context["rows"]
    ines = [(row["results"][0]["text"], row["state"]) for row in rows if row["patient"] == "LUNEVILLE Inès"]
    assert sorted(ines) == [("negative", "replaced"), ("positive", "corrected")]
    assert [row["test"] for row in rows if row["patient"].startswith("FERRANTE")][-1] == "Cancellation"
