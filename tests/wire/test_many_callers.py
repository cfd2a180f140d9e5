"""More callers at the door at once than it has connections to its database: each is answered, none waits for another's."""

from datetime import UTC, datetime

from benchmarks.intake import Sender
from benchmarks.posting import post_all
from benchmarks.reports import invented_reports
from tests.wire.wire import Wire

CLIENTS, CALLS = 48, 480
READ_EARLY = 64 * 1024
"""Smaller bodies are read before it is known who calls; larger ones ask the database once more."""


def test_many_callers_with_small_and_large_bodies_are_all_answered(wire: Wire) -> None:
    sender = Sender(wire.stage, number=7)
    reports = list(invented_reports(400, finess=sender.finess, at=datetime.now(UTC)))
    small, large = [sender.seal([one]).data for one in reports[:3]], sender.seal(reports).data
    assert len(large) > READ_EARLY > len(small[0])
    calls = ([large if nth % 4 == 0 else small[nth % 3]] for nth in range(CALLS))
    answered = post_all(sender.door(), calls, clients=CLIENTS, each=lambda: None)
    assert len(answered) == CALLS
    wire.until(lambda: not wire.count("registry", "intake_inboxenvelope", "state = 'waiting'"), what="the intake")
