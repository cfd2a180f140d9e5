"""When a day is over its facts go on being counted and are nobody's: no report id, no lineage, in no table; and the log balances."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from msgspec.structs import replace
from tests.plugins.services import acting
from tests.registry.world import AT, Sender, cancelled, corrected, final, hugo

from sceau.core.audit.checks import CHECKS
from sceau.core.audit.models import Entry
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.shapes import Question
from sceau.core.report.model import Consent, Finding, Screening, ScreeningReport
from sceau.registry.cases import actions as cases
from sceau.registry.cases.models import Case
from sceau.registry.intake.actions import take_in
from sceau.registry.jobs import retention as job
from sceau.registry.results import retention
from sceau.registry.results.models import Fact, Report, Tally

FIRST, SECOND = date(2023, 2, 27), date(2023, 3, 1)
PARTS = tuple(Finding(Loinc(part), Result.NOT_DETECTED) for part in ("97097-0", "80383-3", "80382-5"))
POSITIVE = hugo(result=Result.DETECTED)


def on(day: date, screening: Screening) -> Screening:
    taken = datetime(day.year, day.month, day.day, 9, tzinfo=AT.tzinfo)
    return replace(screening, specimen=replace(screening.specimen, taken_at=taken))


def arrived(lilas: Sender, keys: RegistryClient, *reports: ScreeningReport) -> list[ScreeningReport]:
    lilas.arrive(*reports)
    take_in(keys, limit=10, at=AT)
    return list(reports)


def ended(keys: RegistryClient, over: Callable[[date], bool]) -> dict[str, int]:
    with acting("registry_worker"), transaction.atomic():
        return retention.end(over, keyholder=keys, at=AT + timedelta(days=100)) | cases.part()


def through(last: date) -> Callable[[date], bool]:
    return lambda day: day <= last


def faults(keys: RegistryClient) -> list[str]:
    return [fault for name in ("facts", "standings", "tallies") for fault in CHECKS[name].faults(keys, lambda done: None)]


def tallied() -> list[tuple[date, str, int, int]]:
    return list(Tally.objects.order_by("taken_on", "disease").values_list("taken_on", "disease", "tests", "reports"))


def everywhere(report: UUID) -> list[str]:
    """The tables in which a report's id still lies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"select count(*) from {table} t where t::text like %s", [f"%{report}%"])  # noqa: S608 - names of tables
            found += [table] * bool(cursor.fetchone()[0])
    return found


def test_the_day_that_is_over_is_tallied_and_the_next_stays(lilas: Sender, keys: RegistryClient) -> None:
    old, new = arrived(lilas, keys, final(on(FIRST, POSITIVE)), final(on(SECOND, POSITIVE)))
    assert ended(keys, through(FIRST)) == {"results_report": 1, "cases_case": 1}
    assert tallied() == [(FIRST, "covid-19", 1, 1)]
    assert set(everywhere(old.id)) <= {"persons_identity"}  # whose rows the same run deletes, with their key
    assert set(everywhere(new.id)) >= {"results_report", "results_fact", "cases_case"}
    assert [(one.report_id, one.department, one.state) for one in Case.objects.order_by("report_id")] == [
        (new.id, "75", "open"),
        (None, "75", "open"),
    ]
    assert faults(keys) == []


def test_what_is_alike_is_added_up_a_panel_is_one_report_and_a_refused_consent_goes_by_the_same_day(
    lilas: Sender, keys: RegistryClient
) -> None:
    panel = on(FIRST, replace(hugo(), loinc=Loinc("97099-6"), findings=PARTS))
    arrived(lilas, keys, final(on(FIRST, POSITIVE)), final(panel))
    assert ended(keys, through(FIRST))["results_report"] == 2
    arrived(lilas, keys, final(on(FIRST, POSITIVE)), final(on(FIRST, hugo(result=Result.DETECTED, consent=Consent.REFUSED))))
    assert ended(keys, through(FIRST))["results_report"] == 2
    assert sum(reports for *_, reports in tallied()) == 4
    assert sorted(tests for *_, tests, _ in tallied()) == [1, 1, 1, 3]
    assert faults(keys) == []
    assert ended(keys, through(FIRST)) == {"results_report": 0, "cases_case": 0}


def test_a_lineage_goes_whole_when_its_last_day_is_over(lilas: Sender, keys: RegistryClient) -> None:
    original = final(on(FIRST, POSITIVE))
    arrived(lilas, keys, original, corrected(original, on(FIRST, hugo())), final(on(FIRST, POSITIVE)))
    arrived(lilas, keys, cancelled(original))  # of the day on which it came
    assert ended(keys, through(FIRST))["results_report"] == 1
    assert faults(keys) == []
    assert ended(keys, through(AT.date()))["results_report"] == 3
    assert dict(Tally.objects.values_list("standing", "tests")).keys() <= {"current", "cancelled", "superseded"}
    assert (Report.objects.count(), Fact.objects.count(), faults(keys)) == (0, 0, [])


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        ("update results_tally set tests = tests + 1", "tally:2023-02: changed"),
        ("delete from results_tally", "tally:2023-02: 1 deleted"),
        ("update results_tally set taken_on = taken_on + 30", "tally:2023-03: 1 inserted"),
    ],
)
def test_a_tally_that_somebody_edits_is_named(lilas: Sender, keys: RegistryClient, act: str, fault: str) -> None:
    arrived(lilas, keys, final(on(FIRST, POSITIVE)))
    ended(keys, through(FIRST))
    with connection.cursor() as cursor:
        cursor.execute(act)
    assert any(fault in one for one in faults(keys)), faults(keys)


@pytest.mark.parametrize("edit", [True, False])
def test_what_was_edited_before_is_disputed_for_good(lilas: Sender, keys: RegistryClient, edit: bool) -> None:
    arrived(lilas, keys, final(on(FIRST, POSITIVE)))
    if edit:
        Fact.objects.update(result=Result.NOT_DETECTED)
    ended(keys, through(FIRST))
    assert Entry.objects.filter(event="facts-disputed").count() == edit
    assert [("was not as the log says" in fault) for fault in faults(keys)] == [True] * edit


def test_the_daily_run_ends_all_of_it_at_once(lilas: Sender, keys: RegistryClient) -> None:
    (old,) = arrived(lilas, keys, final(on(FIRST, POSITIVE)))
    with acting("registry_worker"):
        rows = job.run().rows
    ended = {"persons_identity": 1, "results_report": 1, "cases_case": 1, "intake_sent": 1, "intake_answered": 1}
    assert {table: gone for table, gone in rows.items() if gone} == ended
    assert everywhere(old.id) == []
    assert faults(keys) == []


def test_when_the_keyholder_attests_nothing_no_report_goes(lilas: Sender, keys: RegistryClient) -> None:
    arrived(lilas, keys, final(on(FIRST, POSITIVE)))
    with pytest.raises(KeyholderError), transaction.atomic():
        retention.end(through(FIRST), keyholder=Away(), at=AT)
    assert (Report.objects.count(), Fact.objects.count(), Tally.objects.count()) == (1, 1, 0)


class Away:
    def ask(self, question: Question) -> object:
        raise KeyholderError(Refusal.UNAVAILABLE)
