"""Consent refused or withdrawn: facts stay, of nobody, whatever is stated in whatever order; and no backup opens the person again."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from msgspec.structs import replace
from tests.plugins.services import acting, break_table
from tests.registry.tracing import HUGO, INES, come, of
from tests.registry.world import Sender, corrected

from sceau.core.audit.models import Destruction, Entry
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.identity_verbs import Likeness
from sceau.core.keyholder.shapes import SealedAt
from sceau.core.report.model import Consent, ScreeningReport
from sceau.registry.contacts import erasure
from sceau.registry.intake.actions import take_in
from sceau.registry.persons.errors import NotKept
from sceau.registry.persons.models import Identity, Refusal
from sceau.registry.persons.opening import kept
from sceau.registry.results.models import Fact

HOURS = 24 * 365 * 10
"""After the first statement, in the tests' way of counting from a day long ago."""


def said(consent: Consent, report: ScreeningReport | None = None) -> ScreeningReport:
    """Hugo's test, or a correction of it, with what he says of his identity."""
    first = report or of(HUGO)
    assert first.screening
    screening = replace(first.screening, consent=consent)
    return corrected(first, screening, later=HOURS) if report else replace(first, screening=screening)


def taken(sender: Sender, keys: RegistryClient, *reports: ScreeningReport) -> None:
    sender.arrive(*reports)
    with acting("registry_worker"):
        take_in(keys, limit=10, at=timezone.now())


def gone(keys: RegistryClient, one: SealedAt) -> bool:
    """As a row of a backup is, once the keyholder has forgotten it."""
    return keys.compare([one, one], [(0, 1)]) == [Likeness.GONE]


def test_whoever_refuses_is_counted_and_not_kept(lilas: Sender, keys: RegistryClient) -> None:
    taken(lilas, keys, said(Consent.REFUSED))
    assert (Fact.objects.count(), Identity.objects.count()) == (1, 0)


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
def test_a_refusal_is_not_undone_by_a_correction(lilas: Sender, keys: RegistryClient, together: bool) -> None:
    refused = said(Consent.REFUSED)
    given = said(Consent.GIVEN, refused)
    for batch in [[refused, given]] if together else [[refused], [given]]:
        taken(lilas, keys, *batch)
    assert not Identity.objects.exists()


def test_nor_by_the_first_statement_when_it_comes_last(lilas: Sender, keys: RegistryClient) -> None:
    given = said(Consent.GIVEN)
    taken(lilas, keys, said(Consent.REFUSED, given))
    taken(lilas, keys, given)
    assert not Identity.objects.exists()


def test_who_had_not_answered_may_say_yes(lilas: Sender, keys: RegistryClient) -> None:
    silent = said(Consent.NOT_ANSWERED)
    taken(lilas, keys, silent)
    assert not Identity.objects.exists()
    taken(lilas, keys, said(Consent.GIVEN, silent))
    assert Identity.objects.count() == 1


def test_a_correction_that_refuses_erases_what_was_kept(lilas: Sender, keys: RegistryClient) -> None:
    given = said(Consent.GIVEN)
    taken(lilas, keys, given)
    (row,) = kept(given.id)
    assert not gone(keys, row)
    taken(lilas, keys, said(Consent.REFUSED, given))
    assert not Identity.objects.exists()
    assert gone(keys, row)
    assert Entry.objects.get(event="person-erased").subject == f"report:{given.id}"
    assert str(given.id) in Destruction.objects.get().text


@pytest.fixture
def worker() -> RegistryClient:
    """As the worker asks, on its own socket."""
    return RegistryClient(Path(os.environ["REGISTRY_SOCKETS"]) / "worker.sock")


def test_the_worker_has_forgotten_what_an_envelope_refused_and_nothing_on_its_own(
    lilas: Sender, keys: RegistryClient, worker: RegistryClient
) -> None:
    """The near miss: the operator's command, in the worker's place."""
    given, other = said(Consent.GIVEN), of(INES)
    taken(lilas, worker, given, other)
    (row,) = kept(given.id)
    with pytest.raises(erasure.NotForgotten):
        erasure.withdraw(other.id, keyholder=worker, by="operator", reason="asked", at=timezone.now())
    assert Identity.objects.filter(report_id=other.id).exists()
    taken(lilas, worker, said(Consent.REFUSED, given))
    assert gone(keys, row)
    assert list(Identity.objects.values_list("report_id", flat=True)) == [other.id]


def test_consent_withdrawn_erases_the_person_from_every_report_and_no_twin(lilas: Sender, keys: RegistryClient) -> None:
    first, second, twin = come(lilas, HUGO, HUGO, INES)
    rows = kept(first.id, second.id)
    (other,) = kept(twin.id)
    assert erasure.withdraw(first.id, keyholder=keys, by="operator", reason="letter of today", at=timezone.now()) == 2
    assert [one.report_id for one in Identity.objects.all()] == [twin.id]
    assert [gone(keys, one) for one in (*rows, other)] == [True, True, False]
    assert Fact.objects.count() == 3
    told = Entry.objects.filter(event="person-erased")
    assert {one.subject for one in told} == {f"report:{first.id}", f"report:{second.id}"}
    assert {one.purpose for one in told} == {"letter of today"}


def test_what_is_stated_later_of_an_erased_test_leaves_nobody_and_another_test_does(lilas: Sender, keys: RegistryClient) -> None:
    (first,) = come(lilas, HUGO)
    erasure.withdraw(first.id, keyholder=keys, by="operator", reason="letter", at=timezone.now())
    taken(lilas, keys, said(Consent.GIVEN, first))
    assert not Identity.objects.exists()
    come(lilas, HUGO)
    assert Identity.objects.count() == 1


def test_nobody_is_erased_twice_or_by_an_id_of_nobody(lilas: Sender, keys: RegistryClient) -> None:
    (first,) = come(lilas, HUGO)
    told = {"keyholder": keys, "by": "operator", "reason": "letter", "at": timezone.now()}
    erasure.withdraw(first.id, **told)  # type: ignore[arg-type]
    for nobody in (first.id, uuid4()):
        with pytest.raises(NotKept):
            erasure.withdraw(UUID(str(nobody)), **told)  # type: ignore[arg-type]


def test_if_the_log_fails_nothing_is_erased(lilas: Sender, keys: RegistryClient) -> None:
    (first,) = come(lilas, HUGO)
    (row,) = kept(first.id)
    break_table("audit_entry", when="new.event = 'person-erased'")
    with pytest.raises(Exception, match="broken for a test"):
        erasure.withdraw(first.id, keyholder=keys, by="operator", reason="letter", at=timezone.now())
    assert not gone(keys, row)


def test_a_refusal_ends_with_its_day(lilas: Sender, keys: RegistryClient) -> None:
    taken(lilas, keys, said(Consent.REFUSED))
    assert Refusal.objects.get().day == (timezone.now() - timedelta(minutes=1)).date()


@pytest.mark.parametrize(("days", "identities"), [(30, 1), (33, 0)])
def test_a_result_that_comes_late_is_counted_and_kept_only_while_its_day_is(
    lilas: Sender, keys: RegistryClient, days: int, identities: int
) -> None:
    late = of(HUGO)
    assert late.screening
    specimen = replace(late.screening.specimen, taken_at=timezone.now() - timedelta(days=days))
    taken(lilas, keys, replace(late, screening=replace(late.screening, specimen=specimen)))
    assert (Fact.objects.count(), Identity.objects.count()) == (1, identities)
