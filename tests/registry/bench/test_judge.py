"""What the bench makes of what arrived: each scenario with what passes it, and beside it what nearly does."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from sceau.core.report.model import Status
from sceau.registry.bench.enums import Fault, Kind
from sceau.registry.bench.judge import Seen, verdicts
from sceau.registry.bench.models import Arrival, Call
from sceau.registry.bench.scenarios import BEHAVIOURS, PERSONS, SCENARIOS

SOFTWARE, ENVELOPE = uuid4(), uuid4()
RSV = [["rsv", "72885-7", "260373001"]]
OTHER = [["covid-19", "94558-4", "260373001"]]


def results(name: str) -> list[list[str]]:
    """As the keyholder tells them."""
    return [["covid-19", code, result.value] for code, result in PERSONS[name].results]


def arrival(name: str, status: Status = Status.FINAL, *, lineage: UUID | None = None, **changes: object) -> Arrival:
    told = {"findings": results(name) if name else [], "named": bool(name), "envelope": ENVELOPE} | changes
    return Arrival(
        software_id=SOFTWARE, at=timezone.now(), report=uuid4(), lineage=lineage or uuid4(), status=status, scenario=name, **told
    )


def refused() -> Arrival:
    return Arrival(software_id=SOFTWARE, at=timezone.now(), envelope=ENVELOPE, status="refused", named=False, findings=[])


def call(kind: Kind, fault: str = "", *envelopes: UUID) -> Call:
    return Call(software_id=SOFTWARE, at=timezone.now(), kind=kind, fault=fault, envelopes=list(envelopes))


def passed(*arrivals: Arrival, calls: tuple[Call, ...] = ()) -> set[str]:
    return {name for name, right in verdicts(Seen(calls, arrivals)).items() if right}


def test_nothing_that_arrived_passes_nothing() -> None:
    assert passed() == set()
    assert set(verdicts(Seen((), ()))) == set(SCENARIOS)


@pytest.mark.parametrize("name", ["detected", "not-detected", "inconclusive", "multiplex", "duplicate"])
def test_a_final_report_passes_with_the_very_results_of_somebody_who_can_be_found(name: str) -> None:
    assert passed(arrival(name)) == {name}
    assert passed(arrival(name, findings=RSV, named=True)) == set()
    assert passed(arrival(name, named=False)) == set()
    assert passed(arrival(name, Status.CORRECTED)) == set()


def test_half_a_panel_is_no_panel() -> None:
    assert passed(arrival("multiplex", findings=results("multiplex")[:2])) == set()


def test_sent_twice_under_two_ids_is_two_reports() -> None:
    one = arrival("duplicate")
    again = arrival("duplicate", lineage=one.lineage)
    assert passed(one, again) == set()
    again.report = one.report
    assert passed(one, again) == {"duplicate"}


def test_a_correction_follows_another_result_of_the_same_test() -> None:
    first = arrival("corrected", findings=OTHER)
    right = arrival("corrected", Status.CORRECTED, lineage=first.lineage)
    assert passed(first, right) == {"corrected"}
    assert passed(right) == set()
    assert passed(arrival("corrected", lineage=first.lineage), right) == set()
    assert passed(first, arrival("corrected", Status.CORRECTED)) == set()


def test_a_cancellation_is_of_what_was_sent() -> None:
    first = arrival("cancelled")
    assert passed(first, arrival("", Status.ENTERED_IN_ERROR, lineage=first.lineage)) == {"cancelled"}
    assert passed(first, arrival("", Status.ENTERED_IN_ERROR)) == set()
    assert passed(first) == set()


def test_a_refusal_is_fetched_and_not_sent_on_and_on() -> None:
    asked = call(Kind.ASK, "", ENVELOPE)
    assert "out-of-scope" in passed(refused(), calls=(asked,))
    assert "out-of-scope" not in passed(refused())
    assert "out-of-scope" not in passed(refused(), refused(), refused(), calls=(asked,))


def test_of_who_refuses_the_facts_arrive_and_nobody_who_can_be_found() -> None:
    assert passed(arrival("", findings=RSV)) == {"consent-refused"}
    assert passed(arrival("", findings=RSV, named=True)) == set()


@pytest.mark.parametrize(
    ("fault", "name"),
    [(Fault.UNAVAILABLE, "outage"), (Fault.SUSPENDED, "suspended"), (Fault.DROPPED, "replay")],
)
def test_what_met_a_fault_comes_again_under_its_own_id_and_arrives(fault: Fault, name: str) -> None:
    met, again = call(Kind.SEND, fault, ENVELOPE), call(Kind.SEND, "", ENVELOPE)
    assert name in passed(arrival(""), calls=(met, again))
    assert name not in passed(arrival(""), calls=(met,))
    assert name not in passed(calls=(met, again))
    assert name not in passed(arrival(""), calls=(again, met))
    assert name not in passed(arrival(""), calls=(met, call(Kind.SEND, "", uuid4())))
    assert name not in passed(arrival(""), calls=(met, call(Kind.ASK, "", ENVELOPE)))


def test_every_envelope_that_arrived_is_asked_about() -> None:
    other = arrival("", envelope=uuid4())
    asked = call(Kind.ASK, "", ENVELOPE)
    assert "acknowledged" in passed(arrival(""), calls=(asked,))
    assert "acknowledged" not in passed(arrival(""), other, calls=(asked,))


def test_no_two_invented_persons_share_a_birth_date_or_a_name() -> None:
    people = PERSONS.values()
    for told in ({one.born for one in people}, {one.family for one in people}, {one.given for one in people}):
        assert len(told) == len(PERSONS)
    assert len(SCENARIOS) == len(PERSONS) + len(BEHAVIOURS)
