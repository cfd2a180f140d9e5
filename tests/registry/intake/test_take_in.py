"""Taking envelopes in: each report once, corrections and cancellations in either order, nothing half-written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting, break_table
from tests.registry import world
from tests.registry.world import AT, Sender, cancelled, corrected, final, hugo, key_list

from sceau.core.codes.loinc import Disease
from sceau.core.codes.snomed import Result
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.envelope_verbs import ANY_DISEASE, Acknowledge, Answer, Receipt
from sceau.core.keyholder.identity_verbs import Likeness
from sceau.core.keyholder.service_verbs import Signature
from sceau.core.keyholder.shapes import Question, SealedAt
from sceau.core.report.model import Consent, ScreeningReport
from sceau.core.sealing import signing, statements
from sceau.core.sealing.errors import SealingError
from sceau.registry.cases.models import Case
from sceau.registry.intake.actions import take_in
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.persons.models import Identity
from sceau.registry.results.models import Fact, Report

POSITIVE, NEGATIVE = hugo(result=Result.DETECTED), hugo(result=Result.NOT_DETECTED)


def outcomes(envelope: UUID) -> list[str] | None:
    return InboxEnvelope.objects.get(id=envelope).outcomes


def standing(report: ScreeningReport) -> str:
    return Report.objects.get(id=report.id).standing


def cases() -> list[tuple[UUID | None, str]]:
    return list(Case.objects.order_by("id").values_list("report_id", "state"))


def written() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Report, Fact, Identity, Case)}


NOTHING = {"Report": 0, "Fact": 0, "Identity": 0, "Case": 0}


def test_a_report_is_recorded_with_its_facts_and_its_sealed_identity(lilas: Sender, keys: RegistryClient) -> None:
    envelope = lilas.arrive(final(POSITIVE))
    assert take_in(keys, limit=10, at=AT) == 1
    assert outcomes(envelope) == ["recorded"]
    assert written() == {"Report": 1, "Fact": 1, "Identity": 1, "Case": 1}
    assert b"LUNEVILLE" not in bytes(Identity.objects.get().sealed)


def test_what_is_acknowledged_keeps_its_signature_and_lets_its_body_go(lilas: Sender, keys: RegistryClient) -> None:
    envelope = lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    row = InboxEnvelope.objects.get(id=envelope)
    statement = statements.acknowledgement(row.id, ["recorded"], bytes(row.sealed_reasons or b""), AT)
    signing.check(key_list().receipt, bytes(row.signature or b""), statement)
    assert (row.body, row.state, row.acknowledged_at) == (None, "done", AT)


def test_an_acknowledgement_says_nothing_else_than_was_signed(lilas: Sender, keys: RegistryClient) -> None:
    envelope = lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    row = InboxEnvelope.objects.get(id=envelope)
    statement = statements.acknowledgement(row.id, ["refused"], bytes(row.sealed_reasons or b""), AT)
    with pytest.raises(SealingError, match="bad-signature"):
        signing.check(key_list().receipt, bytes(row.signature or b""), statement)


def test_nothing_waits_when_all_is_taken_in(lilas: Sender, keys: RegistryClient) -> None:
    lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    assert take_in(keys, limit=10, at=AT) == 0


def test_the_same_envelope_twice_is_one(lilas: Sender, keys: RegistryClient) -> None:
    data = lilas.envelope(final())
    world.arrive(data)
    take_in(keys, limit=10, at=AT)
    envelope = world.arrive(data)
    assert take_in(keys, limit=10, at=AT) == 0
    assert (outcomes(envelope), Report.objects.count()) == (["recorded"], 1)


@pytest.mark.parametrize("limit", [1, 10], ids=["one at a time", "together"])
def test_the_same_report_in_two_envelopes_is_recorded_once_and_then_a_duplicate(
    lilas: Sender, keys: RegistryClient, limit: int
) -> None:
    report = final(POSITIVE)
    envelopes = [lilas.arrive(report), lilas.arrive(report)]
    while take_in(keys, limit=limit, at=AT):
        pass
    assert sorted(outcomes(one) or [] for one in envelopes) == [["duplicate"], ["recorded"]]
    assert written() == {"Report": 1, "Fact": 1, "Identity": 1, "Case": 1}


def test_the_same_report_twice_in_one_envelope_is_recorded_once(lilas: Sender, keys: RegistryClient) -> None:
    report = final()
    envelope = lilas.arrive(report, report)
    take_in(keys, limit=10, at=AT)
    assert outcomes(envelope) == ["recorded", "duplicate"]


def test_two_reports_that_say_the_same_are_two(lilas: Sender, keys: RegistryClient) -> None:
    envelope = lilas.arrive(final(), final())
    take_in(keys, limit=10, at=AT)
    assert outcomes(envelope) == ["recorded", "recorded"]


def test_a_correction_after_its_original_supersedes_it(lilas: Sender, keys: RegistryClient) -> None:
    original = final(POSITIVE)
    correction = corrected(original, NEGATIVE)
    lilas.arrive(original)
    take_in(keys, limit=10, at=AT)
    envelope = lilas.arrive(correction)
    take_in(keys, limit=10, at=AT)
    assert (outcomes(envelope), standing(original), standing(correction)) == (["amended"], "superseded", "current")
    assert cases() == [(original.id, "no-case")]


def test_an_original_after_its_correction_is_born_superseded(lilas: Sender, keys: RegistryClient) -> None:
    original = final(POSITIVE)
    correction = corrected(original, NEGATIVE)
    lilas.arrive(correction)
    take_in(keys, limit=10, at=AT)
    envelope = lilas.arrive(original)
    take_in(keys, limit=10, at=AT)
    assert (outcomes(envelope), standing(original), standing(correction)) == (["amended"], "superseded", "current")
    assert cases() == [(original.id, "no-case")]


def test_an_original_cancelled_in_advance_is_born_cancelled_and_opens_no_case(lilas: Sender, keys: RegistryClient) -> None:
    original = final(POSITIVE)
    first = lilas.arrive(cancelled(original))
    take_in(keys, limit=10, at=AT)
    second = lilas.arrive(original)
    take_in(keys, limit=10, at=AT)
    assert (outcomes(first), outcomes(second), standing(original)) == (["cancelled"], ["cancelled"], "cancelled")
    assert cases() == [(original.id, "no-case")]


def test_a_positive_report_opens_a_case(lilas: Sender, keys: RegistryClient) -> None:
    report = final(POSITIVE)
    lilas.arrive(report)
    take_in(keys, limit=10, at=AT)
    assert cases() == [(report.id, "open")]


def test_a_negative_report_opens_none(lilas: Sender, keys: RegistryClient) -> None:
    lilas.arrive(final(NEGATIVE), final(hugo(result=Result.INCONCLUSIVE)))
    take_in(keys, limit=10, at=AT)
    assert cases() == []


def test_a_cancelled_report_closes_its_case_and_another_of_the_same_person_stays_open(
    lilas: Sender, keys: RegistryClient
) -> None:
    mistaken, right = final(POSITIVE), final(POSITIVE)
    lilas.arrive(mistaken, right)
    take_in(keys, limit=10, at=AT)
    lilas.arrive(cancelled(mistaken))
    take_in(keys, limit=10, at=AT)
    assert sorted(cases()) == sorted([(mistaken.id, "no-case"), (right.id, "open")])


def test_a_cancelled_cancellation_opens_the_case_again(lilas: Sender, keys: RegistryClient) -> None:
    report = final(POSITIVE)
    mistake = cancelled(report)
    for statement in (report, mistake, corrected_mistake(mistake)):
        lilas.arrive(statement)
        take_in(keys, limit=10, at=AT)
    assert (standing(report), cases()) == ("current", [(report.id, "open")])


def corrected_mistake(cancellation: ScreeningReport) -> ScreeningReport:
    """A cancellation of a cancellation, in the same lineage."""
    return cancelled(cancellation)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
def test_any_order_of_arrival_leaves_the_same_standings_and_cases(
    lilas: Sender, keys: RegistryClient, order: Sequence[int], together: bool
) -> None:
    original = final(NEGATIVE)
    wrong = corrected(original, POSITIVE)
    arriving = [original, wrong, cancelled(wrong)]
    for place in order:
        lilas.arrive(arriving[place])
        assert together or take_in(keys, limit=10, at=AT) == 1
    take_in(keys, limit=10, at=AT)
    assert [standing(one) for one in arriving] == ["current", "cancelled", "current"]
    assert cases() == [(wrong.id, "no-case")]


@pytest.mark.parametrize("said", [Consent.REFUSED, Consent.NOT_ANSWERED])
def test_without_a_yes_no_identity_is_kept_and_the_result_counts(lilas: Sender, keys: RegistryClient, said: Consent) -> None:
    envelope = lilas.arrive(final(hugo(consent=said)))
    take_in(keys, limit=10, at=AT)
    assert (outcomes(envelope), written()) == (["recorded"], {"Report": 1, "Fact": 1, "Identity": 0, "Case": 0})


def test_an_envelope_that_cannot_be_opened_is_refused_whole_with_its_flaw(lilas: Sender, keys: RegistryClient) -> None:
    data = bytearray(lilas.envelope(final(), final()))
    data[2_000] ^= 1
    envelope, good = world.arrive(bytes(data)), lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    row = InboxEnvelope.objects.get(id=envelope)
    assert (row.outcomes, row.flaw, row.state) == (["refused", "refused"], "cannot-open", "done")
    assert outcomes(good) == ["recorded"]


def test_a_report_that_is_not_understood_is_refused_and_its_neighbours_are_recorded(lilas: Sender, keys: RegistryClient) -> None:
    envelope = lilas.arrive(final(), b'{"resourceType":"Bundle"}', final())
    take_in(keys, limit=10, at=AT)
    assert outcomes(envelope) == ["recorded", "refused", "recorded"]


class FailsOn:
    """The real keyholder, except that one envelope makes it fail."""

    def __init__(self, keys: RegistryClient, poison: bytes) -> None:
        self._keys, self._poison = keys, poison

    def ingest(
        self,
        envelopes: Sequence[bytes],
        *,
        at: datetime,
        acknowledged: Sequence[UUID] = (),
        diseases: Mapping[UUID, list[Disease]] = ANY_DISEASE,
    ) -> list[Answer]:
        if any(one.startswith(self._poison) for one in envelopes):
            raise RuntimeError("this envelope breaks the keyholder")
        return self._keys.ingest(envelopes, at=at, acknowledged=acknowledged, diseases=diseases)

    def compare(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[Likeness]:
        return self._keys.compare(identities, pairs)

    def receipt_all(self, receipts: Sequence[Receipt]) -> list[Signature]:
        return self._keys.receipt_all(receipts)

    def acknowledge_all(self, acknowledgements: Sequence[Acknowledge]) -> list[Signature]:
        return self._keys.acknowledge_all(acknowledgements)

    def ask(self, question: Question) -> object:
        return self._keys.ask(question)


def test_an_envelope_that_breaks_the_intake_is_set_aside_and_the_others_go_on(lilas: Sender, keys: RegistryClient) -> None:
    poison = lilas.envelope(final())
    good = [lilas.arrive(final()), lilas.arrive(final())]
    aside = world.arrive(poison)
    later = lilas.arrive(final())
    assert take_in(FailsOn(keys, poison), limit=10, at=AT) == 4
    assert [outcomes(one) for one in [*good, later]] == [["recorded"]] * 3
    row = InboxEnvelope.objects.get(id=aside)
    assert (row.state, bytes(row.body or b""), row.outcomes) == ("set-aside", poison, None)


def test_what_is_set_aside_does_not_come_back_by_itself(lilas: Sender, keys: RegistryClient) -> None:
    poison = lilas.envelope(final())
    world.arrive(poison)
    broken = FailsOn(keys, poison)
    assert [take_in(broken, limit=10, at=AT) for _ in range(2)] == [1, 0]


def test_after_a_poisoned_batch_it_asks_no_longer_than_something_waits(
    lilas: Sender, keys: RegistryClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    poison = lilas.envelope(final())
    world.arrive(poison)
    with django_assert_max_num_queries(40):
        take_in(FailsOn(keys, poison), limit=500, at=AT)


TABLES = ["results_report", "results_fact", "persons_identity", "cases_case"]


@pytest.mark.parametrize("table", TABLES)
def test_when_one_table_fails_nothing_is_kept_in_any(lilas: Sender, keys: RegistryClient, table: str) -> None:
    data = lilas.envelope(final(POSITIVE))
    envelope = world.arrive(data)
    break_table(table)
    take_in(keys, limit=10, at=AT)
    row = InboxEnvelope.objects.get(id=envelope)
    assert (written(), row.state, bytes(row.body or b"")) == (NOTHING, "set-aside", data)


def test_when_the_acknowledgement_cannot_be_kept_nothing_is(lilas: Sender, keys: RegistryClient) -> None:
    envelope = lilas.arrive(final(POSITIVE))
    break_table("intake_inboxenvelope", event="update", when="new.state = 'done'")
    take_in(keys, limit=10, at=AT)
    assert (written(), InboxEnvelope.objects.get(id=envelope).state) == (NOTHING, "set-aside")


@pytest.mark.parametrize("table", TABLES)
def test_when_the_disk_is_full_the_envelope_waits_and_nothing_is_kept(lilas: Sender, keys: RegistryClient, table: str) -> None:
    envelope = lilas.arrive(final(POSITIVE))
    break_table(table, error="disk_full")
    with pytest.raises(OperationalError):
        take_in(keys, limit=10, at=AT)
    assert (written(), InboxEnvelope.objects.get(id=envelope).state) == (NOTHING, "waiting")


def queries_of(count: int) -> list[ScreeningReport]:
    return [final(POSITIVE if nth % 2 else NEGATIVE) for nth in range(count)]


@pytest.mark.parametrize("count", [10, 100])
def test_a_batch_takes_as_many_queries_however_many_reports_it_holds(
    lilas: Sender, keys: RegistryClient, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    lilas.arrive(*queries_of(count))
    with django_assert_num_queries(QUERIES):
        assert take_in(keys, limit=500, at=AT) == 1
    assert Report.objects.count() == count


@pytest.mark.parametrize("count", [2, 20])
def test_and_however_many_envelopes(
    lilas: Sender, keys: RegistryClient, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        lilas.arrive(*queries_of(2))
    with django_assert_num_queries(QUERIES):
        assert take_in(keys, limit=500, at=AT) == count


# A savepoint and its end, two to choose, one to confirm, a lock, five COPY or INSERT, two to find who is known, one to settle, one to
# acknowledge, two for the log, one for refusals, one for contacts who became cases.
QUERIES = 21


def test_the_worker_may_do_all_this_and_no_more(lilas: Sender, keys: RegistryClient) -> None:
    original = final(POSITIVE)
    envelopes = [lilas.arrive(original), lilas.arrive(corrected(original, NEGATIVE))]
    with acting("registry_worker"):
        assert take_in(keys, limit=10, at=AT) == 2
    assert [outcomes(one) for one in envelopes] == [["amended"], ["amended"]]


def test_an_envelope_id_of_others_is_not_taken_over(lilas: Sender) -> None:
    shared = uuid4()
    first, second = lilas.envelope(final(), envelope=shared), lilas.envelope(final(), envelope=shared)
    world.arrive(first)
    world.arrive(second)
    assert bytes(InboxEnvelope.objects.get(id=shared).body or b"") == first
