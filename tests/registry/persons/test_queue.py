"""How many doubts wait and since when: on the page of those who settle them, and in `sceau doctor` when nobody keeps up."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.plugins.services import acting

from sceau.registry.persons import queue
from sceau.registry.persons.models import Doubt, DoubtState

pytestmark = pytest.mark.django_db
NOW = timezone.now()
AGO = timedelta(days=1)


def opened(at: datetime, state: DoubtState = DoubtState.OPEN) -> None:
    day, settled = date(2026, 11, 20), None if state == DoubtState.OPEN else at
    Doubt.objects.create(
        report_id=uuid4(), other_id=uuid4(), day=day, department="69", opened_at=at, state=state, decided_at=settled
    )


def test_the_queue_has_a_depth_an_age_and_a_pace() -> None:
    assert queue.waiting(Doubt.objects.all(), at=NOW) == (0, None, 0)
    for days, state in ((5, DoubtState.SAME), (3, DoubtState.OPEN), (0.5, DoubtState.OPEN), (0.5, DoubtState.DIFFERENT)):
        opened(NOW - days * AGO, state)
    assert queue.waiting(Doubt.objects.all(), at=NOW) == (2, NOW - 3 * AGO, 2)


def test_doctor_names_a_queue_that_nobody_settles_and_no_other() -> None:
    opened(NOW - 6 * AGO)
    opened(NOW - 30 * AGO, DoubtState.SAME)
    assert list(queue.findings()) == []
    opened(NOW - 8 * AGO)
    with acting("registry_web"):
        (found,) = queue.findings()
    assert found.what.startswith("2 doubts about who is who wait, the oldest since ")


def test_doctor_names_a_queue_that_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MANY", 2)
    for _ in range(2):
        opened(NOW)
    assert list(queue.findings()) == []
    opened(NOW)
    assert [one.danger for one in queue.findings()] == [5]
