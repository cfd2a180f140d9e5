"""The end of retention: keys first, then rows, with a proof; and the log's months (drill 26)."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from tests.plugins.services import acting

from sceau.core.audit import retention, schema
from sceau.core.audit.models import Destruction, Entry, Expiry
from sceau.core.keyholder.service_verbs import Retire, Signature, Statement
from sceau.core.keyholder.shapes import Question
from sceau.registry.config.keyholder import keyholder
from sceau.registry.persons.models import Identity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 3, 17, tzinfo=UTC)
OF_NOBODY = {"month": "2026-11", "person_id": "0190c0de-0000-7000-8000-0000000000ff"}


class Destroys:
    """A keyholder that says these keys were destroyed."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names, self.asked = names, list[Question]()

    def ask(self, question: Question) -> object:
        self.asked.append(question)
        text = json.dumps({"destroyed": self.names, "on": "2026-11-23", "regime": "law"}).encode()
        return Statement(text, Signature("0011223344556677", bytes(64)))


def kept(nth: int, day: date) -> None:
    Identity.objects.create(report_id=f"0190c0de-0000-7000-8000-{nth:012}", day=day, department="75", sealed=b"x", **OF_NOBODY)


def test_the_rows_of_days_that_are_over_go_and_those_of_the_last_day_stay() -> None:
    last = TODAY - timedelta(days=31)
    for nth, day in enumerate((last - timedelta(days=1), last, TODAY)):
        kept(nth, day)
    keyholder = Destroys(["days/2026-10-22"])
    with acting("registry_worker"):
        ended = retention.run(keyholder, (Identity,), at=AT)
    assert keyholder.asked == [Retire(TODAY)]
    assert ended == (1, {"persons_identity": 1})
    assert set(Identity.objects.values_list("day", flat=True)) == {last, TODAY}
    assert json.loads(Destruction.objects.get().text)["destroyed"] == ["days/2026-10-22"]
    assert Entry.objects.get(event="retention-run").subject == "keys:1"


def test_what_an_interruption_left_goes_the_next_time() -> None:
    kept(0, TODAY - timedelta(days=40))
    assert retention.run(Destroys([]), (Identity,), at=AT) == (0, {"persons_identity": 1})
    assert retention.run(Destroys([]), (Identity,), at=AT) == (0, {"persons_identity": 0})
    assert Entry.objects.filter(event="retention-run").count() == 1


def months() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select relid::regclass::text from pg_partition_tree('audit_entry') where isleaf")
        return {name for (name,) in cursor.fetchall()}


def test_a_month_of_the_log_goes_after_a_year_and_says_so() -> None:
    for month in (date(2025, 10, 1), date(2025, 11, 1)):
        schema.make_ahead(month)
    assert {"audit_entry_2025_10", "audit_entry_2025_11"} <= months()
    gone = retention.end_log(keyholder(), at=AT)
    assert gone == ["audit_entry_2025_10"]
    assert "audit_entry_2025_11" in months()
    assert Expiry.objects.get().before == date(2025, 11, 1)
    assert retention.end_log(keyholder(), at=AT) == []
