"""A batch in, sealed identities out; one person opened for an agent who is there, and no more (drills 12, 17, 26)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from tests.core.keyholder.test_ingest import OTHER_REPORT, REPORT, report
from tests.core.keyholder.test_presence import enrolled, refusal, there
from tests.core.keyholder.world import AT, FARID, GAELLE, Running, approving

from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.agent_verbs import EnrolAgent, Find, Opens, RaiseLimit, Reveal
from sceau.core.keyholder.envelope_verbs import Accepted, Ingest, Ingested, Keys, Unopened
from sceau.core.keyholder.identity_verbs import Compare, Forget, Likeness, SameActs
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.service_verbs import Retire
from sceau.core.keyholder.shapes import SealedAt
from sceau.core.report import fhir
from sceau.core.report.model import Patient, ScreeningReport, Sex
from sceau.core.sealing import signing, suite
from sceau.core.sealing.errors import Flaw
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_envelope
from sceau.demo.authenticator import Passkey

TAKEN = AT - timedelta(hours=1)
SIGNER = signing.signer(bytes(range(32)))


def keys(registry: Running) -> KeyList:
    encoded, root = registry.ask("web", Keys())
    return KeyList.decode(encoded).check(root)


def ingested(registry: Running, *reports: ScreeningReport) -> list[SealedAt]:
    """Each report's identity as the registry keeps it."""
    lines = [fhir.write(one) for one in reports]
    registry.ask("operator", approving(OTHER_REPORT))
    public = keys(registry).envelope_for(registry.clock().date())
    header = Header(suite.key_id(public), REPORT, OTHER_REPORT, Finess("750000002"), registry.clock(), len(lines))
    sealed = seal_envelope(header, lines, lines, registry=suite.public_key(public), signer=SIGNER)
    (answer,) = registry.ask("worker", Ingest([registry.stamped(sealed.data)], registry.clock()))
    assert isinstance(answer, Ingested)
    found = (one for one in answer.reports if isinstance(one, Accepted) and not one.refused)
    return [_kept(one) for one in found]


def _kept(one: Accepted) -> SealedAt:
    assert one.facts is not None
    assert one.identity is not None
    return SealedAt(one.id, one.facts.department or "", one.identity.day, one.identity.sealed)


def hugo(registry: Running) -> SealedAt:
    return ingested(registry, report(taken=TAKEN))[0]


def nadia(registry: Running, *identities: SealedAt, departments: tuple[str, ...] = ("69",), purpose: str = "call") -> bytes:
    """The token of an agent of these departments who touched to open these."""
    passkey = Passkey("nadia")
    enrolled(registry, passkey, "agent", departments)
    return there(registry, passkey, for_(*identities, purpose=purpose))


def for_(*identities: SealedAt, purpose: str = "call") -> Opens:
    return Opens(tuple(one.report for one in identities), purpose)


def opened(registry: Running, token: bytes, identity: SealedAt) -> Any:
    return msgspec.json.decode(registry.ask("web", Reveal(token, identity, "call")))


def test_an_agent_of_the_department_who_is_there_opens_one_person(registry: Running) -> None:
    identity = hugo(registry)
    told = opened(registry, nadia(registry, identity), identity)
    assert (told["family"], told["given"], told["birth_date"]) == ("TESTARD", ["Hugo"], "1987-03-14")


def test_another_territory_stays_shut_and_all_of_them_are_a_matter_of_enrolment(registry: Running) -> None:
    identity = hugo(registry)
    assert refusal(registry, Reveal(nadia(registry, identity, departments=("13",)), identity, "call")) == "not-allowed"
    assert opened(registry, nadia(registry, identity, departments=("*",)), identity)["family"] == "TESTARD"


def test_a_touch_opens_whom_it_was_for_and_for_what(registry: Running) -> None:
    one, other = ingested(registry, report(taken=TAKEN), report(OTHER_REPORT, taken=TAKEN))
    token = nadia(registry, one)
    assert refusal(registry, Reveal(token, other, "call")) == "not-allowed"
    assert refusal(registry, Reveal(token, one, "curious")) == "not-allowed"
    assert opened(registry, token, one)["family"] == "TESTARD"
    both = nadia(registry, one, other)
    assert [opened(registry, both, each)["family"] for each in (one, other)] == ["TESTARD", "TESTARD"]


