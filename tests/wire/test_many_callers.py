"""More callers at the door at once than it has connections to its database: each is answered, none waits for another's."""

from datetime import UTC, datetime

from benchmarks.intake import Sender
from benchmarks.posting import post_all
from benchmarks.reports import invented_reports
from tests.wire.wire import Wire

CLIENTS, CALLS = 48, 480
READ_EARLY = 64 * 1024
"""Smaller bodies are read before it is known who calls; larger ones ask the database once more."""


def there_and_counted(wire: Wire) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Envelopes, reports in them and answers given: as they lie in the inbox, and as they were counted when they came."""
    sent = wire.ask("registry", "select count(*), sum(reports) from intake_inboxenvelope")
    counted = wire.ask("registry", "select sum(envelopes), sum(reports) from intake_sent")
    told = wire.ask("registry", "select sum(cardinality(outcomes)) from intake_inboxenvelope")
    answers = wire.ask("registry", "select sum(reports) from intake_answered where reason = '' and outcome <> 'turned-away'")
    return [*sent, *told], [*counted, *answers]


def settled(wire: Wire) -> None:
    wire.until(lambda: not wire.count("registry", "intake_inboxenvelope", "state = 'waiting'"), what="the intake")


def test_many_callers_with_small_and_large_bodies_are_all_answered(wire: Wire) -> None:
    """And counted once each, however often and wherever they came at once."""
    sender = Sender(wire.stage, number=7)
    reports = list(invented_reports(400, finess=sender.finess, at=datetime.now(UTC)))
    small, large = [sender.seal([one]).data for one in reports[:3]], sender.seal(reports).data
    assert len(large) > READ_EARLY > len(small[0])
    calls = ([large if nth % 4 == 0 else small[nth % 3]] for nth in range(CALLS))
    answered = post_all(sender.door(), calls, clients=CLIENTS, each=lambda: None)
    assert len(answered) == CALLS
    settled(wire)
    there, counted = there_and_counted(wire)
    assert there == counted
