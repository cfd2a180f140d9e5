"""What an agent writes down about a case they opened: sealed for the case's day, under the rules by which they opened it."""

from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace
from tests.core.keyholder.test_ingest import OTHER_REPORT, report
from tests.core.keyholder.test_presence import enrolled, refusal, there
from tests.core.keyholder.test_reveal import TAKEN, for_, ingested, nadia, opened
from tests.core.keyholder.world import FARID, GAELLE, Running

from sceau.core.keyholder import exposed
from sceau.core.keyholder.agent_verbs import EnrolAgent, Noted, OpenNotes, SealContact, SealNote
from sceau.core.keyholder.exposed import Exposed
from sceau.core.keyholder.identity_verbs import Blind, Compare, Likeness
from sceau.core.keyholder.service_verbs import Retire
from sceau.core.keyholder.shapes import SealedAt
from sceau.core.keyholder.tracing import NOTE_LENGTH
from sceau.core.report.model import ScreeningReport, Sex
from sceau.demo.authenticator import Passkey

CONTACT, NOTE = UUID(int=7), UUID(int=8)
HUGO = Exposed(family="TESTARD", given=("Hugo",), phone="+33639980101")


@pytest.fixture
def regime() -> str:
    """One that traces."""
    return "demo"


@pytest.fixture
def case(registry: Running) -> SealedAt:
    return ingested(registry, report(taken=TAKEN))[0]


def written(case: SealedAt, token: bytes, contact: Exposed = HUGO) -> SealContact:
    return SealContact(token, case.report, CONTACT, case.department, case.day, exposed.encode(contact))


def sealed(registry: Running, case: SealedAt, contact: Exposed = HUGO) -> SealedAt:
    kept = registry.ask("web", written(case, nadia(registry, case), contact))
    return SealedAt(CONTACT, case.department, case.day, kept)


def test_a_contact_is_sealed_and_opened_with_a_touch_of_its_own(registry: Running, case: SealedAt) -> None:
    kept = sealed(registry, case)
    assert b"TESTARD" not in kept.sealed
    told = opened(registry, nadia(registry, kept), kept)
    assert (told["kind"], told["family"], told["birth_date"]) == ("contact", "TESTARD", None)
    assert refusal(registry, written(replace(case, report=OTHER_REPORT), nadia(registry, case))) == "not-allowed"


def test_only_an_agent_of_the_territory_who_opened_the_case_writes(registry: Running, case: SealedAt) -> None:
    abroad = nadia(registry, case, departments=("13",))
    assert refusal(registry, written(case, abroad)) == "not-allowed"
    assert refusal(registry, written(case, there(registry, FARID, for_(case)))) == "not-allowed"
    assert refusal(registry, written(case, bytes(32))) == "wrong"
    assert refusal(registry, written(case, nadia(registry, case))) == "answered"


def test_what_is_no_contact_is_refused(registry: Running, case: SealedAt) -> None:
    token = nadia(registry, case)
    for told in (b"{", b"{}", msgspec.json.encode({"kind": "contact", "family": " ", "given": ["Hugo"]})):
        assert refusal(registry, SealContact(token, case.report, CONTACT, case.department, case.day, told)) == "wrong"


def test_contacts_count_as_openings(registry: Running, case: SealedAt) -> None:
    token = nadia(registry, case)
    asked = [refusal(registry, written(case, token)) for _ in range(31)]
    assert asked == ["answered"] * 30 + ["metered"]


def test_no_contact_is_traced_under_a_regime_that_does_not(tmp_path: Path) -> None:
    with Running("registry", tmp_path).up("law") as registry:
        for member in (FARID, GAELLE):
            registry.ask("operator", EnrolAgent(member.record("authority", ()), []))
        (case,) = ingested(registry, report(taken=TAKEN))
        assert refusal(registry, written(case, nadia(registry, case))) == "not-allowed"


def test_a_contact_has_the_tokens_of_the_same_person_tested(registry: Running, case: SealedAt) -> None:
    known = replace(HUGO, birth_date=date(1987, 3, 14), sex=Sex.MALE, department="69")
    contact = sealed(registry, case, known)
    (of_case, *_), (of_contact, *_) = registry.ask("worker", Blind([case, contact]))
    assert of_case.given_born == of_contact.given_born
    assert of_case.born_department == of_contact.born_department
    assert of_contact.ins is None


def test_one_row_moved_elsewhere_leaves_the_others_their_tokens(registry: Running, case: SealedAt) -> None:
    answers = registry.ask("worker", Blind([replace(case, report=OTHER_REPORT), case]))
    assert [bool(tokens) for tokens in answers] == [False, True]


def test_a_name_and_a_telephone_without_birth_date_are_a_doubt(registry: Running, case: SealedAt) -> None:
    """The control: with the birth date they are one."""
    phoned = ingested(registry, _with_phone())[0]
    unsure = sealed(registry, case, HUGO)
    sure = sealed(registry, case, replace(HUGO, birth_date=date(1987, 3, 14), sex=Sex.MALE))
    assert registry.ask("worker", Compare([phoned, unsure], [(0, 1)])) == [Likeness.DOUBTFUL]
    assert registry.ask("worker", Compare([phoned, sure], [(0, 1)])) == [Likeness.SAME]


def _with_phone() -> ScreeningReport:
    one = report(OTHER_REPORT, taken=TAKEN)
    assert one.screening is not None
    patient = replace(one.screening.patient, phone="+33639980101")
    return replace(one, screening=replace(one.screening, patient=patient))


def test_a_note_is_read_by_whoever_opened_the_case_and_at_its_place(registry: Running, case: SealedAt) -> None:
    at, token = Noted(NOTE, case.report, case.department, case.day), nadia(registry, case)
    kept = registry.ask("web", SealNote(token, at, "rappeler après 18 h"))
    assert b"rappeler" not in kept
    assert registry.ask("web", OpenNotes(token, [(at, kept)])) == ["rappeler après 18 h"]
    assert refusal(registry, OpenNotes(token, [(replace(at, id=CONTACT), kept)])) == "wrong"
    assert refusal(registry, OpenNotes(token, [(replace(at, case=OTHER_REPORT), kept)])) == "not-allowed"
    assert refusal(registry, SealNote(token, replace(at, case=OTHER_REPORT), "x")) == "not-allowed"
    assert refusal(registry, SealNote(token, at, "x" * (NOTE_LENGTH + 1))) == "wrong"


def test_contacts_and_notes_end_with_the_day_of_their_case(registry: Running, case: SealedAt) -> None:
    contact, at = sealed(registry, case), Noted(NOTE, case.report, case.department, case.day)
    kept = registry.ask("web", SealNote(nadia(registry, case), at, "x"))
    registry.clock.later(days=94)
    registry.ask("worker", Retire(registry.clock().date()))
    assert refusal(registry, OpenNotes(nadia(registry, case), [(at, kept)])) == "destroyed"
    assert registry.ask("worker", Blind([contact])) == [()]


def test_nobodys_name_is_in_the_journal(registry: Running, case: SealedAt) -> None:
    passkey = Passkey("driss")
    enrolled(registry, passkey, "agent", ("69",))
    registry.ask("web", written(case, there(registry, passkey, for_(case))))
    told = (registry.state / "journal.jsonl").read_text()
    assert f'"agent":"driss","report":"{case.report}","contact":"{CONTACT}"' in told
    assert "TESTARD" not in told