def test_a_touch_for_nobody_opens_nobody(registry: Running) -> None:
    identity, passkey = hugo(registry), Passkey("nadia")
    enrolled(registry, passkey, "agent", ("69",))
    assert refusal(registry, Reveal(there(registry, passkey), identity, "call")) == "not-allowed"
    assert refusal(registry, Reveal(there(registry, passkey, for_(identity)), identity, "call")) == "answered"


def test_a_department_that_is_not_the_rows_does_not_open_it(registry: Running) -> None:
    moved = replace(hugo(registry), department="13")
    assert refusal(registry, Reveal(nadia(registry, moved, departments=("13",)), moved, "call")) == "wrong"


@pytest.mark.parametrize("change", [{"report": OTHER_REPORT}, {"day": AT.date() - timedelta(days=1)}])
def test_a_row_moved_elsewhere_does_not_open(registry: Running, change: dict[str, Any]) -> None:
    moved = replace(hugo(registry), **change)
    assert refusal(registry, Reveal(nadia(registry, moved), moved, "call")) == "wrong"


def test_invented_and_old_tokens_open_nothing(registry: Running) -> None:
    identity = hugo(registry)
    token = nadia(registry, identity)
    assert refusal(registry, Reveal(bytes(32), identity, "call")) == "wrong"
    registry.clock.later(minutes=29)
    assert refusal(registry, Reveal(token, identity, "call")) == "answered"
    registry.clock.later(minutes=2)
    assert refusal(registry, Reveal(token, identity, "call")) == "wrong"


def test_a_member_of_the_authority_opens_nobody(registry: Running) -> None:
    identity = hugo(registry)
    assert refusal(registry, Reveal(there(registry, FARID, for_(identity)), identity, "call")) == "not-allowed"


def test_thirty_an_hour_whoever_asks_in_her_name_and_across_restarts(tmp_path: Path) -> None:
    running = Running("registry", tmp_path)
    with running.up():
        for member in (FARID, GAELLE):
            running.ask("operator", EnrolAgent(member.record("authority", ()), []))
        identity = hugo(running)
        token = nadia(running, identity)
        asked = [refusal(running, Reveal(token, identity, "call")) for _ in range(31)]
        assert asked == ["answered"] * 30 + ["metered"]
    with running.up():
        again = nadia(running, identity)
        assert refusal(running, Reveal(again, identity, "call")) == "metered"
        supervisor = Passkey("solene")
        enrolled(running, supervisor, "supervisor")
        running.ask("web", RaiseLimit(there(running, supervisor), "nadia", 31, "an outbreak"))
        assert refusal(running, Reveal(again, identity, "call")) == "answered"
        assert refusal(running, Reveal(again, identity, "call")) == "metered"


def test_each_opening_is_in_the_keyholders_own_journal_without_the_name(registry: Running) -> None:
    identity = hugo(registry)
    opened(registry, nadia(registry, identity), identity)
    told = (registry.state / "journal.jsonl").read_text()
    assert f'"agent":"nadia","report":"{identity.report}","purpose":"call"' in told
    assert "TESTARD" not in told


def test_after_retention_it_is_gone_and_on_the_last_day_it_is_not(registry: Running) -> None:
    identity = hugo(registry)
    registry.clock.now = AT + timedelta(days=31)
    registry.ask("worker", Retire(registry.clock().date()))
    token = nadia(registry, identity)
    assert opened(registry, token, identity)["family"] == "TESTARD"
    registry.clock.later(days=1)
    registry.ask("worker", Retire(registry.clock().date()))
    assert refusal(registry, Reveal(nadia(registry, identity), identity, "call")) == "destroyed"


def test_a_day_that_is_over_stays_shut_in_yesterdays_store_too(registry: Running) -> None:
    """Nobody ran the end of retention: the keyholder does not open what is over by its own clock."""
    identity = hugo(registry)
    registry.clock.now = AT + timedelta(days=32)
    assert refusal(registry, Reveal(nadia(registry, identity), identity, "call")) == "destroyed"


def test_the_forgotten_are_not_opened_or_compared_any_more(registry: Running) -> None:
    one, other = ingested(registry, report(taken=TAKEN), report(OTHER_REPORT, taken=TAKEN))
    registry.ask("operator", Forget([one.report]))
    token = nadia(registry, one, other)
    assert refusal(registry, Reveal(token, one, "call")) == "destroyed"
    assert registry.ask("worker", Compare([one, other], [(0, 1)])) == [Likeness.GONE]
    assert opened(registry, token, other)["family"] == "TESTARD"


