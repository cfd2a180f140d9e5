"""Finding somebody among the pharmacy's people by what one types at a counter."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.counter.world import patient

from sceau.core.report.model import Patient, Status
from sceau.counter.patients.directory import SHOWN, Directory
from sceau.counter.patients.entry import Entry

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HUGO = patient("LÉVÊQUE-DUPONT", "Hugo Marie", date(1985, 3, 12), phone="+33612345678")
INES = patient("Nœl", "Inès", date(1990, 12, 1), used_family="MARTIN", phone="+33198765432")
TWIN_A, TWIN_B = (patient("THÉVENOT", name, date(2001, 7, 4)) for name in ("Léa", "Léo"))


def card(who: Patient | None, *, status: Status = Status.FINAL, lineage: UUID | None = None) -> Entry:
    report = uuid4()
    return Entry(report, lineage or report, status, who)


@pytest.fixture
def people() -> Directory:
    directory = Directory()
    for nth, who in enumerate((HUGO, INES, TWIN_A, TWIN_B)):
        directory.add(card(who), NOW + timedelta(minutes=nth))
    return directory


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lev", [HUGO]),
        ("LEVEQUE", [HUGO]),
        ("dupont hu", [HUGO]),
        ("hugo lev", [HUGO]),
        ("leveqeu", [HUGO]),
        ("lévèque", [HUGO]),
        ("noel", [INES]),
        ("martin", [INES, HUGO]),  # then Marie, who is spelled alike
        ("12031985", [HUGO]),
        ("12/03/85", [HUGO]),
        ("5678", [HUGO]),
        ("lev 5678", [HUGO]),
        ("lev 5432", []),
        ("thev", [TWIN_B, TWIN_A]),
        ("thev lea", [TWIN_A]),
        ("zzz", []),
        ("", []),
        ("''; --", []),
    ],
)
def test_what_is_typed_finds(people: Directory, typed: str, found: list[Patient]) -> None:
    assert [one.patient for one in people.search(typed)] == found


def test_somebody_who_comes_again_is_one_person_with_what_was_told_last(people: Directory) -> None:
    moved = patient("Lévêque Dupont", "Hugo Marie", date(1985, 3, 12), phone="+33600000000")
    people.add(card(moved), NOW + timedelta(days=1))
    (person,) = people.search("leveque")
    assert (person.patient.phone, person.seen) == ("+33600000000", NOW + timedelta(days=1))


def test_a_card_that_comes_late_does_not_displace_a_later_one(people: Directory) -> None:
    people.add(card(patient("Lévêque Dupont", "Hugo Marie", date(1985, 3, 12))), NOW - timedelta(days=1))
    assert people.search("leveque")[0].patient == HUGO


def test_twins_are_offered_and_never_merged(people: Directory) -> None:
    assert {one.patient for one in people.alike("Thevenot", "Léa", date(2001, 7, 4))} == {TWIN_A, TWIN_B}
    assert people.alike("Thevenot", "Léa", date(2001, 7, 5)) == []


def test_a_card_taken_back_is_forgotten(people: Directory) -> None:
    one = card(patient("QUERZWYN", "Otto"))
    people.add(one, NOW)
    assert people.person(one.report)
    people.remove(one.report)
    assert (people.person(one.report), people.search("querzwyn")) == (None, [])


def test_a_cancellation_names_nobody_and_belongs_to_its_screening(people: Directory) -> None:
    first = card(patient("QUERZWYN", "Otto"))
    people.add(first, NOW)
    cancelled = card(None, status=Status.ENTERED_IN_ERROR, lineage=first.lineage)
    people.add(cancelled, NOW)
    assert people.statements(first.lineage) == {first.report, cancelled.report}


def test_no_more_are_shown_than_one_reads_at_a_glance() -> None:
    directory = Directory()
    for nth in range(3 * SHOWN):
        directory.add(card(patient("TESTARD", f"A{'b' * nth}")), NOW)
    assert len(directory.search("testard")) == SHOWN
