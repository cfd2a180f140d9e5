"""The counters of what was sent and answered: kept for two years, and what the inbox makes them, which whoever looks can see."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from tests.plugins.services import acting
from tests.registry.world import Sender, arrive, final

from sceau.core.audit.checks import CHECKS
from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.intake import counting
from sceau.registry.intake.actions import take_in
from sceau.registry.intake.counting import KEPT, Answer, count, turned_away
from sceau.registry.intake.models import Answered, Sent
from sceau.registry.jobs import retention

AT = timezone.now()
DAY = counting.day_of(AT)


def superuser(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def faults(keys: RegistryClient) -> list[str]:
    with acting("registry_worker"):
        return list(CHECKS["counters"].faults(keys, lambda done: None))


def days() -> set[date]:
    return {*Sent.objects.values_list("day", flat=True), *Answered.objects.values_list("day", flat=True)}


@pytest.fixture
def sent(lilas: Sender, keys: RegistryClient) -> Sender:
    """Three reports answered, and one that waits."""
    for reports in ([final(), final()], [b"{}"]):
        arrive(lilas.envelope(*reports), at=AT)
    take_in(keys, limit=10, at=AT)
    arrive(lilas.envelope(final()), at=AT)
    return lilas


def test_counted_anew_they_are_what_the_inbox_makes_them(sent: Sender, keys: RegistryClient) -> None:
    turned_away(sent.software, rows=3, reasons={"missing": 3}, at=AT)
    assert faults(keys) == []


EDITS = {
    "update intake_sent set reports = 1": "1 reports sent are counted of {day}, and the inbox has 4",
    "delete from intake_sent": "0 reports sent are counted of {day}, and the inbox has 4",
    "update intake_answered set reports = 9 where outcome = 'recorded' and reason = ''": "9 reports recorded are counted",
    "delete from intake_inboxenvelope where state = 'waiting'": "4 reports sent are counted of {day}, and the inbox has 3",
    "update intake_inboxenvelope set reports = 9 where state = 'waiting'": "and the inbox has 12",
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_either_is_named(sent: Sender, keys: RegistryClient, edit: str) -> None:
    superuser(edit)
    (fault,) = faults(keys)
    assert fault.startswith(f"software:{sent.software}: ")
    assert EDITS[edit].format(day=DAY) in fault


def test_after_two_years_they_are_compared_no_more(sent: Sender, keys: RegistryClient, monkeypatch: pytest.MonkeyPatch) -> None:
    superuser("delete from intake_sent")
    for more, named in ((timedelta(0), 1), (timedelta(days=1), 0)):
        monkeypatch.setattr("sceau.registry.intake.checks.timezone.now", lambda more=more: AT + KEPT + more)
        assert len(faults(keys)) == named


def test_a_day_goes_after_two_years_once_all_of_it_is_answered(lilas: Sender, keys: RegistryClient) -> None:
    arrive(lilas.envelope(final()), at=AT)
    turned_away(UUID(int=7), rows=1, reasons={}, at=AT)
    with acting("registry_worker"):
        assert counting.end(before=DAY) == {"intake_sent": 0, "intake_answered": 0}
        assert counting.end(before=DAY + timedelta(days=1)) == {"intake_sent": 0, "intake_answered": 1}
    take_in(keys, limit=10, at=AT)
    with acting("registry_worker"):
        assert counting.end(before=DAY) == {"intake_sent": 0, "intake_answered": 0}
        assert counting.end(before=DAY + timedelta(days=1)) == {"intake_sent": 1, "intake_answered": 1}
    assert not days()


def test_the_job_ends_them_with_the_rest(db: None) -> None:
    last = counting.day_of(timezone.now() - KEPT)
    for day in (last - timedelta(days=1), last):
        count({Answer(UUID(int=7), day, "turned-away"): 1})
    with acting("registry_worker"):
        assert retention.run().rows["intake_answered"] == 1
    assert days() == {last}