def test_the_same_person_is_told_from_a_twin(registry: Running) -> None:
    first = report(taken=TAKEN)
    assert first.screening is not None
    twin = replace(first.screening.patient, given=("Inès",), sex=Sex.FEMALE)
    second = replace(first, id=OTHER_REPORT, lineage=OTHER_REPORT, screening=replace(first.screening, patient=twin))
    hugo_row, ines_row = ingested(registry, first, second)
    answers = registry.ask("worker", Compare([hugo_row, ines_row], [(0, 0), (0, 1)]))
    assert answers == [Likeness.SAME, Likeness.DIFFERENT]


def test_one_who_is_gone_keeps_no_other_pair_from_its_answer(registry: Running) -> None:
    one, other = ingested(registry, report(taken=TAKEN), report(OTHER_REPORT, taken=TAKEN))
    registry.ask("operator", Forget([one.report]))
    pairs = [(1, 1), (0, 1), (1, 0), (0, 0), (1, 1)]
    gone = Likeness.GONE
    assert registry.ask("worker", Compare([one, other], pairs)) == [Likeness.SAME, gone, gone, gone, Likeness.SAME]


def test_so_is_one_whose_day_ended_and_on_the_last_day_it_is_compared(registry: Running) -> None:
    before, today = ingested(registry, report(taken=TAKEN - timedelta(days=1)), report(OTHER_REPORT, taken=TAKEN))
    registry.clock.later(days=30)
    assert registry.ask("worker", Compare([before, today], [(0, 1), (1, 1)])) == [Likeness.SAME, Likeness.SAME]
    registry.clock.later(days=1)
    assert registry.ask("worker", Compare([before, today], [(0, 1), (1, 1)])) == [Likeness.GONE, Likeness.SAME]


def test_a_row_moved_elsewhere_is_no_answer_but_a_refusal(registry: Running) -> None:
    one, other = ingested(registry, report(taken=TAKEN), report(OTHER_REPORT, taken=TAKEN))
    moved = replace(one, report=other.report)
    assert refusal(registry, Compare([moved, other], [(0, 1)]), "worker") == "wrong"
    assert refusal(registry, Compare([one, other], [(0, 1)]), "worker") == "answered"


def test_somebody_sought_has_the_tokens_that_ingestion_gave(registry: Running) -> None:
    one = report(taken=TAKEN)
    assert one.screening is not None
    token = nadia(registry)
    ingested(registry, one)
    sought: Patient = one.screening.patient
    (found,) = registry.ask("web", Find(token, msgspec.json.encode(sought, enc_hook=str), "call back"))
    (other,) = registry.ask("web", Find(token, msgspec.json.encode(replace(sought, family="TEST"), enc_hook=str), "x"))
    assert found.family_born != other.family_born
    assert found.given_born == other.given_born
    assert found.month == "2026-11"
    assert (found.ins, found.home) == (None, None)


def test_an_asker_whose_clock_is_off_is_refused(registry: Running) -> None:
    assert refusal(registry, Ingest([], registry.clock() + timedelta(minutes=4)), "worker") == "answered"
    assert refusal(registry, Ingest([], registry.clock() + timedelta(minutes=6)), "worker") == "clock"


def test_each_month_has_a_key_of_its_own_and_another_months_does_not_open(registry: Running) -> None:
    listed = keys(registry).envelopes
    assert [key.month for key in listed][:3] == ["2026-11", "2026-12", "2027-01"]
    assert len({key.public for key in listed}) == len(listed) == 13
    registry.ask("operator", approving(OTHER_REPORT))
    data = b"SCEAU\x01" + suite.key_id(b"a key swapped in the list") + bytes(51) + bytes(2_000)
    header = Header(suite.key_id(b"swapped"), REPORT, OTHER_REPORT, Finess("750000002"), AT, 1).pack()
    assert registry.ask("worker", Ingest([registry.stamped(header + data[73:])], AT)) == [Unopened(Flaw.UNKNOWN_KEY)]


def test_what_is_opened_tells_neither_pharmacy_nor_hour(registry: Running) -> None:
    """They lie beside the identity, sealed, to tell repeated reports."""
    identity = hugo(registry)
    assert "act" not in opened(registry, nadia(registry, identity), identity)
    assert registry.ask("worker", SameActs([identity], [(0, 0)])) == [True]
