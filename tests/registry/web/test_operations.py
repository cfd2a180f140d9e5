"""The operator's page: who sends what, why it is refused, what waits and what is set aside, in numbers; and the replay from there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting
from tests.registry.doors.plain import TABLE, registered
from tests.registry.intake.test_take_in import FailsOn
from tests.registry.world import LILAS, Publisher, Sender, arrive, farid, final, gaelle, key_list, owner, send, signed_in

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.audit.models import Entry
from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.intake import operators
from sceau.registry.intake.actions import take_in
from sceau.registry.intake.job import INTAKE, REPLAY
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.jobs import replay as job
from sceau.registry.submissions.actions import submit

QUERIES = 14
_FAILED = """
insert into procrastinate_jobs (queue_name, task_name, status, args) values ('default', 'registry.notices', 'failed', '{}')
"""
PAGE, REPLAYED = "/operations/", "/operations/replay"


def nadia() -> User:
    """Who keeps the registry running."""
    user = accounts.create(email="nadia@registry.example", name="Nadia").user
    operators.appoint(user, by="operator", at=timezone.now())
    return user


@pytest.fixture
def hers(db: None) -> Client:
    return signed_in(nadia())


@pytest.fixture
def poison(lilas: Sender, keys: RegistryClient) -> FailsOn:
    """A keyholder that fails on an envelope, which the intake has set aside."""
    data = lilas.envelope(final(), final())
    arrive(data, at=timezone.now())
    broken = FailsOn(keys, data)
    take_in(broken, limit=10, at=timezone.now())
    return broken


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own, which a job would close."""
    monkeypatch.setattr(job, "close_old_connections", lambda: None)


def seen(client: Client, query: str = "") -> Any:
    with acting("registry_web"):
        return client.get(PAGE + query).context


