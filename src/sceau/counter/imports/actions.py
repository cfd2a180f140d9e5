"""Importing a file: row by row into reports, a batch a transaction, so that an interruption loses nothing and repeats nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.report import files
from sceau.core.report.errors import Problem
from sceau.core.report.model import ScreeningReport, Status
from sceau.core.report.naming import cancellation_id, file_digest, report_id, report_of
from sceau.core.report.reading import Reading, Row
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.header import MAX_REPORTS
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import seal_row
from sceau.counter.imports.models import Import, ImportState
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.screenings import actions as screenings
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy

BATCH = 500


class AlreadyRunning(Exception):
    """The same file is being imported at this moment."""


class Handled(NamedTuple):
    """What became of a row here: `report` was recorded (or already was, when `already`), or `problems` say why not."""

    number: int
    report: UUID | None
    already: bool
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


class Imported(NamedTuple):
    source: Import
    rows: list[Handled]
    warnings: tuple[Problem, ...]


class _Known(NamedTuple):
    """A report id this counter has: from which import, and whether it may be sent again."""

    source: UUID | None
    outcome: str


def start(data: bytes, *, name: str, pharmacy: Pharmacy, keys: PharmacyKeys, at: datetime) -> tuple[Import, Reading]:
    """Reads the file as a whole and opens its import, or the one it was interrupted in; raises `ReportError`."""
    reading = files.read(data, ZoneInfo(pharmacy.time_zone))
    digest = file_digest(keys.import_key(), data)
    running = Import.objects.filter(pharmacy=pharmacy, digest=digest, state=ImportState.RUNNING).first()
    return running or _create(digest, name, reading, pharmacy, keys, at), reading


def run(
    source: Import,
    reading: Reading,
    *,
    keys: PharmacyKeys,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda done: None,
) -> Imported:
    """Imports every row; `progress` hears how many are done. Raises `AlreadyRunning`."""
    handled: list[Handled] = []
    seen: set[UUID] = set()
    with _alone(bytes(source.digest)):
        while rows := list(islice(reading.rows, BATCH)):
            handled += _batch(source, rows, seen, keys, clock())
            progress(len(handled))
        _finish(source, handled, clock())
    return Imported(source, handled, reading.warnings)


@transaction.atomic
def undo(source: Import, *, keys: PharmacyKeys, at: datetime) -> int:
    """Cancels every report that this import recorded; gives how many. Safe to ask twice."""
    source = Import.objects.select_for_update().select_related("pharmacy").get(pk=source.pk)
    rows = list(source.screenings.filter(undone=False).exclude(outcome="refused"))
    cancelled = [_cancellation(open_copy(row, keys), keys, at) for row in rows]
    for start in range(0, len(cancelled), MAX_REPORTS):
        part = cancelled[start : start + MAX_REPORTS]
        screenings.record(part, pharmacy=source.pharmacy, keys=keys, source=None, at=at)
    source.screenings.update(undone=True)
    source.state = ImportState.UNDONE
    source.save(update_fields=["state"])
    _tell(Event.IMPORT_UNDONE, source, at)
    return len(cancelled)


def _create(digest: bytes, name: str, reading: Reading, pharmacy: Pharmacy, keys: PharmacyKeys, at: datetime) -> Import:
    source = Import(pharmacy=pharmacy, at=at, day=pharmacy.day(at), form=reading.form, digest=digest, rows=reading.total)
    source.sealed_name = seal_row(keys.day_key(source.day), name.encode(), name_place(source))
    with transaction.atomic():
        source.save()
        _tell(Event.IMPORT_STARTED, source, at)
    return source


def _tell(event: Event, source: Import, at: datetime) -> None:
    record(event, by=f"pharmacy:{source.pharmacy_id}", subject=f"import:{source.id}", at=at)


def name_place(source: Import) -> Place:
    return Place("imports_import", str(source.id), "sealed_name", str(source.pharmacy_id), source.day.isoformat())


@transaction.atomic
def _batch(source: Import, rows: Sequence[Row], seen: set[UUID], keys: PharmacyKeys, at: datetime) -> list[Handled]:
    reports = _reports(rows, source.pharmacy, keys.import_key())
    known = _known(reports.values(), source.pharmacy)
    handled: list[Handled] = []
    new: list[ScreeningReport] = []
    again: list[ScreeningReport] = []
    for row in rows:
        report = reports.get(row.number)
        found = known.get(report.id) if report else None
        already = report is not None and (report.id in seen or (found is not None and not _mine(found, source)))
        if report and not already and (found is None or found.source != source.id):
            (again if found else new).append(report)
        seen |= {report.id} if report else set()
        handled.append(Handled(row.number, report.id if report else None, already, row.problems, row.warnings))
    _send(source, new, again, keys, at)
    _advance(source, handled)
    return handled


def _mine(found: _Known, source: Import) -> bool:
    """Recorded by this very import before it was interrupted, or refused by the registry and so free to be sent again."""
    return found.source == source.id or found.outcome == "refused"


def _send(source: Import, new: list[ScreeningReport], again: list[ScreeningReport], keys: PharmacyKeys, at: datetime) -> None:
    if new:
        screenings.record(new, pharmacy=source.pharmacy, keys=keys, source=source.id, at=at)
    if again:
        screenings.send_again(again, pharmacy=source.pharmacy, keys=keys, source=source.id, at=at)


def _advance(source: Import, handled: Sequence[Handled]) -> None:
    last = handled[-1].number
    if last > source.rows_done:
        source.rows_done = last
        source.save(update_fields=["rows_done"])


def _reports(rows: Sequence[Row], pharmacy: Pharmacy, key: bytes) -> dict[int, ScreeningReport]:
    """The report of each understood row, by row number; a row whose import was undone gets the id of the next generation."""
    stated = {row.number: (row, row.statement) for row in rows if row.statement}
    ids = {number: report_id(key, row) for number, (row, _) in stated.items()}
    generation, pending = 0, set(ids)
    while pending:
        undone = _undone((ids[number] for number in pending), pharmacy)
        pending = {number for number in pending if ids[number] in undone}
        generation += 1
        ids |= {number: report_id(key, stated[number][0], generation=generation) for number in pending}
    return {number: report_of(key, statement, ids[number]) for number, (_, statement) in stated.items()}


def _undone(ids: Iterable[UUID], pharmacy: Pharmacy) -> set[UUID]:
    return set(Screening.objects.filter(pharmacy=pharmacy, id__in=list(ids), undone=True).values_list("id", flat=True))


def _known(reports: Iterable[ScreeningReport], pharmacy: Pharmacy) -> dict[UUID, _Known]:
    rows = Screening.objects.filter(pharmacy=pharmacy, id__in=[one.id for one in reports])
    return {report: _Known(source, outcome) for report, source, outcome in rows.values_list("id", "source_id", "outcome")}


def _cancellation(report: ScreeningReport, keys: PharmacyKeys, at: datetime) -> ScreeningReport:
    return ScreeningReport(
        id=cancellation_id(keys.import_key(), report.id),
        lineage=report.lineage,
        status=Status.ENTERED_IN_ERROR,
        issued=at,
        replaces=report.id,
    )


@transaction.atomic
def _finish(source: Import, handled: Sequence[Handled], at: datetime) -> None:
    source.already = sum(one.already for one in handled)
    source.refused = sum(one.report is None for one in handled)
    source.taken = len(handled) - source.already - source.refused
    source.state = ImportState.DONE
    source.save(update_fields=["already", "refused", "taken", "state"])
    _tell(Event.IMPORT_DONE, source, at)


@contextmanager
def _alone(digest: bytes) -> Iterator[None]:
    """One process at a time for one file; a lock of the session, which ends with it."""
    lock = int.from_bytes(digest[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [lock])
