"""The log: told with what it tells, numbered once, signed, and nothing in it changes unseen (drill 13)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting

from sceau.core.audit import checkpoint, merkle, note, tree
from sceau.core.audit.checkpoint import Witness
from sceau.core.audit.events import Event
from sceau.core.audit.models import Checkpoint, Entry, Leaf
from sceau.core.audit.record import Told, record, record_all
from sceau.core.audit.verify import Verified, verify
from sceau.core.keyholder import service_verbs
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.log import LogSigner
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.store import Store

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def signer(tmp_path: Path) -> Iterator["Signer"]:
    journal = Journal(tmp_path / "journal.jsonl")
    yield Signer(LogSigner(Store.create(tmp_path / "state", bytes(32)), journal, lambda: AT, "sceau/registry"))
    journal.close()


class Signer:
    """A keyholder that has signed no log yet."""

    def __init__(self, log: LogSigner) -> None:
        self.log = log

    def ask(self, question: Question) -> object:
        if isinstance(question, service_verbs.Checkpoint):
            return self.log.checkpoint(question)
        return service_verbs.Told("registry", 0, b"", False, 0, AT, self.log.public, *self.log.last())


def tell(count: int, *, start: int = 0) -> None:
    told = [Told(Event.IMPORT_DONE, "user:1", f"import:{start + nth}", AT) for nth in range(count)]
    with transaction.atomic():
        record_all(told)


def numbered(count: int) -> None:
    tell(count)
    while tree.sequence():
        pass


def checked(signer: Signer, *, witnessed: Sequence[str] = ()) -> Verified:
    return verify(signer.log.public, witnessed=witnessed, today=date(2026, 11, 23))


def superuser(statement: str) -> None:
    """Somebody who may do anything with the database, triggers included."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("set session_replication_role = default")


def test_it_belongs_into_the_transaction_of_what_it_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sceau.core.audit.record.connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError, match="transaction"):
        record(Event.IMPORT_DONE, by="user:1", subject="import:1", at=AT)


def test_what_is_undone_is_not_told() -> None:
    with transaction.atomic():
        record(Event.IMPORT_DONE, by="user:1", subject="import:1", at=AT)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("statement", ["update audit_entry set by = 'user:2'", "delete from audit_entry", "truncate audit_entry"])
def test_not_even_the_owner_changes_it(statement: str) -> None:
    tell(1)
    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().by == "user:1"


@pytest.mark.parametrize("role", ["registry_web", "registry_worker"])
@pytest.mark.parametrize("statement", ["update audit_entry set by = 'x'", "delete from audit_leaf", "truncate audit_checkpoint"])
def test_no_process_has_the_right_to(role: str, statement: str) -> None:
    with acting(role):
        tell(1)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 300, 513, 1_000])
def test_the_root_is_that_of_the_whole_tree_however_it_is_stored(signer: Signer, count: int) -> None:
    numbered(count)
    leaves = [bytes(one) for one in Leaf.objects.order_by("number").values_list("digest", flat=True)]
    assert tree.size() == count
    assert tree.hashed(0, count) == merkle.root(leaves)
    assert checked(signer) == Verified(count, merkle.root(leaves), [])


def test_proofs_come_from_the_stored_tree() -> None:
    numbered(700)
    leaves = [bytes(one) for one in Leaf.objects.order_by("number").values_list("digest", flat=True)]
    root = tree.hashed(0, 700)
    for index in (0, 255, 256, 511, 512, 699):
        assert merkle.verify_inclusion(leaves[index], index, 700, merkle.inclusion(index, 700, tree.hashed), root)
        assert not merkle.verify_inclusion(leaves[index - 1], index, 700, merkle.inclusion(index, 700, tree.hashed), root)
    for old in (1, 255, 256, 300, 512, 699):
        proof = merkle.consistency(old, 700, tree.hashed)
        assert merkle.verify_consistency(old, merkle.root(leaves[:old]), 700, root, proof)


def test_a_root_costs_a_few_rows_however_long_the_log(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    numbered(3_000)
    with django_assert_max_num_queries(3):
        tree.hashed(0, 3_000)


def test_ten_thousand_entries_are_whole(signer: Signer) -> None:
    numbered(10_000)
    assert checked(signer).faults == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("update audit_entry set by = 'user:2' where subject = 'import:7'", "entry 7 was changed"),
        ("update audit_entry set at = at + interval '1 microsecond' where subject = 'import:7'", "entry 7 was deleted"),
        ("delete from audit_entry where subject = 'import:7'", "entry 7 was deleted"),
        ("delete from audit_leaf where number = 7", "entry 7 is missing"),
        ("update audit_leaf set digest = sha256('x') where number = 7", "entry 7 was changed"),
    ],
)
def test_an_entry_changed_or_deleted_is_named(signer: Signer, statement: str, fault: str) -> None:
    numbered(20)
    assert checked(signer).faults == []
    superuser(statement)
    assert fault in checked(signer).faults


def sign(signer: Signer, count: int, witness: str = "") -> Checkpoint | None:
    """A checkpoint after so many entries more."""
    if count:
        tell(count, start=tree.size())
    return checkpoint.make(signer, origin="sceau/registry", witness=Witness(witness), at=AT)


def test_each_minute_with_events_has_a_checkpoint_that_the_witness_hears(signer: Signer, tmp_path: Path) -> None:
    place = tmp_path / "witness"
    first, none, second = (sign(signer, count, str(place)) for count in (40, 0, 10))
    assert (first and first.size, none, second and second.size) == (40, None, 50)
    assert first
    assert second
    assert place.read_text() == f"{first.note}\n{second.note}\n"
    assert note.verify(second.note, signer.log.public) == ("sceau/registry", 50, tree.hashed(0, 50))
    assert checked(signer, witnessed=[first.note, second.note]).faults == []


def test_a_log_that_was_cut_is_known_to_the_witness_and_gets_no_signature_any_more(signer: Signer) -> None:
    kept = [made.note for made in (sign(signer, 40), sign(signer, 10)) if made]
    superuser("delete from audit_leaf where number >= 45; delete from audit_checkpoint where size > 45")
    superuser("delete from audit_entry where id not in (select entry from audit_leaf)")
    assert checked(signer).faults == []
    assert any("the log ends at 45, but" in fault and "knows 50" in fault for fault in checked(signer, witnessed=kept).faults)
    with pytest.raises(KeyholderError, match="does not extend"):
        sign(signer, 20)


def test_a_log_that_was_written_anew_is_refused_too(signer: Signer) -> None:
    sign(signer, 40)
    superuser("update audit_entry set by = 'user:2' where subject = 'import:3'")
    superuser("update audit_leaf set digest = sha256('x') where number = 3")
    with pytest.raises(KeyholderError, match="does not extend"):
        sign(signer, 1)
    assert "the first 40 entries are not those that the checkpoint of 40 entries signed" in checked(signer).faults


def test_a_checkpoint_that_somebody_made_up_is_named(signer: Signer) -> None:
    numbered(5)
    Checkpoint.objects.create(size=5, at=AT, note="sceau/registry\n5\nAAAA\n\n\u2014 sceau/registry AAAA\n")
    assert "the checkpoint of 5 entries is not signed by the log's key" in checked(signer).faults


def test_anybody_may_fetch_the_last_checkpoint(client: Client) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    Checkpoint.objects.create(size=1, at=AT, note="a note\n")
    assert client.get("/log/checkpoint").content == b"a note\n"