def queued(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = %s and status = 'todo'", [name])
        return int(cursor.fetchone()[0])


def test_what_was_sent_by_whom_and_what_became_of_it(hers: Client, lilas: Sender, keys: RegistryClient) -> None:
    one, now = final(), timezone.now()
    for sealed in (lilas.envelope(one, b"{}"), lilas.envelope(one)):
        arrive(sealed, at=now)
    take_in(keys, limit=10, at=now)
    arrive(lilas.envelope(final(), final()), at=now)
    page = seen(hers)
    [row] = page["senders"]
    counted = [value for _, value in row["counted"]]
    assert (row["sums"].sealed, row["sums"].plain, counted, row["sums"].open) == (5, 0, [1, 1, 0, 0, 1], 2)
    assert page["queue"].waiting == 2
    assert [(told["reason"], told["times"]) for told in page["reasons"]] == [("not-a-bundle", 1)]


def test_rows_that_a_plain_door_turned_away_are_counted_with_why(hers: Client, publisher: Publisher) -> None:
    sender = registered(publisher, LILAS)
    with acting("registry_doors"):
        submit(TABLE, form="csv", sender=sender, registry=key_list(), at=timezone.now())
    page = seen(hers)
    [row] = page["senders"]
    assert (row["sums"].sealed, row["sums"].plain, row["counted"][-1][1], row["sums"].sent) == (0, 18, 2, 20)
    assert sum(told["times"] for told in page["reasons"]) >= 2


def test_envelopes_that_the_sealed_door_refused_are_counted_with_why(
    hers: Client, client: Client, publisher: Publisher, lilas: Sender
) -> None:
    """They were never taken: no report of them counts as sent."""
    forged = lilas.envelope(final())[:-1] + b"x"
    with acting("registry_web"):
        post = publisher.poster(client)
        assert send(post, [lilas.envelope(final()), forged]).status_code == 200
        assert send(post, [forged]).status_code == 200
    page = seen(hers)
    assert [(told["reason"], told["times"]) for told in page["reasons"]] == [("bad-envelope", 2)]
    [row] = page["senders"]
    assert (row["sums"].sent, row["sums"].open) == (1, 1)


def test_where_nothing_was_refused_the_door_asks_nothing_more(client: Client, publisher: Publisher, lilas: Sender) -> None:
    """Statements as they are written: of those that are prepared the driver does not tell the text."""
    post, asked = publisher.poster(client), list[str]()

    def noted(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(noted):
        send(post, [lilas.envelope(final())])
        assert any("intake_sent" in one for one in asked)
        assert not any("intake_answered" in one for one in asked)
        send(post, [lilas.envelope(final())[:-1] + b"x"])
        assert any("intake_answered" in one for one in asked)


def test_a_sender_that_fell_silent_is_seen_too(hers: Client, publisher: Publisher) -> None:
    [row] = seen(hers)["senders"]
    assert (row["software"], row["sums"].sent) == (publisher.software, 0)


def test_the_period_is_chosen_and_no_other_than_those_offered(hers: Client, lilas: Sender) -> None:
    arrive(lilas.envelope(final()), at=timezone.now() - timedelta(days=6))
    sent = {query: seen(hers, query)["senders"][0]["sums"].sent for query in ("", "?days=7", "?days=9999", "?days=x")}
    assert sent == {"": 0, "?days=7": 1, "?days=9999": 0, "?days=x": 0}


def test_the_queue_is_counted_whatever_was_answered_or_set_aside_before(hers: Client, lilas: Sender, poison: FailsOn) -> None:
    now = timezone.now()
    arrive(lilas.envelope(final(), final(), final()), at=now - timedelta(minutes=3))
    arrive(lilas.envelope(final()), at=now)
    page = seen(hers)
    assert page["queue"].waiting == 4
    assert timedelta(minutes=3) <= page["queue"].age < timedelta(minutes=4)
    assert (page["aside"].envelopes, page["aside"].reports, page["aside"].again) == (1, 2, 0)


def test_nothing_waits(hers: Client, publisher: Publisher) -> None:
    page = seen(hers)
    assert (page["queue"], page["aside"].envelopes) == ((0, None), 0)


def test_a_replay_is_told_to_the_log_and_the_worker_takes_in_again_what_can_be(
    hers: Client, keys: RegistryClient, poison: FailsOn
) -> None:
    with acting("registry_web"):
        told = hers.post(REPLAYED, follow=True)
    assert "1 " in str(next(iter(told.context["messages"])))
    entry = Entry.objects.get(event="replay-asked")
    assert (entry.by, entry.subject) == (f"user:{hers.session['_auth_user_id']}", "envelopes:1")
    assert queued(REPLAY) == 1
    with acting("registry_worker"):
        job.replay()
        assert queued(INTAKE) == 1
        take_in(keys, limit=10, at=timezone.now())
    assert InboxEnvelope.objects.get().outcomes == ["recorded", "recorded"]
    assert seen(hers)["senders"][0]["sums"].open == 0


def test_what_fails_again_comes_back_with_how_often_it_did(hers: Client, poison: FailsOn) -> None:
    for _ in range(2):
        hers.post(REPLAYED)
        job.replay()
        take_in(poison, limit=10, at=timezone.now())
    aside = seen(hers)["aside"]
    assert (aside.envelopes, aside.again, aside.most) == (1, 1, 3)


def test_where_nothing_is_set_aside_nothing_is_done(hers: Client) -> None:
    assert hers.post(REPLAYED).status_code == 302
    assert (queued(REPLAY), Entry.objects.filter(event="replay-asked").count()) == (0, 0)


def test_an_open_browser_left_alone_replays_nothing(hers: Client, poison: FailsOn) -> None:
    session = hers.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    assert "/accounts/reauthenticate/" in hers.post(REPLAYED).headers["Location"]
    assert queued(REPLAY) == 0


def test_the_authority_sees_the_same_without_the_deed(poison: FailsOn) -> None:
    his = signed_in(farid())
    page = seen(his)
    assert (page["aside"].envelopes, page["may_replay"]) == (1, False)
    assert REPLAYED not in his.get(PAGE).content.decode()
    assert his.post(REPLAYED).status_code == 403
    assert queued(REPLAY) == 0


WHO: dict[str, Callable[[], User]] = {
    "staff": lambda: accounts.create(email="s@registry.example", name="S").user,
    "publisher": gaelle,
    "owner": lambda: owner(LILAS, "bruno@example.org"),
}


@pytest.mark.parametrize("who", WHO)
def test_nobody_else_is_let_in(db: None, who: str) -> None:
    client = signed_in(WHO[who]())
    assert [client.get(PAGE).status_code, client.post(REPLAYED).status_code] == [403, 403]


def test_the_operator_decides_on_no_software(hers: Client, publisher: Publisher) -> None:
    assert [hers.get(page).status_code for page in ("/approvals/", "/products/", "/cases/")] == [403, 403, 403]
    assert hers.get("/").status_code == 200


def test_a_job_that_failed_is_named(hers: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FAILED)
    assert [(row["task_name"], row["times"]) for row in seen(hers)["jobs"]] == [("registry.notices", 1)]


def test_the_page_names_no_person_no_pharmacy_and_no_report(hers: Client, lilas: Sender, poison: FailsOn) -> None:
    report = final()
    arrive(lilas.envelope(report), at=timezone.now())
    page = hers.get(PAGE).content.decode()
    assert not any(word in page for word in ("LUNEVILLE", "Hugo", LILAS, str(report.id)))


@pytest.mark.parametrize("count", [1, 5])
def test_it_asks_the_database_as_often_however_much_there_is(
    hers: Client, lilas: Sender, keys: RegistryClient, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for nth in range(count):
        Publisher.approved(f"Logiciel {nth}")
        arrive(lilas.envelope(final()), at=timezone.now())
    with django_assert_max_num_queries(QUERIES):
        hers.get(PAGE)


def test_a_view_reads_no_envelope_that_was_answered(hers: Client, lilas: Sender, keys: RegistryClient) -> None:
    """However long the inbox: every question about it goes through an index of what waits, is set aside or was refused."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        for state, index in (("waiting", "inbox_waiting"), ("set-aside", "inbox_aside")):
            cursor.execute(f"explain select min(received_at), sum(reports) from intake_inboxenvelope where state = '{state}'")  # noqa: S608
            assert index in " ".join(row[0] for row in cursor.fetchall())
