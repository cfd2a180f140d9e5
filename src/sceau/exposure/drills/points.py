"""The commit points on the way of a result, from the file that a pharmacy gives to the acknowledgement that its counter writes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """`process` commits a row of `table` (in `service`'s database) that is as `when` says; `committed`: what becomes of it."""

    name: str
    process: str
    service: str
    table: str
    when: str = "true"
    committed: bool = False
    rows: int = 30

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it is, whatever becomes of it."""
        return self.service, self.table, self.when


_CLAIMED = "new.state = 'waiting' and new.next_attempt_at > new.created_at and new.attempts = 0"
RELAY_BEGUN = "new.status = 'doing' and new.task_name = 'counter.relay'"

POINTS = (
    Point("import: rows sealed, nothing committed", "import", "counter", "screenings_screening"),
    Point("import: committed, nobody told", "import", "counter", "relay_envelope", committed=True),
    Point("import: first batch committed, second not", "import", "counter", "imports_import", "new.rows_done > 500", rows=510),
    Point("import: done, nobody told", "import", "counter", "imports_import", "new.state = 'done'", committed=True),
    Point("relay: job taken, not begun", "counter-worker", "counter", "procrastinate_jobs", RELAY_BEGUN, committed=True),
    Point("relay: claimed, not posted", "counter-worker", "counter", "relay_envelope", _CLAIMED, committed=True),
    Point("relay: posted, receipt not written", "counter-worker", "counter", "relay_envelope", "new.state = 'received'"),
    Point("relay: acknowledged, not committed", "counter-worker", "counter", "relay_envelope", "new.state = 'acknowledged'"),
    Point("door: inbox row not committed", "registry-web", "registry", "intake_inboxenvelope"),
    Point("door: committed, receipt not sent", "registry-web", "registry", "intake_inboxenvelope", committed=True),
    Point("intake: facts written, acknowledgement not committed", "registry-worker", "registry", "results_report"),
    Point(
        "intake: acknowledged, worker gone",
        "registry-worker",
        "registry",
        "intake_inboxenvelope",
        "new.state = 'done'",
        committed=True,
    ),
    Point("postgres: under an import", "postgres", "counter", "screenings_screening"),
    Point("postgres: under the intake", "postgres", "registry", "persons_identity"),
)
IMPORTS_AGAIN = ("import", "postgres")
"""Whose death ends the import as well: the file is given again."""
FAILING = tuple({point.place: point for point in POINTS if point.process != "postgres"}.values())
"""Each place once: where a commit fails, nothing was committed."""
