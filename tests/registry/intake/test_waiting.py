"""While its keyholder cannot answer, the intake says why in the log, and comes again within seconds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from structlog.testing import capture_logs
from tests.registry.world import Sender, final

from sceau.core.keyholder import registry
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.registry.intake.job import INTAKE
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.jobs import intake as job


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own, which a job would close."""
    monkeypatch.setattr(job, "close_old_connections", lambda: None)


@pytest.fixture
def punctual(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyholder takes the moments of the law alone, not the tests'."""
    monkeypatch.setattr(registry, "SKEW", timedelta(minutes=5))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, punctual: None) -> list[timedelta]:
    """By how much this machine's clock is wrong; set its first."""
    wrong = [timedelta()]
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) + wrong[0])
    return wrong


class Refusing(RegistryClient):
    """A keyholder that refuses all."""

    def __init__(self, refusal: Refusal) -> None:
        self._refusal = refusal

    def ask(self, question: object) -> None:
        raise KeyholderError(self._refusal)


def run() -> list[str]:
    """The job, once; what it logged."""
    with capture_logs() as logged:
        job.intake()
    return [one["event"] for one in logged]


def taken() -> None:
    """The job that the arrival queued, as a worker takes it before it runs it."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where task_name = %s and status = 'todo'", [INTAKE])
        assert cursor.rowcount == 1


def due() -> list[datetime]:
    """When the intake comes again."""
    with connection.cursor() as cursor:
        cursor.execute("select scheduled_at from procrastinate_jobs where task_name = %s and status = 'todo'", [INTAKE])
        return [at for (at,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("refusal", "word"),
    [(Refusal.UNAVAILABLE, "start it, or make room"), (Refusal.CLOCK, "time server"), (Refusal.WRONG, "doctor")],
)
def test_it_says_why_and_comes_again_once(lilas: Sender, monkeypatch: pytest.MonkeyPatch, refusal: Refusal, word: str) -> None:
    lilas.arrive(final())
    taken()
    monkeypatch.setattr(job, "taking_in", lambda: Refusing(refusal))
    assert [word in told for told in [*run(), *run()]] == [True, True]
    (at,) = due()
    assert at < timezone.now() + timedelta(seconds=4)
    assert InboxEnvelope.objects.get().state == "waiting"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_with_a_clock_off_by_more_than_five_minutes_envelopes_wait_until_it_is_right(
    lilas: Sender, clock: list[timedelta], minutes: int
) -> None:
    lilas.arrive(final())
    clock[0] = timedelta(minutes=minutes)
    assert ["differ by more than five minutes" in told for told in run()] == [True]
    assert InboxEnvelope.objects.get().state == "waiting"
    clock[0] = timedelta(minutes=minutes / 2)
    assert run() == []
    assert InboxEnvelope.objects.get().state == "done"
