"""Gaëlle reconciles: what her product sent, day by day, and where it was refused; on a page and as data, of her own products alone."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting
from tests.registry.doors.plain import TABLE, outcomes, registered
from tests.registry.world import LILAS, Publisher, Sender, arrive, final, key_list

from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.scope import Scope
from sceau.registry.intake import reconciling
from sceau.registry.intake.actions import take_in
from sceau.registry.submissions.actions import submit

QUERIES = 10


@pytest.fixture
def publisher(db: None) -> Publisher:
    return Publisher.approved("Sceau Comptoir", Scope(tuple(Format)))


@pytest.fixture
def sent(lilas: Sender, publisher: Publisher, keys: RegistryClient) -> None:
    """Yesterday two reports in an envelope, one of them refused; today a table of twenty rows, two of them turned away."""
    arrive(lilas.envelope(final(), b"{}"), at=timezone.now() - timedelta(days=1))
    submit(TABLE, form="csv", sender=registered(publisher, LILAS), registry=key_list(), at=timezone.now())
    outcomes(keys)
    arrive(lilas.envelope(final()), at=timezone.now())


def look(her: Client, publisher: Publisher, what: str = "") -> Any:
    with acting("registry_web"):
        return her.get(f"/products/{publisher.software.pk}/sent/{what}")


def test_what_was_sent_adds_up_day_by_day(her: Client, publisher: Publisher, sent: None) -> None:
    days = look(her, publisher).context["days"]
    today, yesterday = (row["sums"] for row in days)
    assert (today.sent, today.sealed, today.plain, today.outcomes["turned-away"], today.open) == (21, 1, 18, 2, 1)
    assert (yesterday.sent, yesterday.outcomes["recorded"], yesterday.outcomes["refused"], yesterday.open) == (2, 1, 1, 0)


def test_each_refused_row_is_named_by_where_it_was_sent(her: Client, publisher: Publisher, sent: None) -> None:
    table, envelope = look(her, publisher).context["refused"]
    assert (table.form, len(table.rows), table.of) == ("csv", 2, 20)
    assert (envelope.form, envelope.rows, envelope.of) == ("sealed", [2], 2)


def test_the_same_as_data(her: Client, publisher: Publisher, sent: None) -> None:
    days = list(csv.DictReader(io.StringIO(look(her, publisher, "days.csv").content.decode())))
    assert [(row["sent"], row["turned-away"], row["open"]) for row in days] == [("21", "2", "1"), ("2", "0", "0")]
    rows = list(csv.DictReader(io.StringIO(look(her, publisher, "refused.csv").content.decode())))
    assert sorted((row["form"], row["row"] != "") for row in rows) == [("csv", True), ("csv", True), ("sealed", True)]
    told = json.loads(look(her, publisher, "sent.json").content)
    assert [len(told[part]) for part in ("days", "refused")] == [2, 2]
    assert told["reasons"]


def test_no_other_file_is_there(her: Client, publisher: Publisher) -> None:
    assert look(her, publisher, "persons.csv").status_code == 404


def test_an_empty_month_says_so(her: Client, publisher: Publisher) -> None:
    page = look(her, publisher)
    assert (page.context["days"], page.context["refused"], page.context["reasons"]) == ([], [], [])


def test_nothing_of_it_names_a_person_or_a_pharmacy(her: Client, publisher: Publisher, sent: None) -> None:
    pages = [look(her, publisher, what).content.decode() for what in ("", "days.csv", "refused.csv", "sent.json")]
    assert not any(word in page for page in pages for word in ("LUNEVILLE", "Luneville", "EXEMPLE", LILAS))


def test_it_asks_as_often_however_much_was_sent(
    her: Client, publisher: Publisher, lilas: Sender, keys: RegistryClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        arrive(lilas.envelope(final(), b"{}"), at=timezone.now())
        take_in(keys, limit=10, at=timezone.now())
        with django_assert_max_num_queries(QUERIES):
            her.get(f"/products/{publisher.software.pk}/sent/")


_TURNED_AWAY = "select 1 from submissions_submission where software_id = %s and not (refused = '{}') order by id desc limit %s"


@pytest.mark.parametrize(
    ("question", "index"), [(reconciling._REFUSED, "inbox_refused"), (_TURNED_AWAY, "submission_turned_away")]
)
def test_refusals_are_found_through_an_index_of_refusals(db: None, question: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain " + question, ["0190c0de-0000-7000-8000-000000000001", 1])
        assert index in " ".join(row[0] for row in cursor.fetchall())
