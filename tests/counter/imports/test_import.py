"""Importing: each row once, whatever is interrupted, repeated or undone."""

import psycopg
import pytest
from django.db import IntegrityError, connection
from procrastinate.exceptions import ConnectorException
from tests.counter.world import AT, HEADER, SAMPLE, Place, file
from tests.plugins.services import acting, break_table, mend_table

from sceau.core.report.naming import file_digest
from sceau.counter.imports.actions import AlreadyRunning, Imported
from sceau.counter.imports.models import Import
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy


class Interrupted(Exception):
    """Somebody pulled the plug."""


def counts(imported: Imported) -> tuple[int, int, int]:
    source = Import.objects.get(id=imported.source.id)
    return source.taken, source.already, source.refused


def stored() -> tuple[int, int]:
    return Screening.objects.count(), Envelope.objects.count()


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs")
        return int(cursor.fetchone()[0])


def test_the_sample_has_an_outcome_for_each_row(lilas: Place) -> None:
    imported = lilas.imports(SAMPLE.encode())
    assert (len(imported.rows), sum(counts(imported)), counts(imported)[1]) == (20, 20, 0)
    assert all(row.report or row.problems for row in imported.rows)


def test_each_row_is_recorded_once_in_one_envelope_with_one_job(lilas: Place) -> None:
    assert counts(lilas.imports(file(10))) == (10, 0, 0)
    assert (stored(), jobs()) == ((10, 1), 1)


def test_the_web_process_may_import(lilas: Place) -> None:
    with acting("counter_web"):
        assert counts(lilas.imports(file(3))) == (3, 0, 0)


def test_the_same_file_again_adds_nothing_and_says_so(lilas: Place) -> None:
    first = lilas.imports(file(10))
    again = lilas.imports(file(10))
    assert (counts(again), stored()) == ((0, 10, 0), (10, 1))
    assert [row.report for row in again.rows] == [row.report for row in first.rows]


def test_a_file_with_one_row_more_adds_one(lilas: Place) -> None:
    lilas.imports(file(10))
    assert counts(lilas.imports(file(11))) == (1, 10, 0)


def test_identical_rows_in_a_file_are_one(lilas: Place) -> None:
    row = file(1).decode().splitlines()[1]
    assert counts(lilas.imports("\n".join([HEADER, row, row, row]).encode())) == (1, 2, 0)


def test_an_interrupted_import_goes_on_where_it_stopped_and_repeats_nothing(lilas: Place) -> None:
    def unplug(done: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        lilas.imports(file(620), progress=unplug)
    assert (stored(), Import.objects.get().rows_done, Import.objects.get().state) == ((500, 1), 500, "running")
    assert counts(lilas.imports(file(620))) == (620, 0, 0)
    assert (stored(), Import.objects.get().state) == ((620, 2), "done")


def test_undone_every_result_is_cancelled(lilas: Place) -> None:
    imported = lilas.imports(file(10))
    assert lilas.undo(imported) == 10
    cancelling = [open_copy(row, lilas.keys) for row in Screening.objects.filter(source=None)]
    assert {one.replaces for one in cancelling} == {row.report for row in imported.rows}
    assert {one.status for one in cancelling} == {"entered-in-error"}
    assert Import.objects.get().state == "undone"


def test_undone_twice_is_undone_once(lilas: Place) -> None:
    imported = lilas.imports(file(3))
    assert [lilas.undo(imported), lilas.undo(imported)] == [3, 0]


def test_undoing_one_import_leaves_another_alone(lilas: Place) -> None:
    kept, imported = lilas.imports(file(3)), lilas.imports(file(3, start=100))
    lilas.undo(imported)
    assert Screening.objects.filter(source=kept.source, undone=False).count() == 3


def test_imported_again_after_an_undo_they_are_new_reports(lilas: Place) -> None:
    first = lilas.imports(file(3))
    lilas.undo(first)
    second = lilas.imports(file(3))
    assert counts(second) == (3, 0, 0)
    assert {row.report for row in first.rows}.isdisjoint(row.report for row in second.rows)


def test_two_pharmacies_give_the_same_row_different_ids(lilas: Place, other: Place) -> None:
    ours, theirs = lilas.imports(file(3)), other.imports(file(3))
    assert (counts(ours), counts(theirs)) == ((3, 0, 0), (3, 0, 0))
    assert {row.report for row in ours.rows}.isdisjoint(row.report for row in theirs.rows)


def test_a_file_that_another_process_imports_now_is_not_started_twice(lilas: Place) -> None:
    lock = int.from_bytes(file_digest(lilas.keys.import_key(), file(3))[:8], "big", signed=True)
    told = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    who = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    with psycopg.connect(dbname=connection.settings_dict["NAME"], **who) as elsewhere:
        elsewhere.execute("select pg_advisory_lock(%s)", [lock])
        with pytest.raises(AlreadyRunning):
            lilas.imports(file(3))
    assert counts(lilas.imports(file(3))) == (3, 0, 0)


@pytest.mark.parametrize("table", ["procrastinate_jobs", "relay_envelope", "screenings_screening"])
def test_when_one_write_fails_nothing_is_kept_and_afterwards_all_is(lilas: Place, table: str) -> None:
    break_table(table)
    with pytest.raises((IntegrityError, ConnectorException)):
        lilas.imports(file(3))
    assert (stored(), jobs()) == ((0, 0), 0)
    mend_table(table)
    assert counts(lilas.imports(file(3))) == (3, 0, 0)


def test_nothing_readable_is_stored(lilas: Place) -> None:
    lilas.imports(file(1))
    row, envelope, source = Screening.objects.get(), Envelope.objects.get(), Import.objects.get()
    kept = b"".join(map(bytes, (row.sealed, envelope.data or b"", envelope.sealed_key, source.sealed_name, source.digest)))
    assert not any(secret in kept for secret in (b"TESTARD", b"Hugo", b"1987", b"essai.csv"))


def test_a_position_is_used_once(lilas: Place) -> None:
    lilas.imports(file(2))
    with pytest.raises(IntegrityError, match="one_report_a_position"):
        Screening.objects.update(position=0, recorded_at=AT)
