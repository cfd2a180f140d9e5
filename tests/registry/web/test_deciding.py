"""Farid's pages: what waits, the decision with its reason, and what the doors and the list make of it at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting
from tests.registry.world import FARID, LILAS, Publisher, Sender, farid, final, gaelle, owner, send, shown, signed_in

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.audit.models import Entry
from sceau.registry.approvals import suspicions
from sceau.registry.approvals.models import Decision, Software, Suspicion
from sceau.registry.approvals.suspicions import Told

QUERIES = 12


@pytest.fixture
def his(db: None) -> Client:
    return signed_in(farid())


@pytest.fixture
def asked(publisher: Publisher) -> Software:
    """Software that waits for him."""
    Software.objects.update(state="submitted")
    shown(publisher.software)
    return publisher.software


def approve(client: Client, software: Software, **scope: Any) -> Any:
    return client.post(f"/approvals/{software.pk}/approve", {"formats": ["sealed"], "reason": "conforme"} | scope)


def decide(client: Client, software: Software, act: str, reason: str = "perd des résultats") -> Any:
    return client.post(f"/approvals/{software.pk}/decide/{act}", {"reason": reason})


def test_he_approves_within_a_scope(his: Client, asked: Software) -> None:
    scope = {"formats": ["sealed", "fhir"], "diseases": ["covid-19"], "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    with acting("registry_web"):
        assert approve(his, asked, **scope).status_code == 302
    now = Software.objects.get()
    assert (now.state, now.formats, now.diseases) == ("approved", ["fhir", "sealed"], ["covid-19"])
    assert (now.starts_on, now.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    decision = Decision.objects.order_by("-id")[0]
    assert (decision.by, decision.reason, decision.evidence) == (FARID, "conforme", asked.evidence.get())
    assert Entry.objects.filter(event="software-decided", by=f"user:{his.session['_auth_user_id']}").count() == 1


@pytest.mark.parametrize(
    "scope",
    [
        {"formats": []},
        {"formats": ["smoke"]},
        {"diseases": ["plague"]},
        {"starts_on": "2026-02-01", "ends_on": "2026-01-01"},
        {"ends_on": "bientôt"},
        {"reason": ""},
    ],
)
def test_a_scope_that_means_nothing_or_no_reason_changes_nothing(his: Client, asked: Software, scope: dict[str, Any]) -> None:
    assert approve(his, asked, **scope).status_code == 422
    assert Software.objects.get().state == "submitted"


def test_a_suspension_holds_at_the_very_next_request(his: Client, client: Client, publisher: Publisher, lilas: Sender) -> None:
    post = publisher.poster(client)
    assert send(post, [lilas.envelope(final())]).status_code == 200
    with acting("registry_web"):
        decide(his, publisher.software, "suspend")
    told = send(post, [lilas.envelope(final())])
    assert (told.status_code, told.json()["detail"]) == (403, "perd des résultats")


QUOTA = {"reports_a_minute": "5", "reports_a_day": "50", "bytes_a_minute": "5000000", "bytes_a_day": "50000000"}


def limit(client: Client, software: Software, **quota: str) -> Any:
    return client.post(f"/approvals/{software.pk}/quota", QUOTA | quota)


def test_he_says_how_much_it_may_send(his: Client, publisher: Publisher) -> None:
    with acting("registry_web"):
        assert limit(his, publisher.software).status_code == 302
    assert Software.objects.get().quota == (5, 50, 5_000_000, 50_000_000)
    assert 'value="50000000"' in his.get(f"/approvals/{publisher.software.pk}/").content.decode()
    assert Entry.objects.get(event="software-quota-set").by == f"user:{his.session['_auth_user_id']}"


@pytest.mark.parametrize("quota", [{"reports_a_day": "0"}, {"bytes_a_day": ""}, {"bytes_a_minute": "1" * 20}])
def test_a_quota_that_means_nothing_changes_nothing(his: Client, publisher: Publisher, quota: dict[str, str]) -> None:
    before = publisher.software.quota
    assert limit(his, publisher.software, **quota).status_code == 422
    assert Software.objects.get().quota == before


@pytest.mark.parametrize("who", [gaelle, lambda: owner(LILAS, "bruno@example.org")])
def test_nobody_else_says_how_much(publisher: Publisher, who: Callable[[], User]) -> None:
    assert limit(signed_in(who()), publisher.software).status_code == 403


@pytest.mark.parametrize(("act", "state"), [("suspend", "suspended"), ("withdraw", "withdrawn"), ("refuse", "approved")])
def test_what_can_be_done_from_where_it_stands(his: Client, publisher: Publisher, act: str, state: str) -> None:
    assert decide(his, publisher.software, act).status_code == 302
    assert Software.objects.get().state == state


@pytest.mark.parametrize("act", ["approve", "submit", "take-back", "x"])
def test_no_other_act_has_an_address(his: Client, asked: Software, act: str) -> None:
    assert decide(his, asked, act).status_code == 404


@pytest.mark.parametrize("act", ["refuse", "suspend", "withdraw"])
def test_nothing_is_decided_without_a_reason(his: Client, publisher: Publisher, act: str) -> None:
    decide(his, publisher.software, act, reason=" ")
    assert Software.objects.get().state == "approved"


def test_an_open_browser_left_alone_decides_nothing(his: Client, publisher: Publisher) -> None:
    session = his.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    for answer in (decide(his, publisher.software, "suspend"), approve(his, publisher.software, ends_on="2020-01-01")):
        assert "/accounts/reauthenticate/" in answer.headers["Location"]
    assert Software.objects.get().state == "approved"
    assert Software.objects.get().ends_on is None


def test_what_a_publisher_has_not_shown_is_not_there(his: Client, asked: Software) -> None:
    Software.objects.update(state="draft")
    assert his.get(f"/approvals/{asked.pk}/").status_code == 404
    assert str(asked.pk) not in his.get("/approvals/").content.decode()


@pytest.mark.parametrize("who", ["staff", "publisher", "owner"])
def test_nobody_but_the_authority_is_let_in(publisher: Publisher, who: str) -> None:
    """The near miss: staff of the registry, signed in with a second factor, whom nobody appointed."""
    made: dict[str, Callable[[], User]] = {
        "staff": lambda: accounts.create(email="s@registry.example", name="S").user,
        "publisher": gaelle,
        "owner": lambda: owner(LILAS, "bruno@example.org"),
    }
    client = signed_in(made[who]())
    pages = [client.get(one).status_code for one in ("/approvals/", f"/approvals/{publisher.software.pk}/")]
    acts = [decide(client, publisher.software, "suspend").status_code, approve(client, publisher.software).status_code]
    assert pages + acts == [403] * 4
    assert Software.objects.get().state == "approved"


def test_a_report_is_sealed_as_it_comes_in_read_by_the_authority_and_gone_once_closed(his: Client) -> None:
    row = suspicions.report(Told("Francetest", "vu sur une affiche", "amina@lilas.example"), at=timezone.now())
    assert b"Francetest" not in bytes(Suspicion.objects.get().sealed)
    with acting("registry_web"):
        page = his.get("/approvals/").content.decode()
        assert "Francetest" in page
        assert "amina@lilas.example" in page
        his.post(f"/approvals/suspicions/{row.pk}/close")
    assert "Francetest" not in his.get("/approvals/").content.decode()
    assert bytes(Suspicion.objects.get().sealed) == b""
    assert {one.event for one in Entry.objects.filter(subject=f"suspicion:{row.pk}")} == {
        "suspicion-reported",
        "suspicion-closed",
    }


def test_his_pages_ask_the_database_as_often_however_many_there_are(
    his: Client, asked: Software, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        Publisher.approved(f"Another {number}")
        for page in ("/approvals/", f"/approvals/{asked.pk}/"):
            with django_assert_max_num_queries(QUERIES):
                assert his.get(page).status_code == 200
