"""What the intake may have forgotten: identities of screenings whose refused consent was opened here, and no others."""

from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from tests.core.keyholder.test_ingest import report
from tests.core.keyholder.test_presence import refusal
from tests.core.keyholder.test_reveal import TAKEN, ingested
from tests.core.keyholder.world import Running

from sceau.core.keyholder import journal, withdrawn
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.identity_verbs import Compare, Forget, Likeness
from sceau.core.keyholder.withdrawn import MOST, Withdrawn
from sceau.core.report.model import Consent, ScreeningReport


def told(consent: Consent) -> ScreeningReport:
    one = report(taken=TAKEN)
    assert one.screening
    return replace(one, screening=replace(one.screening, consent=consent))


def test_without_a_consent_refused_here_the_intake_has_nobody_forgotten(registry: Running) -> None:
    (kept,) = ingested(registry, told(Consent.GIVEN))
    for lineages in ([], [told(Consent.GIVEN).lineage], [uuid4()]):
        assert refusal(registry, Forget([kept.report], lineages), "worker") == "not-allowed"
    assert registry.ask("worker", Compare([kept], [(0, 0)])) == [Likeness.SAME]
    assert refusal(registry, Forget([kept.report]), "web") == "not-understood"


def test_what_was_refused_in_an_envelope_opened_here_is_forgotten_and_told(registry: Running) -> None:
    (kept,) = ingested(registry, told(Consent.GIVEN))
    refused = told(Consent.REFUSED)
    assert ingested(registry, refused) == []
    assert refusal(registry, Forget([kept.report], [refused.lineage]), "worker") == "answered"
    assert registry.ask("worker", Compare([kept], [(0, 0)])) == [Likeness.GONE]
    last = [one for one in journal.entries(registry.state / "journal.jsonl") if one.event == "forget"]
    assert [one.facts for one in last] == [{"report": str(kept.report), "by": "worker"}]


def test_the_operator_needs_no_refusal(registry: Running) -> None:
    (kept,) = ingested(registry, told(Consent.GIVEN))
    assert refusal(registry, Forget([kept.report]), "operator") == "answered"


def test_each_refusal_is_worth_so_many_identities_however_often_it_comes(registry: Running) -> None:
    refused = told(Consent.REFUSED)
    ingested(registry, refused)
    many = [uuid4() for _ in range(MOST)]
    assert refusal(registry, Forget(many, [refused.lineage]), "worker") == "answered"
    ingested(registry, refused)
    assert refusal(registry, Forget([uuid4()], [refused.lineage]), "worker") == "not-allowed"
    assert refusal(registry, Forget(many, [refused.lineage]), "worker") == "answered"


def test_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawn, "REMEMBERED", 3)
    book, some = Withdrawn(), [UUID(int=number) for number in range(4)]
    book.opened(some)
    with pytest.raises(KeyholderError):
        book.spend(some[:1], 1)
    book.spend(some[1:], 3 * MOST)
    with pytest.raises(KeyholderError):
        book.spend(some[1:], 1)
